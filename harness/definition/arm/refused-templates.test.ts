import { describe, expect, it } from "vitest";

import { evaluate, templateOf, valueOf } from "./test-support/evaluate.ts";

describe("templates that Azure would refuse", () => {
  it.each<[string, object, string]>([
    [
      "a variable in a circle",
      { variables: { a: "[variables('b')]", b: "[variables('a')]" } },
      "variables.a refers to itself",
    ],
    [
      "a parameter in a circle",
      { parameters: { a: { type: "string", defaultValue: "[parameters('a')]" } } },
      "parameters.a refers to itself",
    ],
    ["resources that are no list", { resources: 5 }, "resources must be an array or an object, found 5"],
    ["a resource that is none", { resources: ["x"] }, 'resources[0] must be an object, found "x"'],
    ["a resource without a name", { resources: [{ type: "A.B/c" }] }, 'resources[0] has no "name"'],
    [
      "801 turns of a loop",
      { resources: [{ type: "A.B/c", name: "x", copy: { name: "l", count: 801 } }] },
      "must be a whole number from 0 to 800, found 801",
    ],
    [
      "801 turns of an array",
      { variables: { a: { copy: [{ name: "x", count: 801, input: 1 }] } } },
      "must be a whole number from 0 to 800",
    ],
    [
      "a loop without a count",
      { resources: [{ type: "A.B/c", name: "x", copy: { name: "l" } }] },
      'resources[0].copy has no "count"',
    ],
  ])("%s", (_, parts, expected) => {
    const failure = valueOf("[concat(variables('a'), parameters('a'))]", {
      variables: { a: "" },
      parameters: { a: { type: "string", defaultValue: "" } },
      ...parts,
    });
    expect(failure).toContain(expected);
    expect(failure).toMatch(/^SPEC_INVALID: .*main\.json/);
  });

  it("takes 800 turns", () => {
    const resources = [{ type: "A.B/c", name: "[string(copyIndex())]", copy: { name: "l", count: 800 } }];
    expect(evaluate(templateOf({ resources })).resources).toHaveLength(800);
  });

  it.each<[string, Record<string, unknown>, string]>([
    [
      "texts that double again and again",
      Object.fromEntries(
        Array.from({ length: 40 }, (_, i) => [
          `v${i}`,
          i === 0 ? "x" : `[concat(variables('v${i - 1}'), variables('v${i - 1}'))]`,
        ]),
      ),
      "makes a text of more than 1048576 characters",
    ],
    [
      "arrays that double again and again",
      Object.fromEntries(
        Array.from({ length: 40 }, (_, i) => [
          `v${i}`,
          i === 0 ? "x" : `[createArray(variables('v${i - 1}'), variables('v${i - 1}'))]`,
        ]),
      ),
      "the template makes more data than any that Azure takes",
    ],
    [
      "a chain without end",
      Object.fromEntries(
        Array.from({ length: 400 }, (_, i) => [`v${i}`, i === 0 ? "x" : `[variables('v${i - 1}')]`]),
      ),
      "is nested more than 200 levels deep",
    ],
  ])("ends %s in a problem", (_, variables, expected) => {
    const last = `v${Object.keys(variables).length - 1}`;
    expect(valueOf(`[variables('${last}')]`, { variables })).toContain(expected);
  });

  it("ends an expression nested too deep in a problem", () => {
    expect(valueOf(`[${"not(".repeat(500)}true()${")".repeat(500)}]`)).toContain(
      "nested more than 100 levels deep",
    );
    expect(valueOf(`[concat('${"x".repeat(25_000)}')]`)).toContain("Azure takes at most 24576");
  });
});
