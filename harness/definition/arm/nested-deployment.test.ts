import { describe, expect, it } from "vitest";

import { evaluate, plainOf, templateOf } from "./test-support/evaluate.ts";

const names = ({ resources }: ReturnType<typeof evaluate>): (string | undefined)[] =>
  resources.map(({ type, name }) => `${type} ${name}`);

const nested = (template: object, extra: object = {}) => ({
  type: "Microsoft.Resources/deployments",
  name: "inner",
  properties: { mode: "Incremental", template, ...extra },
});

const inner = (name: string, template: object, parameters: object) => ({
  ...nested(template, { expressionEvaluationOptions: { scope: "inner" }, parameters }),
  name,
});

describe("nested deployments", () => {
  it("are evaluated as a part of the outer template", () => {
    const template = {
      parameters: { name: { type: "string", defaultValue: "not used" } },
      resources: [{ type: "A.B/c", name: "[concat(parameters('name'), copyIndex())]" }],
      outputs: { made: { type: "string", value: "[parameters('name')]" } },
    };
    const evaluation = evaluate(
      templateOf({
        parameters: { name: { type: "string", defaultValue: "outer" } },
        resources: [
          {
            ...nested(template),
            copy: { name: "loop", count: 2 },
            name: "[format('inner{0}', copyIndex())]",
          },
        ],
        outputs: { made: { type: "string", value: "[reference('inner1').outputs.made.value]" } },
      }),
    );
    expect(names(evaluation)).toEqual(["A.B/c outer0", "A.B/c outer1"]);
    expect(evaluation.outputs.get("made")?.text()).toBe("outer");
  });

  it("and those in another file are named", () => {
    const resource = {
      type: "Microsoft.Resources/deployments",
      name: "far",
      properties: { templateLink: { uri: "https://x/y.json" } },
    };
    expect(evaluate(templateOf({ resources: [resource] })).unevaluable).toMatchObject([
      { path: "resources[0].properties.templateLink", expression: "https://x/y.json" },
    ]);
  });

  it("take the secret outputs of one another", () => {
    const makes = { resources: [], outputs: { key: { type: "securestring", value: "hush" } } };
    const takes = {
      parameters: { key: { type: "securestring" } },
      resources: [{ type: "A.B/c", name: "x", properties: { key: "[parameters('key')]" } }],
    };
    const value =
      "[listOutputsWithSecureValues(resourceId('Microsoft.Resources/deployments', 'makes'), '2025-04-01').key]";
    const evaluation = evaluate(
      templateOf({ resources: [inner("makes", makes, {}), inner("takes", takes, { key: { value } })] }),
    );
    const properties = evaluation.resources[0]?.properties;
    expect(properties === undefined ? undefined : plainOf(properties)).toEqual({ key: "hush" });
    expect(evaluation.secrets.map((secret) => secret.value)).toEqual(["hush"]);
  });
});

describe("resources inside others", () => {
  it("get full types and names, also in their own loops", () => {
    const child = {
      type: "config",
      name: "[format('web{0}', copyIndex())]",
      copy: { name: "inner", count: 2 },
    };
    const site = {
      type: "Microsoft.Web/sites",
      name: "[format('s{0}', copyIndex())]",
      copy: { name: "outer", count: 2 },
      resources: [child],
    };
    expect(names(evaluate(templateOf({ resources: [site] })))).toEqual([
      "Microsoft.Web/sites s0",
      "Microsoft.Web/sites/config s0/web0",
      "Microsoft.Web/sites/config s0/web1",
      "Microsoft.Web/sites s1",
      "Microsoft.Web/sites/config s1/web0",
      "Microsoft.Web/sites/config s1/web1",
    ]);
  });
});
