import { describe, expect, it } from "vitest";

import { SourceFile } from "../source-file.ts";
import { recogniseArmFile } from "./evaluate-template.ts";
import { evaluate, fixture, parametersOf, plainOf, templateOf, valueOf } from "./test-support/evaluate.ts";

const names = ({ resources }: ReturnType<typeof evaluate>): (string | undefined)[] =>
  resources.map(({ type, name }) => `${type} ${name}`);

describe("templates as the compiler prints them", () => {
  it("flattens modules, and hands the outputs of one to the parameters of another", () => {
    const evaluation = evaluate(fixture("modules"), { parameterFiles: [parametersOf({ prefix: "shop" })] });
    expect(evaluation.failure).toBe("");
    expect(names(evaluation)).toEqual([
      "Microsoft.Storage/storageAccounts shopstore",
      "Microsoft.Storage/storageAccounts/blobServices/containers shopstore/default/in",
      "Microsoft.Storage/storageAccounts/blobServices/containers shopstore/default/out",
      "Microsoft.Web/sites shop-web",
      "Microsoft.Web/sites/sitecontainers shop-web/main",
      "Microsoft.Web/sites/sitecontainers shop-web/dapr",
      "Microsoft.Web/sites/config shop-web/appsettings",
    ]);
    const settings = evaluation.resources.at(-1)?.properties;
    expect(settings === undefined ? undefined : plainOf(settings)).toEqual({
      BLOB_ENDPOINT: "https://shopstore.blob.core.windows.net/",
      BLOB_KEY: expect.stringMatching(/^\[listKeys\(/),
      SITE: "shop-web.azurewebsites.net",
    });
    expect(evaluation.unevaluable).toMatchObject([
      {
        path: "resources[1].properties.template.resources[3].properties.BLOB_KEY",
        reason: "listKeys() is answered by the resource itself, when it is deployed",
        place: { file: "modules.json", line: 93 },
      },
    ]);
    const image = evaluation.resources[4]?.properties;
    expect(image === undefined ? undefined : plainOf(image)).toMatchObject({
      image: "shop.azurecr.io/main:latest",
    });
  });

  it("leaves out what a condition excludes", () => {
    const parameterFiles = [parametersOf({ prefix: "shop", deploySite: false })];
    expect(evaluate(fixture("modules"), { parameterFiles }).resources).toHaveLength(3);
  });

  it("unrolls loops of resources, properties, variables and outputs", () => {
    const evaluation = evaluate(fixture("loops"));
    expect(evaluation.failure).toBe("");
    expect(evaluation.resources.map(({ path }) => path)).toEqual([
      "resources[0]",
      "resources[1][0]",
      "resources[1][1]",
      "resources[1][2]",
    ]);
    const proxy = evaluation.resources[3]?.properties;
    expect(proxy === undefined ? undefined : plainOf(proxy)).toEqual({
      environmentVariables: [
        { name: "ONE", value: "ONE" },
        { name: "TWO", value: "TWO" },
      ],
      image: "envoy:1",
      isMain: false,
      targetPort: "10000",
    });
    const outputs = [...evaluation.outputs].map(([name, value]) => [name, plainOf(value)]);
    expect(Object.fromEntries(outputs)).toEqual({
      names: ["main", "cache", "proxy"],
      settingNames: ["ONE", "TWO"],
    });
  });

  it("reads symbolic names, existing resources among them", () => {
    const evaluation = evaluate(fixture("symbolic"), { supplied: { siteName: "sym" } });
    expect(evaluation.failure).toBe("");
    expect(evaluation.resources.map(({ path, existing }) => [path, existing])).toEqual([
      ["resources.account", true],
      ["resources.web", false],
      ["resources.main", false],
      ["resources.sidecar[0]", false],
    ]);
    const web = evaluation.resources[1]?.properties;
    expect(web === undefined ? undefined : plainOf(web)).toEqual({
      siteConfig: {
        linuxFxVersion: "sitecontainers",
        appSettings: [
          { name: "BLOB", value: "https://shopstorage.blob.core.windows.net/" },
          { name: "SLOT", value: "none" },
        ],
      },
    });
    const sidecars = evaluation.outputs.get("sidecars");
    expect(sidecars === undefined ? undefined : plainOf(sidecars)).toEqual(["daprio/daprd:1.18.2"]);
  });
});

describe("places", () => {
  const template = SourceFile.parse(
    "main.json",
    `{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "parameters": { "image": { "type": "string" } },
  "variables": { "settings": [
    { "name": "A", "value": "literal" } ] },
  "resources": [ { "type": "A.B/c", "name": "x",
    "properties": {
      "image": "[parameters('image')]",
      "computed": "[concat(parameters('image'), '!')]",
      "settings": "[variables('settings')]" } } ]
}`,
  );
  const parameters = SourceFile.parse(
    "p.json",
    '{ "parameters": {\n  "image": {\n    "value": "shop:1" } } }',
  );

  it("of a value that comes whole from elsewhere is where it was written, else the expression's", () => {
    const { resources } = evaluate(template, { parameterFiles: [parameters] });
    const fields = resources[0]?.properties?.fields({ known: ["image", "computed", "settings"] });
    const place = (key: string) => fields?.optional(key)?.place;
    expect(place("image")).toMatchObject({ file: "p.json", line: 3, column: 14 });
    expect(place("computed")).toMatchObject({ file: "main.json", line: 10, column: 19 });
    const [setting] = fields?.optional("settings")?.items() ?? [];
    expect(setting?.name).toBe("resources[0].properties.settings[0]");
    expect(setting?.fields({ known: ["name", "value"] }).optional("value")?.place).toMatchObject({
      line: 6,
      column: 29,
    });
  });

  it("stand in complaints of the readers", () => {
    const evaluation = evaluate(template, { parameterFiles: [parameters] });
    const image = evaluation.resources[0]?.properties
      ?.fields({ known: ["image", "computed", "settings"] })
      .optional("image");
    expect(image?.port()).toBeUndefined();
    expect(image?.name).toBe("resources[0].properties.image");
  });
});

describe("supplied values", () => {
  const resources = [
    {
      type: "A.B/c",
      name: "x",
      condition: "[listKeys('x', '1').enabled]",
      properties: { key: "[concat('k=', listKeys('x', '1').a)]", port: "[listKeys('x', '1').port]" },
    },
    { type: "A.B/d", name: "y", copy: { name: "loop", count: "[listKeys('x', '1').count]" } },
  ];

  it("fill what only Azure knows, by path", () => {
    const supplied = {
      "resources[0].condition": "true",
      "resources[0].properties.key": "007",
      "resources[0].properties.port": "8080",
      "resources[1].copy.count": "2",
    };
    const evaluation = evaluate(templateOf({ resources }), { supplied });
    expect(evaluation.unevaluable).toEqual([]);
    expect(evaluation.unusedSupplied).toEqual([]);
    const properties = evaluation.resources[0]?.properties;
    expect(properties === undefined ? undefined : plainOf(properties)).toEqual({ key: "007", port: 8080 });
    expect(evaluation.resources).toHaveLength(3);
  });

  it("are asked for where they lack, with path, expression and what happens until then", () => {
    const evaluation = evaluate(templateOf({ resources }), { supplied: { nope: "1" } });
    expect(evaluation.unusedSupplied).toEqual(["nope"]);
    expect(evaluation.unevaluable.map(({ path }) => path)).toEqual([
      "resources[1].copy.count",
      "resources[0].condition",
      "resources[0].properties.key",
      "resources[0].properties.port",
    ]);
    expect(evaluation.unevaluable[1]?.reason).toMatch(/; until then it is taken as true$/);
    expect(evaluation.unevaluable[2]).toMatchObject({
      expression: "[concat('k=', listKeys('x', '1').a)]",
      suggestion: expect.stringContaining("--set 'resources[0].properties.key=…'"),
    });
  });

  it("fill a variable that only Azure knows", () => {
    const variables = { key: "[listKeys('x', '1').a]" };
    expect(
      valueOf("[concat('k=', variables('key'))]", { variables }, { supplied: { "variables.key": "v" } }),
    ).toBe("k=v");
  });
});

describe("recogniseArmFile", () => {
  it.each([
    [
      '{ "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#" }',
      "template",
    ],
    [
      '{ "$schema": "https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#" }',
      "template",
    ],
    [
      '{ "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#" }',
      "parameters",
    ],
    ['{ "contentVersion": "1.0.0.0", "resources": [] }', "template"],
    ['{ "contentVersion": "1.0.0.0", "parameters": {} }', "parameters"],
    ['{ "name": "shop", "siteContainers": [] }', undefined],
    ["[]", undefined],
    ["5", undefined],
  ])("%s", (text, expected) => {
    expect(recogniseArmFile(SourceFile.parse("x.json", text))).toBe(expected);
  });
});
