import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import type {
  AppSetting,
  ConnectionString,
  EnvironmentVariableReference,
  SiteContainerProperties,
  SiteDefinition,
} from "../definition/site-definition.ts";
import { environmentOf, explainEnvironment, linuxName, type ExplainedVariable } from "./environment.ts";

const INSTANCE = "ab".repeat(32);
const IDENTITY = {
  address: "169.254.129.2",
  port: 8081,
  header: "the-header",
  tenantId: "t",
  clientId: "c",
  principalId: "p",
};

function explained(
  properties: Partial<SiteContainerProperties> = {},
  site: Partial<SiteDefinition> = {},
): readonly ExplainedVariable[] {
  const container = { name: "one", properties: { image: "x:1", isMain: false, ...properties } };
  const definition: SiteDefinition = {
    name: "shop",
    siteContainers: [container],
    appSettings: [],
    identity: { type: "SystemAssigned" },
    storageAccounts: [],
    builds: {},
    daprSidecars: [],
    observedPorts: [],
    ...site,
  };
  const identity = definition.identity.type === "None" ? null : IDENTITY;
  return explainEnvironment(container, { definition, instanceId: INSTANCE, identity, mainPort: 9000 });
}

function environment(
  properties: Partial<SiteContainerProperties> = {},
  site: Partial<SiteDefinition> = {},
): Readonly<Record<string, string>> {
  return environmentOf(explained(properties, site));
}

const NAME = fc.oneof(
  fc.string(),
  fc.constantFrom("A", "a", "A.B", "A_B", "__proto__", "constructor", "PORT", "HOME", "WEBSITE_SITE_NAME"),
);
const SETTINGS = fc.array(fc.record({ name: NAME, value: fc.string() }));
const REFERENCES = fc.array(fc.record({ name: NAME, value: NAME }));
const STRINGS = fc.array(
  fc.record({
    name: NAME,
    value: fc.string(),
    type: fc.constantFrom("SQLServer" as const, "Custom" as const, "DocDb" as const),
  }),
);

describe("linuxName (A4.3)", () => {
  it.each([
    ["ConnectionStrings:Main", "ConnectionStrings__Main"],
    ["Logging.Level", "Logging_Level"],
    ["a-b c/d$é", "abcd"],
    ["A1_b", "A1_b"],
    ["%-%", ""],
  ])("of %j is %j", (name, expected) => {
    expect(linuxName(name)).toBe(expected);
  });

  it("holds only letters, digits and underscores, and is its own Linux name", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (name) => {
        expect(linuxName(name)).toMatch(/^[A-Za-z0-9_]*$/);
        expect(linuxName(linuxName(name))).toBe(linuxName(name));
      }),
    );
  });
});

