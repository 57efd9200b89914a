import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { SiteInput } from "./input-kind.ts";
import { loadSite } from "../load-site.ts";
import type { LoadedSite } from "../loaded-site.ts";
import { SiteFiles } from "../test-support/site-files.ts";

let files: SiteFiles;

beforeEach(async () => {
  files = await SiteFiles.create();
});

afterEach(async () => {
  await files[Symbol.asyncDispose]();
});

const SPEC = [
  { name: "main", properties: { image: "shop/main:1", isMain: true, targetPort: "9000" } },
  { name: "dapr", properties: { image: "shop/dapr:1" } },
];

/** Files in the order in which they are applied, by their names. */
async function load(contents: Readonly<Record<string, unknown>>): Promise<LoadedSite> {
  const named: string[] = [];
  for (const [name, content] of Object.entries(contents)) named.push(await files.put(name, content));
  return await loadSite({ files: named });
}

function messagesOf({ problems }: LoadedSite): string[] {
  return problems.map(({ message }) => message.replaceAll(`${files.directory}/`, ""));
}

describe("kinds of files, recognised by what they say", () => {
  it.each<[string, string, unknown, object]>([
    [
      "app settings of the CLI",
      "x.json",
      [{ name: "A", value: "1", slotSetting: true }],
      { appSettings: [{ name: "A", value: "1", slotSetting: true }] },
    ],
    [
      "app settings as an object",
      "x.json",
      { A: "1", B: 2 },
      {
        appSettings: [
          { name: "A", value: "1" },
          { name: "B", value: "2" },
        ],
      },
    ],
    [
      "a .env",
      "variables",
      '# all\nexport A=\'x y\' # one\n\nB="two\nlines"\nA="again"\n',
      {
        appSettings: [
          { name: "A", value: "again" },
          { name: "B", value: "two\nlines" },
        ],
      },
    ],
    [
      "connection strings of the CLI",
      "x.json",
      [{ name: "Main", value: "Server=x", type: "SQLAzure", slotSetting: false }],
      { connectionStrings: [{ name: "Main", value: "Server=x", type: "SQLAzure", slotSetting: false }] },
    ],
    [
      "connection strings as an object, the type in any case",
      "x.json",
      { Main: { value: "Server=x", type: "sqlazure" } },
      { connectionStrings: [{ name: "Main", value: "Server=x", type: "SQLAzure" }] },
    ],
    [
      "a site's configuration",
      "x.json",
      {
        linuxFxVersion: "sitecontainers",
        healthCheckPath: "/healthz",
        numberOfWorkers: 2,
        ftpsState: "Disabled",
      },
      { siteConfig: { linuxFxVersion: "sitecontainers", healthCheckPath: "/healthz", numberOfWorkers: 2 } },
    ],
    [
      "a web app",
      "x.json",
      {
        type: "Microsoft.Web/sites",
        name: "online-shop",
        clientAffinityEnabled: false,
        identity: { type: "SystemAssigned", principalId: "p", tenantId: "t", userAssignedIdentities: null },
        siteConfig: { linuxFxVersion: "sitecontainers", healthCheckPath: null },
      },
      {
        name: "online-shop",
        clientAffinityEnabled: false,
        identity: { type: "SystemAssigned", principalId: "p", tenantId: "t" },
        siteConfig: { linuxFxVersion: "sitecontainers" },
      },
    ],
    [
      "an identity",
      "x.json",
      {
        type: "systemassigned,userassigned",
        principalId: "p",
        tenantId: "t",
        userAssignedIdentities: { "/subscriptions/1/x": { clientId: "c", principalId: "q" } },
      },
      {
        identity: {
          type: "SystemAssigned, UserAssigned",
          principalId: "p",
          tenantId: "t",
          userAssignedIdentities: { "/subscriptions/1/x": { clientId: "c", principalId: "q" } },
        },
      },
    ],
    [
      "a plan",
      "x.json",
      {
        type: "Microsoft.Web/serverfarms",
        sku: { name: "P1v3", capacity: 2, tier: "PremiumV3", size: "P1v3", family: "Pv3" },
      },
      { serverFarm: { sku: { name: "P1v3", capacity: 2 } } },
    ],
    [
      "Key Vault secrets",
      "x.json",
      { "Shop/Db-Password": "hunter2" },
      { keyVaultSecrets: { "shop/db-password": "hunter2" } },
    ],
  ])("%s", async (_, name, content, expected) => {
    const loaded = await load({ "spec.json": SPEC, [name]: content });
    expect(messagesOf(loaded)).toEqual([]);
    expect(loaded.definition).toMatchObject(expected);
  });

  it.each([
    ["beside the name", { isMain: true, image: "x", targetPort: 80 }],
    [
      "under properties, null for what is absent",
      { properties: { isMain: true, image: "x", targetPort: "80", startUpCommand: null } },
    ],
  ])("site containers as az lists them, %s", async (_, shape) => {
    const id = "/subscriptions/1/resourceGroups/g/providers/Microsoft.Web/sites/s/sitecontainers/web";
    const item = {
      id,
      name: "web",
      type: "Microsoft.Web/sites/sitecontainers",
      kind: null,
      resourceGroup: "g",
      ...shape,
    };
    const loaded = await load({ "list.json": [item] });
    expect(messagesOf(loaded)).toEqual([]);
    expect(loaded.definition.siteContainers).toEqual([
      { name: "web", properties: { image: "x", isMain: true, targetPort: "80" } },
    ]);
  });

  it("says what a file may be whose content does not tell, and takes the word of an option for it", async () => {
    const spec = await files.put("spec.json", SPEC);
    const file = await files.put("names.json", [{ name: "A" }]);
    const loaded = await loadSite({ files: [spec, file] });
    expect(loaded.problems).toEqual([
      expect.objectContaining({ message: expect.stringContaining("does not tell what it is") as unknown }),
    ]);
    expect(loaded.problems[0]?.remedy).toMatch(/--site-containers FILE: .*--app-settings FILE: /);
    const input: SiteInput = { file, kind: "appSettings" };
    const told = await loadSite({ files: [spec, input] });
    expect(told.problems).toEqual([]);
    expect(told.definition.appSettings).toEqual([{ name: "A", value: "" }]);
  });

  it("says of a file that is nothing of a site what it could be", async () => {
    const [problem] = (await load({ "spec.json": SPEC, "x.json": { a: { b: {} } } })).problems;
    expect(problem?.message).toContain("x.json is an object that says nothing of a site");
    expect(problem?.remedy).toContain("--compose FILE: a Compose file");
  });

  it("takes an empty list for nothing said, but not for a site", async () => {
    expect((await load({ "spec.json": SPEC, "none.json": [] })).problems).toEqual([]);
    expect(messagesOf(await load({ "none.json": [] }))).toEqual(["none.json says nothing of a site."]);
  });
});
