import { expect } from "vitest";
import type { SiteDefinition } from "../../harness/definition/site-definition.ts";
import type { RunningSite } from "../../harness/site/running-site.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { exampleSite, withAppSettings, withProperties } from "../support/example-site.ts";
import { untilEvent } from "../support/observations.ts";

const UNANSWERED = "@Microsoft.KeyVault(VaultName=shop;SecretName=nobody-knows)";

/** Main inherits and has variables of its own; `isolated` inherits nothing. Both are looked at while they run. */
async function siteWithVariables(): Promise<SiteDefinition> {
  const example = withAppSettings(await exampleSite(), {
    "Feature:Retry.Count": "3",
    NODE_VERSION: "from the app settings",
    OTHER_PORT: "9001",
    FROM_VAULT: "@Microsoft.KeyVault(SecretUri=https://shop.vault.azure.net/secrets/Answer)",
    FROM_NO_VAULT: UNANSWERED,
  });
  const dapr = example.siteContainers.find(({ name }) => name === "dapr");
  if (dapr === undefined) throw new Error("the example has no container dapr");
  const references = [
    { name: "GREETING", value: "GREETING_TEMPLATE" },
    { name: "LITERAL", value: "a literal value, as many Bicep files have it" },
    { name: "APPPORT", value: "OTHER_PORT" },
    { name: "ANSWER", value: "FROM_VAULT" },
  ];
  const withMain = withProperties(example, "main", { environmentVariables: references });
  return {
    ...withMain,
    keyVaultSecrets: { "shop/answer": "forty-two" },
    connectionStrings: [
      { name: "Main.Db", type: "SQLAzure", value: 'Server=tcp:x;Password="a b;$c"' },
      { name: "Cache", type: "RedisCache", value: "@Microsoft.KeyVault(VaultName=shop;SecretName=answer)" },
    ],
    siteContainers: [
      ...withMain.siteContainers,
      {
        name: "isolated",
        properties: {
          image: dapr.properties.image,
          isMain: false,
          startUpCommand: "sleep infinity",
          inheritAppSettingsAndConnectionStrings: false,
          environmentVariables: references,
        },
      },
    ],
  };
}

const test = siteTest(await siteWithVariables(), { until: "scheduled", schedule: { dapr: "never" } });

test("containers have the environment that ARM's rules give them, and what the plan says", async ({
  site,
}) => {
  const greeting = site.definition.appSettings.find(({ name }) => name === "GREETING_TEMPLATE")?.value;
  expect(greeting).toMatch(/["$`\\=]/);
  const [main, isolated] = await Promise.all(["main", "isolated"].map((name) => environmentOf(site, name)));

  // A value is the name of an app setting; one that names none becomes the empty text (A1.8).
  for (const environment of [main, isolated]) {
    expect(environment).toMatchObject({
      GREETING: greeting,
      LITERAL: "",
      APPPORT: "9001",
      // Resolved before it is injected (A4.6).
      ANSWER: "forty-two",
    });
  }
  // Inherited: each app setting twice (A4.2), with names as on Linux (A4.3), below environmentVariables, above the image (A4.1).
  expect(main).toMatchObject({
    APPSETTING_APPPORT: "9000",
    GREETING_TEMPLATE: greeting,
    APPSETTING_GREETING_TEMPLATE: greeting,
    Feature__Retry_Count: "3",
    APPSETTING_Feature__Retry_Count: "3",
    NODE_VERSION: "from the app settings",
    PORT: "9000",
    WEBSITE_SITE_NAME: "example",
    HOME: "/home",
    IDENTITY_ENDPOINT: "http://169.254.129.2:8081/msi/token",
    IDENTITY_HEADER: site.plan.identity?.header,
  });
  // Connection strings with the prefix of their type (A4.2); a reference without an answer stays as it is written (A4.6).
  expect(main).toMatchObject({
    SQLAZURECONNSTR_Main_Db: 'Server=tcp:x;Password="a b;$c"',
    REDISCACHECONNSTR_Cache: "forty-two",
    APPSETTING_FROM_VAULT: "forty-two",
    FROM_NO_VAULT: UNANSWERED,
  });
  // Without inheritance neither app settings, connection strings nor the platform's own variables come in (A4.5).
  const foreign =
    /^(?:APPSETTING_|WEBSITE_|IDENTITY_|MSI_|\w+CONNSTR_)|^(?:GREETING_TEMPLATE|APPID|DAPR_LOGLEVEL|PORT)$/;
  expect(Object.keys(isolated ?? {}).filter((name) => foreign.test(name))).toEqual([]);

  // Nothing was lost or changed between the plan and the process; the rest is the image's own and the engine's.
  expect(main).toMatchObject(planned(site, "main"));
  expect(isolated).toMatchObject(planned(site, "isolated"));
  expect(Object.keys(isolated ?? {}).toSorted()).toEqual(
    [...Object.keys(planned(site, "isolated")), "HOME", "HOSTNAME", "PATH"].toSorted(),
  );
});

function planned(site: RunningSite, container: string): Readonly<Record<string, string>> {
  return site.plan.containers.find(({ name }) => name === container)?.environment ?? {};
}

/** The first process is still the engine's, before it becomes the container's program. */
const UNTIL_PROGRAM = "while grep -q ^runc /proc/1/comm; do sleep 0.1; done";

/** `printenv` of the container's first process, whose variables the engine gave it; values may contain line ends. */
async function environmentOf(
  site: RunningSite,
  container: string,
): Promise<Readonly<Record<string, string>>> {
  await untilEvent(site, "container.started", {
    withinMs: 60_000,
    matches: (event) => event.container === container,
  });
  const command = ["sh", "-c", `${UNTIL_PROGRAM}; cat /proc/1/environ`];
  const { stdout } = await site.container(container).exec(command);
  const entries = stdout.split("\0").filter((entry) => entry !== "");
  return Object.fromEntries(
    entries.map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]),
  );
}
