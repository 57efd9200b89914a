import { describe, expect, it } from "vitest";

import { lint } from "./lint.ts";
import type { Rule, RuleFinding } from "./rule.ts";
import { RULES } from "./rules.ts";
import { contextOf } from "./test-support/context-of.ts";
import { CRON_COMPONENT } from "./test-support/cron-component.ts";

const at = (line: number, column = 1, lineText = "", file = "/site/sitecar.yaml"): RuleFinding => ({
  place: { file, line, column, lineText },
  message: `found in ${line}:${column}.`,
  remedy: "Mend it.",
});

function rule(id: number, check: Rule["check"], more: Partial<Rule> = {}): Rule {
  return {
    id: `SC${id}`,
    name: "test",
    severity: "warning",
    title: "T.",
    reason: "R.",
    source: "A1.1",
    check,
    ...more,
  };
}

const EMPTY = contextOf("appSettings: {}");

describe("lint", () => {
  it("orders by file, line, column and rule, says each once, and gives the rule's severity", () => {
    const rules = [
      rule(902, () => [at(2), at(1, 5), at(1, 5), { ...at(1, 1, "", "/a"), severity: "note" }]),
      rule(901, () => [at(2), at(10)]),
    ];
    const { findings, faults } = lint(EMPTY, { rules });
    expect(faults).toEqual([]);
    expect(
      findings.map(
        ({ rule: id, severity, place }) => `${id} ${severity} ${place.file} ${place.line}:${place.column}`,
      ),
    ).toEqual([
      "SC902 note /a 1:1",
      "SC902 warning /site/sitecar.yaml 1:5",
      "SC901 warning /site/sitecar.yaml 2:1",
      "SC902 warning /site/sitecar.yaml 2:1",
      "SC901 warning /site/sitecar.yaml 10:1",
    ]);
  });

  it("goes on when a rule fails, and tells of it", () => {
    const rules = [
      rule(901, () => {
        throw new TypeError("x is undefined");
      }),
      rule(902, function* () {
        yield at(1);
        throw new RangeError("later");
      }),
      rule(903, () => [at(2)]),
    ];
    expect(lint(EMPTY, { rules })).toMatchObject({
      findings: [{ rule: "SC903" }],
      faults: [
        { rule: "SC901", message: "x is undefined" },
        { rule: "SC902", message: "later" },
      ],
    });
  });

  it("leaves out rules and what is less grave", () => {
    const rules = [rule(901, () => [at(1), { ...at(2), severity: "error" }]), rule(902, () => [at(3)])];
    const lines = (options: Parameters<typeof lint>[1]): number[] =>
      lint(EMPTY, { rules, ...options }).findings.map(({ place }) => place.line);
    expect(lines({})).toEqual([1, 2, 3]);
    expect(lines({ disable: ["SC901"] })).toEqual([3]);
    expect(lines({ severity: "error" })).toEqual([2]);
  });
});

const problem = (line: number, id?: string) => ({ ...at(line), ...(id === undefined ? {} : { rule: id }) });

const loaded = (...problems: readonly ReturnType<typeof problem>[]) =>
  contextOf("appSettings: {}", { problems });

describe("what reading complained of", () => {
  it("is a finding of the rule that it names, else of SC001", () => {
    const { findings } = lint(loaded(problem(1), problem(2, "SC005"), problem(3, "SC999")));
    expect(findings.map(({ rule: id, severity, place }) => `${id} ${severity} ${place.line}`)).toEqual([
      "SC001 error 1",
      "SC005 error 2",
      "SC001 error 3",
    ]);
  });

  it("is dropped where the rule says it better", () => {
    const rules = [rule(901, () => [at(1)]), rule(902, () => [], { complete: true }), rule(903, () => [])];
    const { findings } = lint(
      loaded(problem(1, "SC901"), problem(5, "SC901"), problem(6, "SC902"), problem(7, "SC903")),
      { rules },
    );
    expect(findings.map(({ rule: id, place }) => `${id} ${place.line}`)).toEqual([
      "SC901 1",
      "SC901 5",
      "SC903 7",
    ]);
  });

  it("is left out with its rule", () => {
    expect(lint(loaded(problem(1), problem(2, "SC005")), { disable: ["SC005"] }).findings).toHaveLength(1);
    expect(lint(loaded(problem(2, "SC005")), { rules: RULES, disable: ["SC001", "SC005"] }).findings).toEqual(
      [],
    );
  });
});