describe("precedence (A4.1)", () => {
  /** What the law says a variable is, from the top down. */
  function byLaw(
    name: string,
    references: readonly EnvironmentVariableReference[],
    settings: readonly AppSetting[],
    strings: readonly ConnectionString[],
    platform: Readonly<Record<string, string>>,
  ): string | undefined {
    const reference = references.findLast((one) => one.name === name);
    if (reference !== undefined) {
      return settings.findLast((setting) => setting.name === reference.value)?.value ?? "";
    }
    const plain = (one: { readonly name: string }): string => linuxName(one.name);
    const setting = settings.findLast(
      (one) => plain(one) !== "" && (plain(one) === name || `APPSETTING_${plain(one)}` === name),
    );
    if (setting !== undefined) return setting.value;
    const prefixes = { SQLServer: "SQLCONNSTR_", Custom: "CUSTOMCONNSTR_", DocDb: "DOCDBCONNSTR_" };
    const string = strings.findLast(
      (one) => plain(one) !== "" && `${prefixes[one.type as keyof typeof prefixes]}${plain(one)}` === name,
    );
    return string?.value ?? (Object.hasOwn(platform, name) ? platform[name] : undefined);
  }

  it("is environmentVariables over app settings over connection strings over the platform's own", () => {
    const platform = environment();
    fc.assert(
      fc.property(SETTINGS, REFERENCES, STRINGS, (appSettings, environmentVariables, connectionStrings) => {
        const found = environment({ environmentVariables }, { appSettings, connectionStrings });
        // A setting of the platform's own name changes what the platform says of it.
        for (const [name, value] of Object.entries(found)) {
          if (name === "WEBSITES_ENABLE_APP_SERVICE_STORAGE") continue;
          expect([name, value]).toEqual([
            name,
            byLaw(name, environmentVariables, appSettings, connectionStrings, platform),
          ]);
        }
        const wanted = [
          ...Object.keys(platform),
          ...appSettings.map(({ name }) => linuxName(name)).filter((name) => name !== ""),
          ...environmentVariables.map(({ name }) => name),
        ];
        for (const name of wanted) expect(Object.hasOwn(found, name)).toBe(true);
      }),
    );
  });

  it("leaves every variable once, with the origin of the value that won", () => {
    fc.assert(
      fc.property(SETTINGS, REFERENCES, (appSettings, environmentVariables) => {
        const variables = explained({ environmentVariables }, { appSettings });
        expect(new Set(variables.map(({ name }) => name)).size).toBe(variables.length);
        for (const { name, value, origin } of variables) {
          if (origin.from === "appSettings") {
            const same = appSettings.filter((setting) => setting.name === origin.name);
            expect(same.map((setting) => setting.value)).toContain(value);
            expect([linuxName(origin.name), `APPSETTING_${linuxName(origin.name)}`]).toContain(name);
          }
          if (origin.from === "environmentVariables" && !origin.found) expect(value).toBe("");
        }
      }),
    );
  });

  it("has names of letters, digits and underscores wherever the container does not choose them itself", () => {
    fc.assert(
      fc.property(SETTINGS, STRINGS, (appSettings, connectionStrings) => {
        for (const name of Object.keys(environment({}, { appSettings, connectionStrings }))) {
          expect(name).toMatch(/^[A-Za-z0-9_]+$/);
        }
      }),
    );
  });

  it("changes no prototype, whatever the names are", () => {
    const evil = [{ name: "__proto__", value: "polluted" }];
    const found = environment({ environmentVariables: evil }, { appSettings: evil });
    expect(Object.getOwnPropertyDescriptor(found, "__proto__")?.value).toBe("");
    expect(Object.getPrototypeOf(found)).toBe(Object.prototype);
    expect(Object.getOwnPropertyDescriptor(found, "APPSETTING___proto__")?.value).toBe("polluted");
  });
});

describe("app settings (A4.2)", () => {
  it("come twice, with one value", () => {
    fc.assert(
      fc.property(SETTINGS, (appSettings) => {
        const found = environment({}, { appSettings });
        const plain = appSettings.map(({ name }) => linuxName(name));
        // A setting called APPSETTING_X may itself be the twin of one called X.
        for (const name of plain.filter(
          (one) => one !== "" && !plain.some((other) => other.startsWith("APPSETTING_")),
        )) {
          expect(found[`APPSETTING_${name}`]).toBe(found[name]);
        }
      }),
    );
  });
});

describe("connection strings (A4.2)", () => {
  it.each([
    ["SQLServer", "SQLCONNSTR_"],
    ["SQLAzure", "SQLAZURECONNSTR_"],
    ["MySql", "MYSQLCONNSTR_"],
    ["PostgreSQL", "POSTGRESQLCONNSTR_"],
    ["Custom", "CUSTOMCONNSTR_"],
    ["NotificationHub", "NOTIFICATIONHUBCONNSTR_"],
    ["ServiceBus", "SERVICEBUSCONNSTR_"],
    ["EventHub", "EVENTHUBCONNSTR_"],
    ["DocDb", "DOCDBCONNSTR_"],
    ["RedisCache", "REDISCACHECONNSTR_"],
  ] as const)("of the type %s have the prefix %s, a name as on Linux, and no twin", (type, prefix) => {
    const connectionStrings = [{ name: "Main.Db", value: "Server=x", type }];
    const variables = explained({}, { connectionStrings }).filter(({ value }) => value === "Server=x");
    expect(variables).toEqual([
      {
        name: `${prefix}Main_Db`,
        value: "Server=x",
        origin: { from: "connectionStrings", name: "Main.Db" },
      },
    ]);
  });
});

