import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { SitecarError } from "../../errors/index.ts";
import { Problems } from "../problems.ts";
import { SourceFile } from "../source-file.ts";
import { evaluateTemplate } from "./evaluate-template.ts";
import { siteFromTemplate } from "./site-from-template.ts";
import { evaluate, fixture, plainOf, templateOf, valueOf } from "./test-support/evaluate.ts";

const NAMES = ["plain", "modules", "loops", "symbolic"] as const;
const supplied = { databasePassword: "x", prefix: "shop", siteName: "shop" };
const FIXTURES: readonly unknown[] = NAMES.map((name) => fixture(name).document.toJS());

/** Every path to a value inside. */
function pathsOf(value: unknown, prefix: string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [prefix];
  return [prefix, ...Object.entries(value).flatMap(([key, child]) => pathsOf(child, [...prefix, key]))];
}

function replaceAt(value: unknown, [key, ...rest]: string[], replacement: unknown): unknown {
  if (key === undefined) return replacement;
  if (Array.isArray(value)) {
    return value.map((item, index) => (String(index) === key ? replaceAt(item, rest, replacement) : item));
  }
  const record = value as Record<string, unknown>;
  return { ...record, [key]: replaceAt(record[key], rest, replacement) };
}

/** All that an evaluation says, or the code it ended with; anything but a SitecarError is a fault and thrown. */
function outcomeOf(text: string): string {
  try {
    const problems = new Problems();
    const evaluation = evaluateTemplate(SourceFile.parse("main.json", text), problems, { supplied });
    siteFromTemplate(evaluation);
    const resources = evaluation.resources.map(({ type, name, value }) => [type, name, plainOf(value)]);
    problems.throwIfAny();
    return JSON.stringify([resources, evaluation.unevaluable]);
  } catch (error) {
    if (error instanceof SitecarError && error.remedy !== "") return error.message;
    throw error;
  }
}

const expressions = fc.constantFrom(
  "[parameters('siteName')]",
  "[variables('x')]",
  "[concat('a', 1)]",
  "[copyIndex()]",
  "[reference('web')]",
  "[reference('web', '1', 'full')]",
  "[resourceGroup()]",
  "[resourceGroup().id]",
  "[deployment()]",
  "[listKeys('x', '1')]",
  "[range(0, 10000)]",
  "[json('{\"__proto__\": 1}')]",
  "[",
  "[]",
  "[[]",
  "[a(",
  "__proto__",
  "constructor",
  "inner",
  "Microsoft.Resources/deployments",
  "Microsoft.Web/sites",
);

// Hundreds of templates each: generous, for a machine that is busy with containers.
describe("evaluateTemplate", { timeout: 60_000 }, () => {
  it("never fails but by problems, and always says the same, when any value is replaced by any other", () => {
    const where = fc.constantFrom(
      ...FIXTURES.flatMap((template, index) => pathsOf(template).map((path) => ({ index, path }))),
    );
    const replacement = fc.oneof(
      fc.jsonValue(),
      expressions,
      fc.dictionary(expressions, fc.oneof(fc.jsonValue(), expressions)),
    );
    fc.assert(
      fc.property(where, replacement, ({ index, path }, value) => {
        const text = JSON.stringify(replaceAt(FIXTURES[index], path, value), undefined, 1);
        expect(outcomeOf(text)).toBe(outcomeOf(text));
      }),
      { numRuns: 250 },
    );
  });

  it("never fails but by problems when an expression is any text", () => {
    const piece = fc.constantFrom(
      "concat",
      "parameters",
      "if",
      "map",
      "lambda",
      "(",
      ")",
      ",",
      ".",
      "[",
      "]",
      "'",
      "'a'",
      "1",
      "-1",
      ".?",
      "[?",
      " ",
      "_",
      "reference",
      "resourceId",
      "format",
    );
    const text = fc.oneof(
      fc.array(piece, { maxLength: 15 }).map((parts) => parts.join("")),
      fc.string({ unit: "binary" }),
    );
    fc.assert(
      fc.property(text, (expression) => {
        expect(() => valueOf(`[${expression}]`)).not.toThrow();
      }),
      { numRuns: 500 },
    );
  });

  it("gives a literal template back as it is", () => {
    const literal = fc
      .jsonValue({ noUnicodeString: false })
      .filter((value) => !/"\[|"copy":|\\u0000/i.test(JSON.stringify(value)));
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string().filter((key) => !/^\[|^copy$/i.test(key)),
          literal,
        ),
        (properties) => {
          const evaluation = evaluate(templateOf({ resources: [{ type: "A.B/c", name: "x", properties }] }));
          expect(evaluation.failure).toBe("");
          const value = evaluation.resources[0]?.properties;
          expect(value === undefined ? undefined : JSON.stringify(plainOf(value))).toBe(
            JSON.stringify(properties),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  it("gives any text back that is escaped as Bicep escapes it", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }).filter((text) => text.isWellFormed() && !text.includes("\0")),
        (text) => {
          const escaped = text.startsWith("[") && text.endsWith("]") ? `[${text}` : text;
          expect(valueOf(escaped)).toBe(text);
          expect(valueOf(`[concat('${text.replaceAll("'", "''")}', '')]`)).toBe(text);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("keeps keys such as __proto__ as keys, and changes no object but its own", () => {
    const text =
      '{ "__proto__": { "polluted": "[concat(\'a\', \'b\')]" }, "constructor": { "prototype": { "polluted": 1 } } }';
    const template = `{ "resources": [{ "type": "A.B/c", "name": "x", "properties": ${text} }], "variables": ${text} }`;
    const { resources } = evaluate(SourceFile.parse("main.json", template));
    const read = resources[0]?.properties?.entries().map(({ key, value }) => [key, plainOf(value)]);
    expect(read).toEqual([
      ["__proto__", { polluted: "ab" }],
      ["constructor", { prototype: { polluted: 1 } }],
    ]);
    expect("polluted" in {}).toBe(false);
    expect(valueOf("[createObject('__proto__', createObject('polluted', 1)).__proto__.polluted]")).toBe(1);
    expect(valueOf("[variables('toString')]")).toContain("which the template does not declare");
    expect(valueOf("[createObject('a', 1).constructor]")).toContain("which the object has not");
    expect(valueOf("[constructor()]")).toContain("is no function of a template");
    expect(valueOf("[__proto__()]")).toContain("is no function of a template");
    expect("polluted" in {}).toBe(false);
  });
});
