import path from "node:path";

import { describe, expect, it } from "vitest";

import { SitecarError } from "../../errors/index.ts";
import { Problems } from "../problems.ts";
import { readSite } from "../read-site.ts";
import type { SitePart } from "../site-part.ts";
import { SourceFile } from "../source-file.ts";
import type { Value } from "../value.ts";
import { evaluateTemplate } from "./evaluate-template.ts";
import { siteFromTemplate, type SiteFromTemplateOptions } from "./site-from-template.ts";
import { evaluate, failureOf, fixture, parametersOf, plainOf, templateOf } from "./test-support/evaluate.ts";

const EXAMPLE = path.join(import.meta.dirname, "../../../fixtures/sites");
const plain = (value: Value | undefined): unknown => (value === undefined ? undefined : plainOf(value));

/** A part as plain data. */
function readPart(part: SitePart): Record<string, unknown> {
  const { siteConfig, storageAccounts } = part;
  return {
    name: plain(part.name),
    siteContainers: part.siteContainers?.map(({ name, properties }) => ({
      name,
      properties: plain(properties),
    })),
    appSettings: part.appSettings?.map(({ name, value, slotSetting }) => [name, plain(value), slotSetting]),
    connectionStrings: part.connectionStrings?.map(({ name, value, type, slotSetting }) => [
      name,
      plain(value),
      plain(type),
      slotSetting,
    ]),
    siteConfig:
      siteConfig === undefined
        ? undefined
        : Object.fromEntries(
            Object.entries(siteConfig).map(([key, value]: [string, Value]) => [key, plain(value)]),
          ),
    clientAffinityEnabled: plain(part.clientAffinityEnabled),
    identity: plain(part.identity),
    serverFarm: plain(part.serverFarm),
    storageAccounts: storageAccounts?.map(({ name }) => name),
  };
}

function siteOf(resources: readonly object[], options?: SiteFromTemplateOptions): Record<string, unknown> {
  return readPart(siteFromTemplate(evaluate(templateOf({ resources })), options).part);
}

function refusalOf(resources: readonly object[], options?: SiteFromTemplateOptions): string {
  try {
    siteOf(resources, options);
    return "no failure";
  } catch (error) {
    if (error instanceof SitecarError) return error.message;
    throw error;
  }
}

const farm = (name: string, sku: string) => ({
  type: "Microsoft.Web/serverfarms",
  name,
  sku: { name: sku, tier: "x" },
});

