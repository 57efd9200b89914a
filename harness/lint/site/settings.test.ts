import { describe, expect, it } from "vitest";

import { contextOf } from "../test-support/context-of.ts";
import { containers, found } from "../test-support/found.ts";
import { appSettingsUnknown } from "./app-settings-unknown.ts";
import { environmentVariableTwice } from "./environment-variable-twice.ts";
import { keyVaultReference } from "./key-vault-reference.ts";
import { literalInEnvironmentVariables } from "./literal-in-environment-variables.ts";
import { registrySettings } from "./registry-settings.ts";
import { secretInSetting } from "./secret-in-setting.ts";
import { settingNameOnLinux } from "./setting-name-on-linux.ts";
import { settingNamesCollide } from "./setting-names-collide.ts";
import { settingTwice } from "./setting-twice.ts";

const MAIN = "isMain: true, targetPort: 8080";

/** Main with one variable, and app settings. */
function variable(reference: string, settings: string): string {
  return containers({ main: `${MAIN}, environmentVariables: [{ ${reference} }]` }, settings);
}

describe("SC012 literal-in-environment-variables", () => {
  it("finds a literal at its place, and says what becomes of it", () => {
    const text = variable("name: LOG_LEVEL, value: debug", "appSettings: { MODE: fast }\n");
    expect(found(literalInEnvironmentVariables, text)).toEqual([
      '3:120 LOG_LEVEL of "main" becomes an empty string: "debug" is the name of no app setting.',
    ]);
  });

  it.each([
    [
      "a setting of the variable's name",
      "name: LEVEL, value: debug",
      "LEVEL: info",
      'Write "LEVEL" here: the app setting of that name exists.',
    ],
    [
      "a setting with this value",
      "name: LEVEL, value: debug",
      "LOGGING: debug",
      'Write "LOGGING" here: that app setting has this very value.',
    ],
    [
      "a name that is nearly one",
      "name: LEVEL, value: LOG_LEVLE",
      "LOG_LEVEL: info",
      'If "LOG_LEVEL" is meant, write that; else create an app setting and write its name.',
    ],
    [
      "nothing like it",
      "name: LEVEL, value: debug",
      "MODE: fast",
      'Create an app setting, for example "LEVEL", that holds the value, and write its name here.',
    ],
  ])("says which setting is meant: %s", (_, reference, settings, remedy) => {
    const context = contextOf(variable(reference, `appSettings: { ${settings} }`));
    expect([...literalInEnvironmentVariables.check(context)]).toMatchObject([{ remedy }]);
  });

  it("finds an empty value, and a name in another case as a warning", () => {
    expect(
      found(literalInEnvironmentVariables, variable('name: A, value: ""', "appSettings: { B: c }")),
    ).toEqual([
      expect.stringContaining(
        'A of "main" becomes an empty string: its value is the name of no app setting.',
      ),
    ]);
    expect(
      found(literalInEnvironmentVariables, variable("name: A, value: level", "appSettings: { LEVEL: c }")),
    ).toEqual([
      expect.stringContaining(
        '(warning) A of "main" names the app setting "level", which the site has as "LEVEL"',
      ),
    ]);
  });

  it.each([
    ["the name of a setting", variable("name: A, value: LEVEL", "appSettings: { LEVEL: debug }")],
    ["a name that is also a plain word", variable("name: A, value: debug", "appSettings: { debug: 'yes' }")],
    ["anything when no app settings are given", variable("name: A, value: debug", "")],
  ])("says nothing of %s", (_, text) => {
    expect(found(literalInEnvironmentVariables, text)).toEqual([]);
  });

  it("finds literals where the app settings are given and are none", () => {
    expect(
      found(literalInEnvironmentVariables, variable("name: A, value: b", "appSettings: {}")),
    ).toHaveLength(1);
  });
});

