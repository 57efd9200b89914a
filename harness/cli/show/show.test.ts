import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadSite } from "../../definition/load-site.ts";
import { SiteFiles } from "../../definition/test-support/site-files.ts";
import { describeSite, type ShownSite } from "./describe-site.ts";
import { formatSite } from "./format-site.ts";

let files: SiteFiles;

beforeEach(async () => {
  files = await SiteFiles.create();
});

afterEach(async () => {
  await files[Symbol.asyncDispose]();
});

async function shown(): Promise<ShownSite> {
  await files.put("settings.json", [
    { name: "Feature:On", value: "yes" },
    { name: "DB_PASSWORD", value: "hunter2" },
    { name: "ANSWER", value: "@Microsoft.KeyVault(VaultName=shop;SecretName=answer)" },
    { name: "OPEN", value: "@Microsoft.KeyVault(VaultName=shop;SecretName=open)" },
    { name: "A_NAME_THAT_IS_LONGER_THAN_ITS_COLUMN_AND_GOES_ON", value: "x".repeat(200) },
  ]);
  const file = await files.put("sitecar.json", {
    name: "shop",
    siteContainers: [
      { name: "cache", properties: { image: "cache:1", inheritAppSettingsAndConnectionStrings: false } },
      {
        name: "web",
        properties: {
          image: "web:1",
          isMain: true,
          targetPort: "8080",
          environmentVariables: [
            { name: "SECRET_FREE", value: "ANSWER" },
            { name: "LITERAL", value: "literal" },
          ],
          volumeMounts: [{ volumeSubPath: "data", containerMountPath: "/data", readOnly: true }],
        },
      },
    ],
    appSettings: "settings.json",
    connectionStrings: [{ name: "Main", value: "Server=x", type: "Custom" }],
    keyVaultSecrets: { "shop/answer": "forty-two" },
    identity: { type: "SystemAssigned" },
    serverFarm: { sku: { name: "B1", capacity: 2 } },
    siteConfig: { healthCheckPath: "/healthz" },
  });
  return describeSite(await loadSite(file));
}

describe("sitecar show", () => {
  it("has main first, and each variable with its origin and place", async () => {
    const { containers } = await shown();
    expect(containers.map(({ name }) => name)).toEqual(["web", "cache"]);
    const variable = (name: string) => containers[0]?.environment.find((one) => one.name === name);
    const at = (line: number, column: number): string =>
      `${path.join(files.directory, "settings.json")}:${line}:${column}`;
    expect(variable("Feature__On")).toEqual({
      name: "Feature__On",
      value: "yes",
      origin: { from: "appSettings", name: "Feature:On" },
      at: at(3, 13),
    });
    expect(variable("WEBSITE_SKU")).toMatchObject({ value: "Basic", origin: { from: "platform" } });
    expect(variable("LITERAL")?.origin).toEqual({
      from: "environmentVariables",
      setting: "literal",
      found: false,
    });
    expect(containers[1]?.environment).toEqual([]);
  });

  it("shows no secret, whatever it is called", async () => {
    const site = await shown();
    const everything = JSON.stringify(site) + formatSite(site);
    for (const secret of ["hunter2", "forty-two", "Server=x"]) expect(everything).not.toContain(secret);
    const masked = site.containers[0]?.environment.filter(({ value }) => value === "(masked)");
    expect(masked?.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        "ANSWER",
        "SECRET_FREE",
        "DB_PASSWORD",
        "IDENTITY_HEADER",
        "CUSTOMCONNSTR_Main",
      ]),
    );
  });

  it("fits a hundred columns but for paths, and folds an app setting's second name", async () => {
    const lines = stripVTControlCharacters(formatSite(await shown())).split("\n");
    const long = lines.filter((line) => line.length > 100 && !line.includes(files.directory));
    expect(long).toEqual([]);
    expect(lines.filter((line) => line.includes("APPSETTING_"))).toEqual([
      "  inherits      app settings and connection strings, each setting also as APPSETTING_<name>",
    ]);
    expect(lines).toEqual(
      expect.arrayContaining([
        'site "shop"',
        "  plan          B1, 2 workers",
        "  siteConfig    healthCheckPath /healthz",
        "web (main)",
        "  mounts        /data is data, read-only",
        "cache",
        "  environment   nothing but the image's own",
        "  appSettings.OPEN: shop/open",
      ]),
    );
    expect(lines.filter((line) => line.includes("Feature__On"))).toEqual([
      expect.stringMatching(/^ {4}Feature__On +yes +3:13 Feature:On$/),
    ]);
  });
});
