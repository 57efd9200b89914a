import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { lintedComponentFile } from "../read-components.ts";
import type { LintContext } from "../rule.ts";
import { DAPR_RULES } from "./rules.ts";
import { contextOf, findingsOf } from "./test-support/findings-of.ts";

const FIXTURES = path.join(import.meta.dirname, "../../../fixtures/lint/dapr");

function allFindings(context: LintContext): string[] {
  return DAPR_RULES.flatMap((rule) =>
    [...rule.check(context)].map(
      ({ place, severity }) =>
        `${place.line}:${place.column} ${severity ?? rule.severity} ${rule.id} ${rule.name}`,
    ),
  );
}

/** A fixture says in comments what is found in the line below, for example `# expect: warning SC132 …`. */
function expectedOf(text: string): string[] {
  const lines = text.split("\n");
  return lines.flatMap((line, index) => {
    const found = /^\s*# expect: (?<finding>.+)$/.exec(line)?.groups?.["finding"];
    if (found === undefined) return [];
    const below = lines.findIndex((other, at) => at > index && !/^\s*#/.test(other));
    return [`${below + 1} ${found}`];
  });
}

describe("the list", () => {
  test("has ids of component files in their order, each once, and each rule in the list", () => {
    const ids = DAPR_RULES.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].toSorted());
    expect(ids.every((id) => /^SC1\d\d$/.test(id))).toBe(true);
    const files = readdirSync(import.meta.dirname);
    expect(DAPR_RULES.map(({ name }) => `${name}.ts`).filter((file) => !files.includes(file))).toEqual([]);
  });

  test.each(DAPR_RULES.filter(({ example }) => example !== undefined))(
    "$id $name finds its example",
    (rule) => {
      expect(findingsOf(rule, rule.example ?? "")).not.toEqual([]);
    },
  );

  test.each(DAPR_RULES)("$id $name reads well", ({ title, reason, source, remedy }) => {
    expect(title).toMatch(/^[A-Za-z].*\.$/);
    expect(title.length).toBeLessThan(120);
    expect(reason).toMatch(/\.$/);
    expect(source).not.toBe("");
    expect(remedy).toMatch(/^[A-Z].*\.$/);
  });
});

describe("components as they are deployed", () => {
  const names = readdirSync(FIXTURES).toSorted();

  test("there are a dozen and more", () => {
    expect(names.length).toBeGreaterThanOrEqual(12);
  });

  test.each(names)("%s: exactly what its comments say", (name) => {
    const text = readFileSync(path.join(FIXTURES, name), "utf8");
    const found = allFindings(contextOf({ [name]: text }));
    expect(found.map((finding) => finding.replace(/^(\d+):\d+/, "$1")).toSorted()).toEqual(
      expectedOf(text).toSorted(),
    );
  });

  test.each(["batch.yaml", "blob.yaml"])("the example's %s", (name) => {
    const text = readFileSync(path.join(FIXTURES, "../../components", name), "utf8");
    const expected = { "batch.yaml": [], "blob.yaml": ["6:9 warning SC151 init-timeout-short"] };
    expect(allFindings(contextOf({ [name]: text }))).toEqual(expected[name as keyof typeof expected]);
  });
});

/** The findings that are not in order: a place in the file, a sentence, a remedy. */
function faultyFindings(bytes: Uint8Array): string[] {
  const context = { site: undefined, components: [lintedComponentFile("/c/x.yaml", bytes, "/c")] };
  return DAPR_RULES.flatMap((rule) => [...rule.check(context)])
    .filter(({ place, message, remedy }) => place.line < 1 || !message.endsWith(".") || !remedy.endsWith("."))
    .map(({ message, remedy }) => `${message} ${remedy}`);
}

describe("any text", () => {
  const fixtures = readdirSync(FIXTURES).map((name) => readFileSync(path.join(FIXTURES, name), "utf8"));
  const valid = fc.constantFrom(...fixtures, ...DAPR_RULES.flatMap(({ example }) => example ?? []));
  const piece = fc.constantFrom(
    ":",
    "- ",
    "\n",
    "\n---\n",
    "\n--- ",
    "\t",
    "{",
    "}",
    "[",
    "]",
    "&a ",
    "*a",
    "<<: *a",
    "!!binary ",
    "|\n",
    "? ",
    "\0",
    "'",
    '"',
    "name:",
    "value:",
    "metadata:",
    "metadata: x",
    "null",
    "~",
    "0x",
    "9".repeat(30),
    "__proto__: {}",
    "constructor: ",
    "- [[[[",
    "spec:",
    "...\n",
  );
  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    drop: fc.nat({ max: 30 }),
    put: piece,
  });
  const mutated = fc.tuple(valid, fc.array(edit, { minLength: 1, maxLength: 6 })).map(([text, edits]) =>
    edits.reduce((rest, { at, drop, put }) => {
      const from = Math.floor(at * rest.length);
      return rest.slice(0, from) + put + rest.slice(from + drop);
    }, text),
  );

  // Hundreds of files by all rules take their time on a machine that is busy with containers.
  test("that was a component once is no crash", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(mutated, (text) => {
        expect(faultyFindings(Buffer.from(text))).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  test("at all is no crash", () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.string().map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(bytes, (text) => {
        expect(faultyFindings(text)).toEqual([]);
      }),
    );
  });
});