describe("SC013 app-settings-unknown", () => {
  it("says once that nothing can be checked", () => {
    const two = "environmentVariables: [{ name: A, value: b }, { name: C, value: d }]";
    expect(found(appSettingsUnknown, containers({ main: `${MAIN}, ${two}`, side: two }))).toEqual([
      "3:112 this and 3 more references to app settings can't be checked: no app settings are among the inputs.",
    ]);
  });

  it.each([
    ["app settings", variable("name: A, value: b", "appSettings: { B: c }")],
    ["no app settings, said so", variable("name: A, value: b", "appSettings: []")],
    ["no references", containers({ main: MAIN })],
  ])("says nothing with %s", (_, text) => {
    expect(found(appSettingsUnknown, text)).toEqual([]);
  });
});

describe("SC014 environment-variable-twice", () => {
  it("finds one of a container, not of two", () => {
    const one = "environmentVariables: [{ name: A, value: X }]";
    const two = "environmentVariables: [{ name: A, value: X }, { name: A, value: Y }]";
    expect(found(environmentVariableTwice, containers({ main: two }))).toEqual([
      expect.stringContaining('"main" has A more than once.'),
    ]);
    expect(found(environmentVariableTwice, containers({ main: one, side: one }))).toEqual([]);
  });
});

describe("SC010 registry-settings", () => {
  it("finds each of them", () => {
    const settings =
      "appSettings: { DOCKER_REGISTRY_SERVER_URL: a, docker_registry_server_password: b, DOCKER_REGISTRY: c }\n";
    expect(found(registrySettings, containers({ main: MAIN }, settings))).toEqual([
      expect.stringContaining('"DOCKER_REGISTRY_SERVER_URL" plays no part'),
      expect.stringContaining('"docker_registry_server_password" plays no part'),
    ]);
    expect(
      found(
        registrySettings,
        containers({ main: MAIN }, `${settings}siteConfig: { linuxFxVersion: DOCKER|x }`),
      ),
    ).toEqual([]);
  });
});

const oneSetting = (name: string, value: string): string =>
  `appSettings: { ${JSON.stringify(name)}: ${JSON.stringify(value)} }`;

describe("SC016 secret-in-setting", () => {
  it.each([
    ["DB_PASSWORD", "correct-horse"],
    ["dbPassword", "correct-horse"],
    ["ADMIN_PASSWORD", "12345"],
    ["API_KEY", "sk-1"],
    ["Stripe__ApiKey", "sk-1"],
    ["GITHUB_TOKEN", "ghp_x"],
    ["CLIENT_SECRET", "abc"],
    [
      "STORAGE",
      "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=abc==;EndpointSuffix=core.windows.net",
    ],
    ["BUS", "Endpoint=sb://a.servicebus.windows.net/;SharedAccessKeyName=r;SharedAccessKey=abc="],
    ["DATABASE_URL", "postgres://shop:correct-horse@db.example.net/shop"],
    ["UPLOAD", "https://a.blob.core.windows.net/c?sv=1&sig=abc%3D"],
    ["CERT", "-----BEGIN RSA PRIVATE KEY-----\nabc"],
  ])("finds %s = %s, without telling it", (name, value) => {
    const findings = found(secretInSetting, oneSetting(name, value));
    expect(findings).toEqual([expect.stringContaining(`"${name}" holds a secret that is written out.`)]);
    expect(findings[0]).not.toContain(value);
  });

  it.each([
    ["DB_PASSWORD", ""],
    ["DB_PASSWORD", "@Microsoft.KeyVault(VaultName=a;SecretName=b)"],
    ["DB_PASSWORD", "<set in the pipeline>"],
    ["DB_PASSWORD", "${DB_PASSWORD}"],
    ["DB_PASSWORD_FILE", "/run/secrets/db"],
    ["DB_SECRET", "/run/secrets/db"],
    ["PARTITION_KEY", "customer"],
    ["KEY_VAULT_NAME", "shop"],
    ["TOKEN_ENDPOINT", "https://login.example.net/token"],
    ["MAX_TOKEN", "4096"],
    ["PASSWORD_MIN_LENGTH", "12"],
    ["USE_TOKEN", "true"],
    ["COMPASS", "north"],
    ["MONKEY", "banana"],
    ["AzureWebJobsStorage", "UseDevelopmentStorage=true"],
    [
      "APPLICATIONINSIGHTS_CONNECTION_STRING",
      "InstrumentationKey=00000000-0000-0000-0000-000000000000;IngestionEndpoint=https://x",
    ],
    ["DATABASE_URL", "postgres://db.example.net/shop"],
    ["SQL", "Server=tcp:a;Authentication=Active Directory Managed Identity"],
  ])("says nothing of %s = %s", (name, value) => {
    expect(found(secretInSetting, oneSetting(name, value))).toEqual([]);
  });

  it("finds one in a connection string", () => {
    const text =
      "connectionStrings: [{ name: Main, type: SQLAzure, value: 'Server=x;Password=correct-horse' }, { name: Free, type: Custom, value: 'Server=x' }]";
    expect(found(secretInSetting, text)).toEqual([
      expect.stringContaining('the connection string "Main" holds'),
    ]);
  });
});

