import { readFile } from "node:fs/promises";
import path from "node:path";

import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";

import type { LintReport } from "../lint.ts";
import { lint } from "../lint.ts";
import { RULES } from "../rules.ts";
import { contextOf } from "../test-support/context-of.ts";
import { formatReport, LINT_FORMATS } from "./format.ts";

const SITE = `siteContainers:
  - name: main
    properties: { image: shop/main:1, isMain: true, targetPort: 9000 }
  - name: side_car
    properties: { image: shop/side:1, targetPort: "9000" }
appSettings: { DB_PASSWORD: correct-horse, PORT: 9000 }
`;

const REPORT = lint(contextOf(SITE));
const FAULTY: LintReport = { ...REPORT, faults: [{ rule: "SC006", message: "x is undefined" }] };
const EMPTY: LintReport = { findings: [], faults: [], rules: RULES };

let isSarif: (log: unknown) => string[];

beforeAll(async () => {
  // The schema as Microsoft's SARIF SDK publishes it (MIT).
  const file = path.join(import.meta.dirname, "test-support", "sarif-schema-2.1.0.json");
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  addFormats.default(ajv);
  const validate = ajv.compile(JSON.parse(await readFile(file, "utf8")) as object);
  isSarif = (log) => (validate(log) ? [] : (validate.errors ?? []).map((error) => JSON.stringify(error)));
});

function printsOf(text: string): unknown[] {
  const log = JSON.parse(formatReport(lint(contextOf(text)), "sarif", "/site")) as {
    runs: [{ results: { partialFingerprints: unknown }[] }];
  };
  return log.runs[0].results.map(({ partialFingerprints }) => partialFingerprints);
}

describe("text", () => {
  it("shows each finding with its line, a caret and the remedy", () => {
    const [first, ...others] = formatReport(REPORT, "text", "/site").split("\n\n");
    expect(first).toBe(
      [
        'sitecar.yaml:3:65  warning  SC015  "main" listens on 9000; only 80 and 8080 are documented for main.',
        "  …: { image: shop/main:1, isMain: true, targetPort: 9000 }",
        "                                                     ^",
        "  Fix: Let it listen on 80 or 8080, or see on Azure that this port is honoured.",
      ].join("\n"),
    );
    expect(others.at(-1)).toBe("2 errors, 3 warnings in 1 file.");
  });

  it("says that nothing was found, and whose fault a fault is", () => {
    expect(formatReport(EMPTY, "text", "/")).toBe("Nothing found.");
    expect(formatReport(FAULTY, "text", "/site")).toContain(
      "SC006  failed, which is sitecar's fault: x is undefined",
    );
  });

  it("gives a terminal nothing to obey", () => {
    const [finding] = REPORT.findings;
    if (finding === undefined) throw new TypeError("no finding");
    const evil = {
      ...finding,
      message: "a\u001B[2Jb\u202Ec",
      remedy: "r\u0007",
      place: { ...finding.place, lineText: "\u001B]0;x" },
    };
    const text = formatReport({ ...REPORT, findings: [evil] }, "text", "/");
    expect(["\u001B", "\u0007", "\u202E"].filter((character) => text.includes(character))).toEqual([]);
  });
});

describe("json", () => {
  it("is one document with the rule's name and relative paths", () => {
    expect(JSON.parse(formatReport(REPORT, "json", "/site"))).toMatchObject({
      version: 1,
      counts: { error: 2, warning: 3, note: 0 },
      findings: [
        { rule: "SC015", name: "main-port", severity: "warning", file: "sitecar.yaml", line: 3, column: 65 },
        {},
        {},
        {},
        {},
      ],
      faults: [],
    });
  });
});

describe("github", () => {
  it("writes one command a finding, escaped", () => {
    const lines = formatReport(FAULTY, "github", "/site").split("\n");
    expect(lines).toHaveLength(REPORT.findings.length + 1);
    expect(lines[0]).toBe(
      '::warning file=sitecar.yaml,line=3,col=65,title=SC015 main-port::"main" listens on 9000; only 80 and 8080 are documented for main. Fix: Let it listen on 80 or 8080, or see on Azure that this port is honoured.',
    );
    expect(lines.at(-1)).toBe("::error title=sitecar failed in SC006::The rule failed: x is undefined");
    const [finding] = REPORT.findings;
    if (finding === undefined) throw new TypeError("no finding");
    const odd = {
      ...finding,
      message: "50%\r\na:b,c",
      place: { ...finding.place, file: "/site/a,b:c%.yaml" },
    };
    expect(formatReport({ ...REPORT, findings: [odd] }, "github", "/site")).toMatch(
      /^::warning file=a%2Cb%3Ac%25\.yaml,line=3,col=65,title=SC015 main-port::50%25%0D%0Aa:b,c Fix: /,
    );
  });

  it("writes nothing for nothing", () => {
    expect(formatReport(EMPTY, "github", "/")).toBe("");
  });
});

