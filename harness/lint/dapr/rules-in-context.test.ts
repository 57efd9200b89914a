import { describe, expect, test } from "vitest";

import { Origins } from "../../definition/origins.ts";
import type { SiteDefinition } from "../../definition/site-definition.ts";
import type { LintContext } from "../rule.ts";
import { component, contextOf, cron, findingsIn, ruleOf } from "./test-support/findings-of.ts";

const one = cron();

function inOneFolder(id: string, files: Readonly<Record<string, string>>): string[] {
  return findingsIn(ruleOf(id), contextOf(files));
}

function policy(name: string, way: string): string {
  return `---\napiVersion: dapr.io/v1alpha1\nkind: Resiliency\nmetadata:\n  name: r\nspec:\n  targets:\n    components:\n      ${name}:\n        ${way}: { retry: important }\n`;
}

function siteWith(
  startUpCommand: string,
  appSettings: Readonly<Record<string, string>> = {},
): LintContext["site"] {
  const definition: SiteDefinition = {
    name: "shop",
    siteContainers: [{ name: "dapr", properties: { image: "daprd:1", isMain: false, startUpCommand } }],
    appSettings: Object.entries(appSettings).map(([name, value]) => ({ name, value })),
    identity: { type: "SystemAssigned" },
    storageAccounts: [],
    builds: {},
    daprSidecars: [
      {
        container: "dapr",
        resourcesPath: "/components",
        httpPort: 3500,
        grpcPort: 50_001,
        metricsPort: 9090,
        componentFiles: ["/site/components/a.yaml"],
      },
    ],
    observedPorts: [],
  };
  return { definition, origins: new Origins(), problems: [], files: [] };
}

describe("what takes more than one file", () => {
  test("SC101: another ending, a folder below", () => {
    const found = findingsIn(
      ruleOf("SC101"),
      contextOf({ "a.yaml": one, "b.yaml.bak": one, "sub/c.yml": one }),
    );
    expect(found).toEqual([
      expect.stringContaining('passes over "b.yaml.bak": only names'),
      expect.stringContaining('passes over "c.yml": it does not look into folders'),
    ]);
  });

  test("SC108: over files, by name of the file, and not what is passed over", () => {
    const found = findingsIn(ruleOf("SC108"), contextOf({ "b.yaml": one, "a.yaml": one, "sub/c.yaml": one }));
    expect(found).toEqual([expect.stringMatching(/^error 4:9 .*a\.yaml:4:9/)]);
  });

  const withSecret = one.replace('value: "@hourly"', "secretKeyRef: { name: s, key: s }");
  const store = component("secretstores.local.env", {}, { name: "vault" });

  test("SC117: no store, one that is not there, one that is", () => {
    const named = `${withSecret}auth: { secretStore: vault }\n`;
    expect(inOneFolder("SC117", { "a.yaml": withSecret })).toEqual([
      expect.stringMatching(/^error 8:\d+ .*no auth\.secretStore/),
    ]);
    expect(inOneFolder("SC117", { "a.yaml": named })).toEqual([
      expect.stringMatching(/^error 10:22 .*never loads "it"/),
    ]);
    expect(inOneFolder("SC117", { "a.yaml": named, "b.yaml": store })).toEqual([]);
  });
});

describe("what the site says", () => {
  const scoped = { "a.yaml": `${one}scopes: [main]\n` };
  const outOfScope = (site: LintContext["site"]): string[] =>
    findingsIn(ruleOf("SC161"), contextOf(scoped, site));

  test("SC161: the app id of the start-up command, its variables, else of APPID; otherwise nothing", () => {
    expect(outOfScope(undefined)).toEqual([]);
    expect(outOfScope(siteWith(""))).toEqual([]);
    expect(outOfScope(siteWith("daprd --app-id main"))).toEqual([]);
    expect(outOfScope(siteWith("daprd --app-id other"))).toEqual([
      expect.stringMatching(/^warning 10:1 .*"other"/),
    ]);
    expect(outOfScope(siteWith('daprd --app-id="${ID:-other}"'))).toHaveLength(1);
    expect(outOfScope(siteWith('daprd --app-id="${ID:-other}"', { ID: "main" }))).toEqual([]);
    expect(outOfScope(siteWith("daprd --app-id $UNKNOWN"))).toEqual([]);
    expect(outOfScope(siteWith("", { APPID: "other" }))).toHaveLength(1);
  });

  test("SC160: not when daprd is told of a placement service", () => {
    const files = { "a.yaml": component("state.in-memory", { actorStateStore: "true" }) };
    const found = (command: string): string[] =>
      findingsIn(ruleOf("SC160"), contextOf(files, siteWith(command)));
    expect(found("daprd --app-id main")).toHaveLength(1);
    expect(found("daprd --placement-host-address placement:50006")).toEqual([]);
  });

  test("SC119: not when the site has POD_NAME", () => {
    const files = { "a.yaml": cron({ route: '"/{podName}"' }) };
    expect(findingsIn(ruleOf("SC119"), contextOf(files, siteWith("", { POD_NAME: "a" })))).toEqual([]);
  });
});

test("SC162: a retry of what comes in, on an input binding only", () => {
  expect(findingsIn(ruleOf("SC162"), contextOf({ "a.yaml": one + policy("it", "inbound") }))).toEqual([
    expect.stringMatching(/^note 19:20 /),
  ]);
  expect(findingsIn(ruleOf("SC162"), contextOf({ "a.yaml": one + policy("it", "outbound") }))).toEqual([]);
  expect(findingsIn(ruleOf("SC162"), contextOf({ "a.yaml": one + policy("other", "inbound") }))).toEqual([]);
});