describe("siteFromTemplate", () => {
  it("takes everything that a template says of its site", () => {
    const supplied = { siteName: "shop", databasePassword: "hush" };
    const { part, site, unevaluable } = siteFromTemplate(evaluate(fixture("plain"), { supplied }));
    const id =
      "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/sitecar/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-shop";
    expect(site).toBe("shop");
    expect(readPart(part)).toEqual({
      name: "shop",
      siteContainers: [
        {
          name: "main",
          properties: {
            image: "shop.azurecr.io/main:1",
            isMain: true,
            targetPort: "8080",
            authType: "UserAssigned",
            userManagedIdentityClientId: expect.stringMatching(/^\[reference\(/),
            environmentVariables: [{ name: "BLOB", value: "BLOB_ENDPOINT" }],
            volumeMounts: [{ volumeSubPath: "/home/data", containerMountPath: "/data", readOnly: false }],
          },
        },
        {
          name: "redis",
          properties: {
            image: "redis:7",
            isMain: false,
            targetPort: "6379",
            inheritAppSettingsAndConnectionStrings: false,
          },
        },
      ],
      appSettings: [
        ["BLOB_ENDPOINT", "https://stshop.blob.core.windows.net/", undefined],
        ["AZURE_CLIENT_ID", expect.stringMatching(/^\[reference\(/), undefined],
        ["STORAGE_KEY", expect.stringMatching(/^\[format\('key=/), undefined],
        ["FEATURE", "True", true],
      ],
      connectionStrings: [
        ["Database", "Server=tcp:shop.database.windows.net;Password=hush", "SQLAzure", true],
      ],
      siteConfig: { linuxFxVersion: "sitecontainers", healthCheckPath: "/healthz", numberOfWorkers: 2 },
      clientAffinityEnabled: false,
      identity: { type: "SystemAssigned, UserAssigned", userAssignedIdentities: { [id]: {} } },
      serverFarm: { sku: { name: "P0v3", capacity: 2 } },
      storageAccounts: ["stshop"],
    });
    expect(unevaluable.map((gap) => gap.path)).toEqual([
      "resources[3].properties.siteConfig.appSettings[1].value",
      "resources[3].properties.siteConfig.appSettings[2].value",
      "resources[4].properties.userManagedIdentityClientId",
    ]);
  });

  it("takes config/appsettings, which replaces the settings of the site", () => {
    const evaluation = evaluate(fixture("modules"), { parameterFiles: [parametersOf({ prefix: "shop" })] });
    const { appSettings, storageAccounts } = readPart(siteFromTemplate(evaluation).part);
    expect(appSettings).toEqual([
      ["BLOB_ENDPOINT", "https://shopstore.blob.core.windows.net/", undefined],
      ["BLOB_KEY", expect.any(String), undefined],
      ["SITE", "shop-web.azurewebsites.net", undefined],
    ]);
    expect(storageAccounts).toEqual(["shopstore"]);
  });

  it("takes config/web over siteConfig, connection strings and children inside the site", () => {
    const site = {
      type: "Microsoft.Web/sites",
      name: "shop",
      properties: {
        siteConfig: {
          linuxFxVersion: "DOCKER|x",
          healthCheckPath: "/a",
          appSettings: [{ name: "OLD", value: "1" }],
        },
      },
      resources: [
        { type: "config", name: "Web", properties: { linuxFxVersion: "sitecontainers" } },
        { type: "config", name: "appsettings", properties: { NEW: "2" } },
        { type: "config", name: "connectionstrings", properties: { Db: { value: "s", type: "Custom" } } },
        { type: "sitecontainers", name: "main", properties: { image: "x", isMain: true } },
      ],
    };
    expect(siteOf([site])).toMatchObject({
      name: "shop",
      siteConfig: { linuxFxVersion: "sitecontainers", healthCheckPath: "/a" },
      appSettings: [["NEW", "2", undefined]],
      connectionStrings: [["Db", "s", "Custom", undefined]],
      siteContainers: [{ name: "main", properties: { image: "x", isMain: true } }],
    });
  });

  it("takes the containers of a site that stands already", () => {
    const container = {
      type: "Microsoft.Web/sites/sitecontainers",
      name: "there/dapr",
      properties: { image: "d" },
    };
    expect(siteOf([container])).toMatchObject({ name: "there", siteContainers: [{ name: "dapr" }] });
  });

  it("takes what else there is from a template without a site", () => {
    const account = { type: "Microsoft.Storage/storageAccounts", name: "acct" };
    expect(siteOf([account])).toEqual({ ...readPart({}), storageAccounts: ["acct"] });
    expect(siteOf([])).toEqual(readPart({}));
  });

  const shop = { type: "Microsoft.Web/sites", name: "shop", kind: "app,linux,container" };
  const api = { type: "Microsoft.Web/sites", name: "api", kind: "functionapp,linux" };
  const slot = {
    type: "Microsoft.Web/sites/slots",
    name: "shop/staging",
    properties: { siteConfig: { appSettings: [{ name: "S", value: "staging" }] } },
  };
  const slotMain = {
    type: "Microsoft.Web/sites/slots/sitecontainers",
    name: "shop/staging/main",
    properties: { image: "new" },
  };
  const main = {
    type: "Microsoft.Web/sites/sitecontainers",
    name: "shop/main",
    properties: { image: "old" },
  };
  const sticky = {
    type: "Microsoft.Web/sites/config",
    name: "shop/slotConfigNames",
    properties: { appSettingNames: ["s"] },
  };

  it("refuses several sites of which none was chosen, and lists them", () => {
    expect(refusalOf([shop, api])).toMatch(
      /^SITE_NOT_FOUND: the template has 2 sites, and none was chosen\.\n {2}shop +app,linux,container, at main\.json:5:5\n {2}api +functionapp,linux, at .*\nFix: choose one of them: --site shop\./,
    );
    expect(siteOf([shop, api], { site: "API" })).toMatchObject({ name: "api" });
    expect(refusalOf([shop], { site: "shp" })).toContain('the template has no site "shp"');
  });

  it("takes the production slot unless another one is chosen", () => {
    const resources = [shop, slot, slotMain, main, sticky];
    expect(siteOf(resources)).toMatchObject({ siteContainers: [{ properties: { image: "old" } }] });
    expect(siteOf(resources, { slot: "Staging" })).toMatchObject({
      name: "shop",
      appSettings: [["S", "staging", true]],
      siteContainers: [{ name: "main", properties: { image: "new" } }],
    });
    expect(refusalOf(resources, { slot: "next" })).toMatch(/has no slot "next"\.\n {2}slots +staging\n/);
  });

  it("takes the plan that the site names", () => {
    const on = (plan: string) => ({
      ...shop,
      properties: { serverFarmId: `[resourceId('Microsoft.Web/serverfarms', '${plan}')]` },
    });
    expect(siteOf([farm("a", "B1"), farm("b", "P1v3"), on("B")])).toMatchObject({
      serverFarm: { sku: { name: "P1v3" } },
    });
    expect(siteOf([farm("a", "B1"), on("other")])["serverFarm"]).toBeUndefined();
    expect(siteOf([farm("a", "B1"), shop])).toMatchObject({ serverFarm: { sku: { name: "B1" } } });
    expect(siteOf([farm("a", "B1"), farm("b", "B2"), shop])["serverFarm"]).toBeUndefined();
  });

  it("complains of settings that are none, at their places", () => {
    const bad = {
      ...shop,
      properties: { siteConfig: { appSettings: [{ value: "x" }, "y", { name: "A" }] } },
    };
    const problems = new Problems();
    siteFromTemplate(
      evaluateTemplate(templateOf({ resources: [bad, { ...main, properties: null }] }), problems),
    );
    const failure = failureOf(problems);
    expect(failure).toContain('resources[0].properties.siteConfig.appSettings[0] has no "name"');
    expect(failure).toContain('appSettings[1] must be an object, found "y"');
    expect(failure).toContain('appSettings[2] has no "value"');
    expect(failure).toContain('resources[1] has no "properties"');
  });

  it("names what decides whether there is something at all", () => {
    const looped = {
      ...main,
      name: "[format('shop/c{0}', copyIndex())]",
      copy: { name: "l", count: "[listKeys('x', '1').n]" },
    };
    const conditional = { ...main, condition: "[listKeys('x', '1').on]" };
    const unrelated = { type: "A.B/c", name: "x", properties: { key: "[listKeys('x', '1').k]" } };
    const { unevaluable } = siteFromTemplate(
      evaluate(templateOf({ resources: [shop, looped, conditional, unrelated] })),
    );
    expect(unevaluable.map((gap) => gap.path)).toEqual(["resources[1].copy.count", "resources[2].condition"]);
  });
});

describe("the example site as an ARM template", () => {
  it("says what the example's own files say", async () => {
    const example = await readSite(path.join(EXAMPLE, "example"));
    const template = await SourceFile.read(path.join(EXAMPLE, "example-arm/main.json"));
    const parameterFiles = [await SourceFile.read(path.join(EXAMPLE, "example-arm/main.parameters.json"))];
    const problems = new Problems();
    const { part, unevaluable } = siteFromTemplate(evaluateTemplate(template, problems, { parameterFiles }));
    expect(failureOf(problems)).toBe("");
    expect(unevaluable).toEqual([]);
    expect(readPart(part)).toEqual({
      ...readPart({}),
      name: example.name,
      siteContainers: example.siteContainers,
      appSettings: example.appSettings.map(({ name, value }) => [name, value, undefined]),
      siteConfig: { linuxFxVersion: "sitecontainers" },
      identity: example.identity,
      storageAccounts: example.storageAccounts.map(({ name }) => name),
    });
  });
});