describe("environmentVariables (A1.8)", () => {
  const appSettings = [
    { name: "DB:URL", value: "postgres://" },
    { name: "EMPTY", value: "" },
  ];
  const of = (value: string): string | undefined =>
    environment({ environmentVariables: [{ name: "X", value }] }, { appSettings })["X"];

  it("resolve a value as the NAME of an app setting", () => {
    expect(of("DB:URL")).toBe("postgres://");
  });

  it("make a literal empty, as the platform does (A1.12), and say that no setting was found", () => {
    expect(of("3500")).toBe("");
    const [variable] = explained({
      inheritAppSettingsAndConnectionStrings: false,
      environmentVariables: [{ name: "X", value: "3500" }],
    });
    expect(variable?.origin).toEqual({ from: "environmentVariables", setting: "3500", found: false });
  });

  it("do not take an object's own members for app settings", () => {
    expect(of("constructor")).toBe("");
  });
});

describe("Key Vault references (A4.6)", () => {
  const reference = "@Microsoft.KeyVault(VaultName=shop;SecretName=Db-Password)";
  const appSettings = [{ name: "PASSWORD", value: reference }];
  const connectionStrings = [{ name: "Main", value: reference, type: "Custom" as const }];
  const properties = { environmentVariables: [{ name: "OWN", value: "PASSWORD" }] };

  it("are answered before anything is injected", () => {
    const keyVaultSecrets = { "shop/db-password": "hunter2" };
    expect(environment(properties, { appSettings, connectionStrings, keyVaultSecrets })).toMatchObject({
      PASSWORD: "hunter2",
      APPSETTING_PASSWORD: "hunter2",
      CUSTOMCONNSTR_Main: "hunter2",
      OWN: "hunter2",
    });
  });

  it("stay as they are written without an answer, as on the platform", () => {
    expect(environment(properties, { appSettings, connectionStrings })).toMatchObject({
      PASSWORD: reference,
      CUSTOMCONNSTR_Main: reference,
      OWN: reference,
    });
  });
});

describe("a container that does not inherit (A4.5)", () => {
  it("has its own variables and nothing else, main also its PORT", () => {
    fc.assert(
      fc.property(
        SETTINGS,
        REFERENCES,
        STRINGS,
        fc.boolean(),
        (appSettings, own, connectionStrings, isMain) => {
          const found = environment(
            { isMain, inheritAppSettingsAndConnectionStrings: false, environmentVariables: own },
            { appSettings, connectionStrings },
          );
          expect(new Set(Object.keys(found))).toEqual(
            new Set([...(isMain ? ["PORT"] : []), ...own.map(({ name }) => name)]),
          );
        },
      ),
    );
  });
});

describe("what the platform injects (A4.4)", () => {
  it("names the site and the instance", () => {
    expect(environment()).toMatchObject({
      WEBSITE_SITE_NAME: "shop",
      WEBSITE_HOSTNAME: "shop.azurewebsites.net",
      WEBSITE_INSTANCE_ID: INSTANCE,
      COMPUTERNAME: "localabababab",
      HOME: "/home",
    });
  });

  it.each([
    ["F1", "Free"],
    ["B1", "Basic"],
    ["S2", "Standard"],
    ["P1v2", "PremiumV2"],
    ["P0v3", "PremiumV3"],
    ["P1mv3", "PremiumV3"],
    ["P1V4", "PremiumV4"],
    ["I1v2", "IsolatedV2"],
  ])("names the pricing tier of the plan %s: %s", (name, tier) => {
    expect(environment({}, { serverFarm: { sku: { name } } })["WEBSITE_SKU"]).toBe(tier);
  });

  it.each([
    ["on where the site says nothing (A5.1)", [], "true"],
    ["as the site says it", [{ name: "websites_enable_app_service_storage", value: "false" }], "false"],
  ])("has storage %s", (_, appSettings, expected) => {
    expect(environment({}, { appSettings })["WEBSITES_ENABLE_APP_SERVICE_STORAGE"]).toBe(expected);
  });

  it("gives the identity's endpoint and header under both pairs of names (A6.1), and none without identity", () => {
    const endpoint = "http://169.254.129.2:8081/msi/token";
    const variables = explained().filter(({ origin }) => origin.from === "identity");
    expect(environmentOf(variables)).toEqual({
      IDENTITY_ENDPOINT: endpoint,
      IDENTITY_HEADER: "the-header",
      MSI_ENDPOINT: endpoint,
      MSI_SECRET: "the-header",
    });
    expect(environment({}, { identity: { type: "None" } })).not.toHaveProperty("IDENTITY_ENDPOINT");
  });
});
