import { describe, expect, it } from "vitest";

import { evaluate, templateOf, valueOf } from "../test-support/evaluate.ts";

const scope = {
  subscriptionId: "11111111-2222-3333-4444-555555555555",
  resourceGroup: "shop",
  location: "northeurope",
  tenantId: "99999999-8888-7777-6666-555555555555",
  deploymentName: "release",
};
const GROUP = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/shop";

function check(expression: string, expected: unknown): void {
  expect(valueOf(`[${expression}]`, {}, { scope })).toEqual(expected);
}

describe("ids", () => {
  it.each<[string, unknown]>([
    ["resourceId('Microsoft.Web/sites', 'a')", `${GROUP}/providers/Microsoft.Web/sites/a`],
    ["resourceId('Microsoft.Web/sites/slots', 'a', 'b')", `${GROUP}/providers/Microsoft.Web/sites/a/slots/b`],
    [
      "resourceId('other', 'Microsoft.Web/sites', 'a')",
      `${GROUP.replace("shop", "other")}/providers/Microsoft.Web/sites/a`,
    ],
    [
      "resourceId('sub', 'other', 'Microsoft.Web/sites', 'a')",
      "/subscriptions/sub/resourceGroups/other/providers/Microsoft.Web/sites/a",
    ],
    [
      "subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'x')",
      "/subscriptions/11111111-2222-3333-4444-555555555555/providers/Microsoft.Authorization/roleDefinitions/x",
    ],
    [
      "tenantResourceId('Microsoft.Authorization/roleDefinitions', 'x')",
      "/providers/Microsoft.Authorization/roleDefinitions/x",
    ],
    [
      "extensionResourceId(resourceId('Microsoft.Web/sites', 'a'), 'Microsoft.Authorization/locks', 'l')",
      `${GROUP}/providers/Microsoft.Web/sites/a/providers/Microsoft.Authorization/locks/l`,
    ],
    ["resourceGroup().id", GROUP],
    ["resourceGroup().name", "shop"],
    ["resourceGroup().location", "northeurope"],
    ["subscription().subscriptionId", "11111111-2222-3333-4444-555555555555"],
    ["subscription().tenantId", "99999999-8888-7777-6666-555555555555"],
    ["tenant().tenantId", "99999999-8888-7777-6666-555555555555"],
    ["deployment().name", "release"],
    ["environment().suffixes.storage", "core.windows.net"],
  ])("%s", check);

  it("has no resource group in a deployment to a subscription", () => {
    const $schema =
      "https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#";
    expect(valueOf("[resourceId('Microsoft.Resources/resourceGroups', 'a')]", { $schema }, { scope })).toBe(
      "/subscriptions/11111111-2222-3333-4444-555555555555/providers/Microsoft.Resources/resourceGroups/a",
    );
    expect(valueOf("[resourceGroup().name]", { $schema }, { scope })).toContain(
      "is for deployments to a resource group only",
    );
  });
});

describe("reference", () => {
  const id = (type: string, name: string): string => `resourceId('${type}', '${name}')`;

  it.each<[string, unknown]>([
    [
      `reference(${id("Microsoft.Storage/storageAccounts", "acct")}).primaryEndpoints.blob`,
      "https://acct.blob.core.windows.net/",
    ],
    [
      `reference(${id("Microsoft.KeyVault/vaults", "kv")}, '2023-07-01').vaultUri`,
      "https://kv.vault.azure.net/",
    ],
    [`reference(${id("Microsoft.ContainerRegistry/registries", "Acr")}).loginServer`, "acr.azurecr.io"],
    [
      `reference(${id("Microsoft.Web/sites/slots", "x")})`,
      expect.stringContaining("has 1 names for the 2 parts"),
    ],
  ])("%s", check);

  it("gives what the template itself says of a resource", () => {
    const resources = [
      {
        type: "Microsoft.Web/sites",
        name: "web",
        kind: "app",
        properties: { siteConfig: { numberOfWorkers: 3 } },
      },
    ];
    const of = (expression: string): unknown => valueOf(`[${expression}]`, { resources }, { scope });
    expect(of(`reference(${id("Microsoft.Web/sites", "web")}).siteConfig.numberOfWorkers`)).toBe(3);
    expect(of("reference('web', '2024-04-01', 'Full').kind")).toBe("app");
    expect(of("reference('web', '2024-04-01', 'Full').properties.defaultHostName")).toBe(
      "web.azurewebsites.net",
    );
    expect(of("reference('wbe').defaultHostName")).toContain('refers to the resource "wbe"');
    expect(of("reference('web').outboundIpAddresses")).toBe(
      'unevaluable: this property of Microsoft.Web/sites "web" is known to Azure alone',
    );
  });
});

describe("what only Azure knows", () => {
  it.each([
    [
      "listKeys('x', '2023-01-01').keys[0].value",
      "listKeys() is answered by the resource itself, when it is deployed",
    ],
    [
      "concat('a', listConnectionStrings('x', '1').connectionStrings[0])",
      "listConnectionStrings() is answered",
    ],
    [
      "pickZones('Microsoft.Compute', 'virtualMachines', 'westeurope')",
      "pickZones() is answered by Azure alone",
    ],
    [
      "reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'i')).clientId",
      "is known to Azure alone",
    ],
    ["resourceGroup().tags.owner", "of the resource group only id, name, type and location are known here"],
    ["format('{0:C}', 1)", 'the number format "C" is not known here'],
  ])("%s", (expression, reason) => {
    expect(valueOf(`[${expression}]`)).toContain(`unevaluable: `);
    expect(valueOf(`[${expression}]`)).toContain(reason);
  });

  it("does not spoil what does not need it", () => {
    expect(valueOf("[if(true(), 'known', listKeys('x', '1').a)]")).toBe("known");
    expect(valueOf("[or(listKeys('x', '1').a, true())]")).toBe(true);
    expect(valueOf("[length(createArray(listKeys('x', '1').a, 2))]")).toBe(2);
    expect(valueOf("[createObject('a', 1, 'b', listKeys('x', '1').a).a]")).toBe(1);
  });
});

describe("stand-ins of the scope", () => {
  const source = templateOf({ outputs: { it: { type: "string", value: "[resourceGroup().location]" } } });

  it("are named when they were used, and only those", () => {
    expect(evaluate(source).assumed).toEqual(["location"]);
    expect(evaluate(source, { scope }).assumed).toEqual([]);
    expect(evaluate(templateOf({})).assumed).toEqual([]);
  });
});

describe("utcNow and newGuid", () => {
  const parameters = {
    stamp: { type: "string", defaultValue: "[utcNow('yyyy-MM-dd HH:mm:ss.fff')]" },
    short: { type: "string", defaultValue: "[utcNow()]" },
    id: { type: "string", defaultValue: "[newGuid()]" },
  };
  const of = (name: string, options = {}): unknown =>
    valueOf(`[parameters('${name}')]`, { parameters }, options);

  it("give what is injected", () => {
    const now = new Date("2026-02-03T04:05:06.789Z");
    expect(of("stamp", { now })).toBe("2026-02-03 04:05:06.789");
    expect(of("short", { now })).toBe("20260203T040506Z");
    expect(of("id", { newGuid: () => "some-id" })).toBe("some-id");
  });

  it("are not known otherwise, and can be supplied", () => {
    expect(of("stamp")).toBe("unevaluable: the time of the deployment is not said");
    expect(of("id", { supplied: { id: "mine" } })).toBe("mine");
  });
});