describe("sarif", () => {
  it.each([
    ["findings", REPORT],
    ["faults", FAULTY],
    ["nothing", EMPTY],
  ])("follows the schema with %s", (_, report) => {
    expect(isSarif(JSON.parse(formatReport(report, "sarif", "/site")))).toEqual([]);
  });

  it("is refused by the schema when it is wrong", () => {
    const log = formatReport(REPORT, "sarif", "/site").replace('"startLine": 3', '"startLine": 0');
    expect(isSarif(JSON.parse(log))).not.toEqual([]);
  });

  it("has every rule, and results that point at them", () => {
    const log = JSON.parse(formatReport(FAULTY, "sarif", "/site")) as {
      runs: [
        {
          tool: { driver: { rules: { id: string }[] } };
          invocations: unknown[];
          results: {
            ruleId: string;
            ruleIndex: number;
            locations: unknown[];
            partialFingerprints: Record<string, string>;
          }[];
        },
      ];
    };
    const [{ tool, results, invocations }] = log.runs;
    expect(tool.driver.rules.map(({ id }) => id)).toEqual(RULES.map(({ id }) => id));
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
    expect(results[0]?.locations).toEqual([
      {
        physicalLocation: {
          artifactLocation: { uri: "sitecar.yaml", uriBaseId: "%SRCROOT%" },
          region: { startLine: 3, startColumn: 65, snippet: { text: SITE.split("\n")[2] } },
        },
      },
    ]);
    expect(invocations).toMatchObject([
      { executionSuccessful: false, toolExecutionNotifications: [{ associatedRule: { id: "SC006" } }] },
    ]);
    const prints = results.map(({ partialFingerprints }) => partialFingerprints["sitecarFinding/v1"]);
    expect(new Set(prints).size).toBe(results.length);
  });

  it("keeps fingerprints when lines are added above", () => {
    expect(printsOf(`# one\n# two\n${SITE}`)).toEqual(printsOf(SITE));
    expect(printsOf(SITE)).not.toEqual(printsOf(SITE.replaceAll("9000", "9001")));
  });

  // Each try holds a whole log against the schema: generous, for a machine that is busy with containers.
  it("follows the schema whatever a file's name, line and message are", { timeout: 60_000 }, () => {
    // A few rules: the schema looks at each of them each time.
    const rules = RULES.slice(0, 3);
    const place = fc.record({
      file: fc.string({ unit: "binary" }).map((name) => `/site/${name}`),
      line: fc.integer({ min: 1 }),
      column: fc.integer({ min: 1 }),
      lineText: fc.string({ unit: "binary" }),
    });
    const finding = fc.record({
      rule: fc.constantFrom(...rules.map(({ id }) => id)),
      severity: fc.constantFrom("error" as const, "warning" as const, "note" as const),
      place,
      message: fc.string({ unit: "binary" }),
      remedy: fc.string({ unit: "binary" }),
    });
    fc.assert(
      fc.property(fc.array(finding, { maxLength: 3 }), (findings) => {
        expect(isSarif(JSON.parse(formatReport({ ...EMPTY, rules, findings }, "sarif", "/site")))).toEqual(
          [],
        );
        expect(formatReport({ ...EMPTY, rules, findings }, "github", "/site").split("\n")).toHaveLength(
          Math.max(1, findings.length),
        );
      }),
    );
  });
});

describe("every format", () => {
  it.each(LINT_FORMATS)("%s is the same each time, and has no secret of the site", (format) => {
    const text = formatReport(REPORT, format, "/site");
    expect(formatReport(lint(contextOf(SITE)), format, "/site")).toBe(text);
    expect(REPORT.findings.map(({ rule }) => rule)).toContain("SC016");
    expect(text).not.toContain("correct-horse");
  });
});