const foundInComponent = (text: string): number =>
  lint(contextOf("{}", { components: { "a.yaml": text } }), {
    rules: [rule(901, ({ components }) => components.map(({ file }) => at(1, 1, "", file.path)))],
  }).findings.length;

describe("suppressions", () => {
  const rules = [
    rule(901, ({ site }) => [1, 2, 3, 4].map((line) => at(line, 1, "", site?.files[0]))),
    rule(902, () => [at(2)]),
  ];
  const lines = (text: string, name = "sitecar.yaml"): string[] =>
    lint(contextOf(text, { name }), { rules }).findings.map(({ rule: id, place }) => `${id}:${place.line}`);

  it("hold for a line, for the next line, and for a file", () => {
    expect(lines("a: 1\nb: 2 # sitecar-disable SC901 known\nc: 3\nd: 4")).toEqual([
      "SC901:1",
      "SC902:2",
      "SC901:3",
      "SC901:4",
    ]);
    expect(lines("a: 1\n  # sitecar-disable SC901, SC902\nc: 3\nd: 4")).toEqual([
      "SC901:1",
      "SC901:2",
      "SC902:2",
      "SC901:4",
    ]);
    expect(lines("# sitecar-disable-file SC901\nb: 2\nc: 3\nd: 4")).toEqual(["SC902:2"]);
  });

  it("name their rules, and are none in JSON", () => {
    expect(lines("# sitecar-disable\n# sitecar-disable all\nc: 3\nd: 4")).toHaveLength(5);
    expect(lines('{ "a": "# sitecar-disable-file SC901" }', "sitecar.json")).toHaveLength(5);
  });

  it("hold in component files", () => {
    expect(foundInComponent(CRON_COMPONENT)).toBe(1);
    expect(foundInComponent(`# sitecar-disable-file SC901\n${CRON_COMPONENT}`)).toBe(0);
  });
});

describe("secrets", () => {
  const line = '  DB: "correct-horse", X: y';

  it("are masked in line, message and remedy, columns kept", () => {
    const context = contextOf("appSettings: { DB_PASSWORD: correct-horse }\nsiteContainers: []");
    const rules = [
      rule(901, () => [
        { ...at(1, 24, line), message: "has correct-horse.", remedy: "Remove correct-horse." },
      ]),
    ];
    const [finding] = lint(context, { rules }).findings;
    expect(finding).toMatchObject({ message: "has ***.", remedy: "Remove ***.", place: { column: 24 } });
    expect(finding?.place.lineText).toBe('  DB: "*************", X: y');
  });

  it("of components, connection strings, pulls and local answers are masked, too", () => {
    const component = CRON_COMPONENT.replace(
      "name: route\n      value: /.internal/batch",
      "name: apiToken\n      value: correct-horse",
    );
    for (const [text, components] of [
      ["{}", { "a.yaml": component }],
      ["connectionStrings: [{ name: A, type: Custom, value: correct-horse }]", {}],
      ["keyVaultSecrets: { a/b: correct-horse }", {}],
      ["siteContainers: [{ name: a, properties: { image: a, passwordSecret: correct-horse } }]", {}],
    ] as const) {
      const [finding] = lint(contextOf(text, { components }), {
        rules: [rule(901, () => [at(1, 1, line)])],
      }).findings;
      expect(finding?.place.lineText).toBe('  DB: "*************", X: y');
    }
  });

  it("hide nothing else of the file", () => {
    const context = contextOf(
      "appSettings: { USE_TOKEN: true, KEY_COUNT: 8080, B_TOKEN: '@Microsoft.KeyVault(VaultName=a;SecretName=b)', P_PASSWORD: x }",
    );
    const text = "true 8080 x @Microsoft.KeyVault(VaultName=a;SecretName=b)";
    expect(lint(context, { rules: [rule(901, () => [at(1, 1, text)])] }).findings).toMatchObject([
      { place: { lineText: text } },
    ]);
  });
});