const keyVault = (inside: string, secrets = ""): string =>
  `appSettings: { A: '@Microsoft.KeyVault(${inside})' }\n${secrets}`;

describe("SC017 key-vault-reference", () => {
  const secrets = "keyVaultSecrets: { shop/db: x }";

  it("finds one that the local secrets have not", () => {
    expect(found(keyVaultReference, keyVault("VaultName=shop;SecretName=other", secrets))).toEqual([
      '1:19 "A" refers to the secret shop/other, which the local secrets have not.',
    ]);
  });

  it.each([
    ["", "has neither SecretUri nor VaultName and SecretName"],
    ["VaultName=shop", "has no SecretName"],
    ["SecretUri=http://x", "has a SecretUri that is no https URL"],
    ["SecretName=db", "has no VaultName"],
  ])("finds one that is none: (%s)", (inside, fault) => {
    expect(found(keyVaultReference, keyVault(inside))).toEqual([
      `1:19 (error) "A" is a Key Vault reference that ${fault}.`,
    ]);
  });

  it.each([
    ["an answered one", keyVault("VaultName=shop;SecretName=db", secrets)],
    ["another case", keyVault("vaultname=SHOP; SecretName=DB;SecretVersion=1", secrets)],
    ["a URI", keyVault("SecretUri=https://shop.vault.azure.net/secrets/db/0123abc", secrets)],
    ["any when there are no local secrets", keyVault("VaultName=shop;SecretName=other")],
    ["a value that is none", `appSettings: { A: plain }\n${secrets}`],
  ])("says nothing of %s", (_, text) => {
    expect(found(keyVaultReference, text)).toEqual([]);
  });
});

describe("SC026, SC027 and SC028: names of settings", () => {
  it("finds names that Linux changes", () => {
    expect(found(settingNameOnLinux, "appSettings: { 'A:B': 1, 'C.D': 2, E-F: 3, G_H: 4, '--': 5 }")).toEqual(
      [
        '1:23 the app setting "A:B" reaches containers as A__B.',
        '1:33 the app setting "C.D" reaches containers as C_D.',
        '1:41 (warning) the app setting "E-F" reaches containers as EF.',
        '1:58 (warning) the app setting "--" does not reach containers: nothing of its name is left.',
      ],
    );
  });

  it("finds names that are one afterwards", () => {
    expect(found(settingNamesCollide, "appSettings: { 'A:B': 1, A__B: 2, C: 3 }")).toEqual([
      '1:32 "A__B" and "A:B" both reach containers as A__B; one of the two values is lost.',
    ]);
    expect(found(settingNamesCollide, "appSettings: { A:B: 1, A_B: 2, a: 3, A: 4 }")).toEqual([]);
  });

  it("finds names that are one to App Service", () => {
    expect(
      found(
        settingTwice,
        "appSettings: [{ name: A, value: 1 }, { name: a, value: 2 }, { name: B, value: 3 }]",
      ),
    ).toEqual(['1:56 "a" and "A" are one app setting to App Service.']);
  });
});

describe("what only Azure can evaluate", () => {
  it("is called no literal, and what an expression computes no secret that is written out", () => {
    expect(
      found(
        literalInEnvironmentVariables,
        variable('name: A, value: "[reference(x).y]"', "appSettings: { B: c }"),
      ),
    ).toEqual([]);
    expect(found(secretInSetting, `appSettings: { DB_PASSWORD: "[parameters('password')]" }`)).toEqual([]);
  });
});
