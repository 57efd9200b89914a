import { describe, expect, it } from "vitest";

import { SourceFile } from "../source-file.ts";
import { evaluate, parametersOf, templateOf, valueOf, type Evaluation } from "./test-support/evaluate.ts";

function evaluateWith(declaration: object, value: unknown): Evaluation {
  const parameterFiles = [parametersOf({ it: value })];
  return evaluate(templateOf({ parameters: { it: declaration } }), { parameterFiles });
}

describe("values of parameters", () => {
  const parameters = { it: { type: "string", defaultValue: "default" } };
  const of = (options: object): unknown => valueOf("[parameters('IT')]", { parameters }, options);

  it("come from what is supplied, else from the last file, else from the default", () => {
    const parameterFiles = [
      parametersOf({ it: "first" }, "a.json"),
      parametersOf({ It: "second" }, "b.json"),
    ];
    expect(of({})).toBe("default");
    expect(of({ parameterFiles })).toBe("second");
    expect(of({ parameterFiles, supplied: { IT: "mine" } })).toBe("mine");
  });

  it("are no expressions in a parameter file", () => {
    expect(of({ parameterFiles: [parametersOf({ it: "[concat('a', 'b')]" })] })).toBe("[concat('a', 'b')]");
  });

  it("may stand in a file without the frame", () => {
    expect(of({ parameterFiles: [SourceFile.parse("p.json", '{ "it": { "value": "bare" } }')] })).toBe(
      "bare",
    );
  });

  it.each([
    ["int", "5", 5],
    ["bool", "true", true],
    ["string", "5", "5"],
    ["array", '["a"]', ["a"]],
    ["object", '{ "a": 1 }', { a: 1 }],
    ["int", 5, 5],
  ])("supplied as text are read as the type %s wants: %j", (type, supplied, expected) => {
    const value = valueOf(
      "[parameters('it')]",
      { parameters: { it: { type } } },
      { supplied: { it: supplied } },
    );
    expect(value).toEqual(expected);
  });

  it("may be left out where they are nullable", () => {
    expect(valueOf("[parameters('it')]", { parameters: { it: { type: "int", nullable: true } } })).toBeNull();
  });

  it("may be built from one another", () => {
    const two = {
      a: { type: "string", defaultValue: "x" },
      b: { type: "string", defaultValue: "[concat(parameters('a'), 'y')]" },
    };
    expect(valueOf("[parameters('b')]", { parameters: two })).toBe("xy");
  });

  it("that are missing are told at their declaration, with the way to give them", () => {
    const { failure } = evaluate(templateOf({ parameters: { it: { type: "string" } } }));
    expect(failure).toMatch(/main\.json:6:5 {3}parameter "it" has no value and no default\./);
    expect(failure).toContain("Fix: Give it one in a parameter file, or with --set it=…");
  });

  it("that stand in a key vault are named and can be supplied", () => {
    const reference = { keyVault: { id: "/subscriptions/x" }, secretName: "password" };
    const text = JSON.stringify({ parameters: { it: { reference } } });
    const parameterFiles = [SourceFile.parse("p.json", text)];
    expect(of({ parameterFiles })).toBe(
      'unevaluable: the parameter "it" is the secret "password" of a key vault',
    );
    expect(of({ parameterFiles, supplied: { it: "known" } })).toBe("known");
  });

  it("that are secure are given back, to be masked", () => {
    const declarations = {
      password: { type: "securestring", defaultValue: "hush" },
      pair: { $ref: "#/definitions/pair", defaultValue: { user: "me", token: ["t1"] } },
      open: { type: "string", defaultValue: "seen" },
    };
    const source = templateOf({ parameters: declarations, definitions: { pair: { type: "secureObject" } } });
    expect(evaluate(source).secrets).toEqual([
      { name: "password", value: "hush" },
      { name: "pair", value: "me" },
      { name: "pair", value: "t1" },
    ]);
  });
});

describe("parameters that Azure would refuse", () => {
  it.each<[string, object, unknown, string]>([
    ["another type", { type: "int" }, "5", 'parameter "it" must be of type int, found "5"'],
    ["half a number", { type: "int" }, 1.5, "must be of type int, found 1.5"],
    ["null", { type: "string" }, null, "must be of type string, found null"],
    [
      "a value not allowed",
      { type: "string", allowedValues: ["a", "b"] },
      "c",
      "is not among its allowedValues.",
    ],
    [
      "an item not allowed",
      { type: "array", allowedValues: ["a", "b"] },
      ["a", "c"],
      "is not among its allowedValues",
    ],
    ["too small", { type: "int", minValue: 2 }, 1, "breaks its minValue of 2: it is 1"],
    ["too large", { type: "int", maxValue: 2 }, 3, "breaks its maxValue of 2: it is 3"],
    ["too short", { type: "string", minLength: 2 }, "a", "breaks its minLength of 2: it is 1"],
    ["too long", { type: "array", maxLength: 1 }, [1, 2], "breaks its maxLength of 1: it is 2"],
    ["an unknown type", { type: "text" }, "a", "has an unknown type"],
    ["a type called constructor", { type: "constructor" }, "a", "has an unknown type"],
  ])("%s", (_, declaration, value, expected) => {
    expect(evaluateWith(declaration, value).failure).toContain(expected);
  });

  it.each<[object, unknown]>([
    [{ type: "array", allowedValues: ["a", "b"] }, ["a", "b"]],
    [{ type: "string", minLength: 1, maxLength: 1 }, "a"],
    [{ type: "int", minValue: 1, maxValue: 1 }, 1],
    [{ type: "secureObject" }, {}],
    [{ type: "bool" }, false],
  ])("but not %j with %j", (declaration, value) => {
    expect(evaluateWith(declaration, value).failure).toBe("");
  });

  it("never says a secret", () => {
    const declaration = { type: "secureString", allowedValues: ["a"] };
    for (const value of ["hush", ["hush"], 4711]) {
      const { failure } = evaluateWith(declaration, value);
      expect(failure).toContain('parameter "it" ');
      expect(failure).not.toMatch(/hush|4711/);
    }
  });
});

describe("parameter files", () => {
  it.each([
    [
      "a name that is no parameter",
      '{ "parameters": { "itt": { "value": 1 } } }',
      '"itt" is no parameter of the template. Did you mean "it"?',
    ],
    ["no value", '{ "parameters": { "it": {} } }', 'parameters.it has no "value"'],
    ["a bare value", '{ "parameters": { "it": "x" } }', 'parameters.it has no "value"'],
    ["no object", "[]", "a parameter file must be an object"],
    ["parameters that are none", '{ "parameters": [] }', "parameters must be an object"],
    [
      "the output of build-params --stdout",
      '{ "parametersJson": "{}" }',
      "this is what `az bicep build-params --stdout` prints",
    ],
  ])("%s", (_, text, expected) => {
    const parameterFiles = [SourceFile.parse("p.json", text)];
    const { failure } = evaluate(templateOf({ parameters: { it: { type: "string", defaultValue: "" } } }), {
      parameterFiles,
    });
    expect(failure).toContain(expected);
    expect(failure).toContain("p.json:1:");
  });
});
