import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

import type { Finding } from "../lint/rule.ts";
import { RULES } from "../lint/rules.ts";
import { EXIT } from "./exit-codes.ts";
import { exitCodeOfReport } from "./lint/exit-code.ts";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));

// Each test starts a process, on a machine that may have better things to do.
vi.setConfig({ testTimeout: 60_000 });

const SITE = `name: shop
siteContainers:
  - name: main
    properties: { image: shop/main:1, isMain: true, targetPort: 9000 }
appSettings: { WEBSITES_PORT: 9000 }
`;
const WARNED = ["SC009", "SC015"];

let directory = "";

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "sitecar-lint-"));
  await writeFile(join(directory, "sitecar.yaml"), SITE);
  await writeFile(join(directory, "broken.yaml"), SITE.replace("9000", "99999"));
  await writeFile(
    join(directory, "quiet.yaml"),
    SITE.replace("9000", "8080").replace("WEBSITES_PORT: 9000", ""),
  );
  await writeFile(
    join(directory, "batch.yaml"),
    'apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata: { name: batch }\nspec:\n  type: bindings.cron\n  version: v1\n  metadata:\n    - { name: schedule, value: "@every 10s" }\n    - { name: direction, value: input }\n',
  );
});

afterAll(() => rm(directory, { recursive: true, force: true }));

function lint(...args: readonly string[]) {
  return execa(process.execPath, [MAIN, "lint", ...args], {
    cwd: directory,
    reject: false,
    env: { NO_COLOR: "1" },
  });
}

async function rulesFound(...args: readonly string[]): Promise<string[]> {
  const { stdout } = await lint("--format", "json", ...args);
  return (JSON.parse(stdout) as { findings: { rule: string }[] }).findings.map(({ rule }) => rule);
}

describe("sitecar lint", () => {
  it("looks at the folder it is called in; warnings end with 0", async () => {
    const { stdout, stderr, exitCode } = await lint();
    expect(stdout).toMatch(/^sitecar\.yaml:4:65 {2}warning {2}SC015 {2}.*\n.*\n +\^\n {2}Fix: /);
    expect(stdout).toContain("\n\n2 warnings in 1 file.");
    expect(stderr).toBe("");
    expect(exitCode).toBe(EXIT.held);
  });

  it.each([
    ["an error", ["broken.yaml"], EXIT.broken],
    ["more warnings than may be", ["--max-warnings", "1"], EXIT.broken],
    ["as many warnings as may be", ["--max-warnings", "2"], EXIT.held],
    ["warnings that are left out", ["--max-warnings", "0", "--severity", "error"], EXIT.held],
    ["an unknown rule", ["--disable", "SC999"], EXIT.usage],
    ["a number that is none", ["--max-warnings", "-1"], EXIT.usage],
    ["an unknown format", ["--format", "xml"], EXIT.usage],
    ["a file that is not there", ["none.yaml"], EXIT.usage],
    ["a report that can't be written", ["--output", "none/report.txt"], EXIT.usage],
  ])("ends with the right code for %s", async (_, args, code) => {
    expect((await lint(...args)).exitCode).toBe(code);
  });

  it("leaves rules out, and takes only some", async () => {
    expect(await rulesFound()).toEqual(WARNED.toReversed());
    expect(await rulesFound("--disable", "sc015")).toEqual(["SC009"]);
    expect(await rulesFound("--rule", "SC015,SC012")).toEqual(["SC015"]);
  });

  it("takes component files with a site and alone", async () => {
    const both = await lint("quiet.yaml", "batch.yaml", "--format", "json");
    expect(both.exitCode).toBe(EXIT.held);
    const alone = await lint("batch.yaml", "--format", "json", "--rule", "SC015");
    expect(JSON.parse(alone.stdout)).toMatchObject({ findings: [] });
  });

  it("writes a report into a file, and nothing else", async () => {
    const { stdout, exitCode } = await lint("--format", "sarif", "--output", "report.sarif");
    expect(stdout).toBe("");
    expect(exitCode).toBe(EXIT.held);
    const log: unknown = JSON.parse(await readFile(join(directory, "report.sarif"), "utf8"));
    expect(log).toMatchObject({
      version: "2.1.0",
      runs: [{ results: [{ ruleId: "SC015" }, { ruleId: "SC009" }] }],
    });
  });

  it("lists and explains its rules", async () => {
    const list = await lint("--list-rules");
    expect(list.stdout.split("\n")).toHaveLength(RULES.length + 1);
    const { stdout } = await lint("--explain", "SC012");
    expect(stdout).toMatch(
      /^SC012 literal-in-environment-variables \(error\)\n[^]*Why: [^]*Fix: [^]*Source: A1\.8/,
    );
  });
});

const finding = (severity: Finding["severity"]): Finding => ({
  rule: "SC001",
  severity,
  place: { file: "/a", line: 1, column: 1, lineText: "" },
  message: "m",
  remedy: "r",
});

describe("the exit code of a report", () => {
  it("is a fault's, whatever was found", () => {
    const faults = [{ rule: "SC002", message: "x" }];
    expect(exitCodeOfReport({ findings: [], faults, rules: [] })).toBe(EXIT.unknown);
    expect(exitCodeOfReport({ findings: [finding("error")], faults, rules: [] })).toBe(EXIT.unknown);
  });

  it("is the gravest finding's", () => {
    expect(exitCodeOfReport({ findings: [finding("note")], faults: [], rules: [] }, 0)).toBe(EXIT.held);
    expect(exitCodeOfReport({ findings: [finding("warning")], faults: [], rules: [] })).toBe(EXIT.held);
    expect(
      exitCodeOfReport({ findings: [finding("warning"), finding("error")], faults: [], rules: [] }),
    ).toBe(EXIT.broken);
  });
});
