import { expect, test } from "vitest";

import { DAPR_RULES } from "./rules.ts";
import { component, cron, findingsOf, ruleOf } from "./test-support/findings-of.ts";

/** What the rule finds, without its words: `severity line:column`. */
const placesOf = (id: string, text: string): string[] =>
  findingsOf(ruleOf(id), text).map((finding) => finding.split(" ").slice(0, 2).join(" "));

const blob = (metadata: Readonly<Record<string, string>>, spec = "  initTimeout: 30s\n"): string =>
  component(
    "bindings.azure.blobstorage",
    { accountName: "shopfiles", containerName: "files", ...metadata },
    { spec },
  );

const one = cron();

/** Each: rule, a component file, what is found. */
const CASES: readonly (readonly [string, string, readonly string[]])[] = [
  ["SC102", one, []],
  ["SC102", `${one}---\nkind: [a\n---\n${one}`, ["error 11:9"]],
  ["SC102", one.replace("  name", "\tname"), ["error 4:1"]],
  ["SC102", `${one}...\n${one}`, []],
  ["SC103", one, []],
  ["SC103", one.replace("Component", "component"), ["error 2:7"]],
  ["SC103", one.replace("kind: Component\n", ""), ["error 1:1"]],
  ["SC103", one.replace("v1alpha1", "v2alpha1"), ["error 1:13"]],
  ["SC103", one.replace("apiVersion: dapr.io/v1alpha1\n", ""), ["error 1:1"]],
  ["SC103", one.replace("Component", "Subscribtion"), ["error 2:7"]],
  ["SC103", "kind: List\nitems: []\n", []],
  ["SC103", "some: settings\n", []],
  ["SC104", one, []],
  ["SC104", one.replace("  name: it", "  labels: {}"), ["error 3:1"]],
  ["SC104", one.replace("name: it", "name: a/b"), ["error 4:9"]],
  ["SC105", one, []],
  ["SC105", `${one}scopes: main\n`, ["error 10:9"]],
  ["SC105", cron({}, { spec: '  ignoreErrors: "true"\n' }), ["error 10:17"]],
  ["SC105", cron({}, { spec: "  ignoreErrors: yes\n" }), []],
  ["SC106", one, []],
  ["SC106", one + one, ["error 10:1"]],
  ["SC106", cron({}, { spec: "  version: v1\n  version: v2\n" }), ["error 11:3"]],
  ["SC107", `---\n${one}---\n${one}--- # next\n${one}-----\n`, []],
  ["SC107", `${one}--- # end`, ["error 10:1"]],
  ["SC107", `${one}---`, []],
  ["SC107", `# nothing\n--- # end`, []],
  ["SC107", `${one}...\n${one}`, ["error 11:1"]],
  ["SC107", `${one}--- kind: x\n${one}`, ["error 10:4"]],
  ["SC107", `${one}# ${"x".repeat(65_536)}\n`, ["error 1:1"]],
  ["SC108", `${one}---\n${cron({}, { name: "other" })}`, []],
  ["SC108", `${one}---\n${one}`, ["error 14:9"]],
  ["SC108", `${one}scopes: [a]\n---\n${one}`, ["warning 15:9"]],
  ["SC109", one, []],
  ["SC109", cron({}, { name: "n" }), ["warning 4:9"]],
  ["SC109", cron({}, { name: "010" }), ["warning 4:9"]],
  ["SC109", cron({}, { name: "2020-01-01" }), []],
  [
    "SC109",
    component("state.redis", { redisHost: "a", enableTLS: "yes", redisDB: "1_0", queryIndexes: "1.10" }),
    ["warning 11:36"],
  ],
  ["SC110", one, []],
  ["SC110", component("bindings.Cron", {}), []],
  ["SC110", component("Bindings.cron", {}), ["error 6:9"]],
  ["SC110", component("bindings.corn", {}), ["error 6:9"]],
  ["SC110", component("nameresolution.mdns", {}), ["error 6:9"]],
  ["SC110", component("state.our-very-own-thing", {}), ["warning 6:9"]],
  ["SC110", one.replace("  type: bindings.cron\n", ""), ["error 5:1"]],
  ["SC111", component("state.postgresql", {}, { spec: "  version: v2\n" }), []],
  ["SC111", cron({}, { spec: "  version: v0\n" }), []],
  ["SC111", cron({}, { spec: "  version: 1\n" }), ["error 10:12"]],
  ["SC111", component("state.postgresql", {}, { spec: "  version: constructor\n" }), ["error 8:12"]],
  ["SC112", cron({ ROUTE: "x", Direction: "input" }), []],
  ["SC112", blob({ containr: "x" }), ["warning 10:15"]],
  ["SC112", blob({ spnTenantId: "x", storageAccount: "x", getBlobRetryCount: "3" }), []],
  ["SC112", component("bindings.apns", { whatever: "x" }), []],
  ["SC113", one, []],
  ["SC113", component("bindings.cron", {}), ["error 6:9"]],
  ["SC113", component("bindings.cron", { direction: "output" }), []],
  ["SC113", component("bindings.azure.blobstorage", { containerName: "files" }), ["error 6:9"]],
  ["SC113", component("pubsub.azure.servicebus", { consumerID: "a" }), ["error 6:9"]],
  ["SC113", component("pubsub.azure.servicebus", { connectionString: "a" }), []],
  ["SC113", component("secretstores.azure.keyvault", {}), ["warning 6:9"]],
  ["SC114", blob({ retryCount: '"-1"', decodeBase64: "yes", endpoint: "x" }), []],
  ["SC114", blob({ retryCount: "many" }), ["error 10:34"]],
  ["SC114", blob({ decodeBase64: "ture" }), ["warning 10:36"]],
  [
    "SC114",
    component("state.redis", { redisHost: "a", readTimeout: "3", dialTimeout: "5 sec" }),
    ["error 10:35"],
  ],
  ["SC115", cron({ route: "/a", Direction: "input" }), []],
  ["SC115", cron({ Route: "/a" }), ["error 10:15"]],
  ["SC116", one, []],
  ["SC116", cron({ SCHEDULE: '"@daily"' }), ["error 10:15"]],
  ["SC116", one.replace("direction, value: input", 'schedule, value: "@daily"'), ["warning 9:15"]],
  ["SC117", one, []],
  ["SC118", cron({}).replace("value: input", "envRef: DAPR_X"), ["error 9:34"]],
  ["SC118", cron({}).replace("value: input", "envRef: DIRECTION"), []],
  ["SC119", cron({ route: '"/a/{podName}"' }), ["error 10:29"]],
  ["SC119", cron({ route: '"/a/{appID}"' }), []],
  ["SC120", one, []],
  ["SC120", cron({ schedule: '"0 0 3 * *"' }), []],
  ["SC120", cron({ schedule: '"* * * *"' }), ["error 8:32"]],
  ["SC120", cron({ schedule: "10" }), ["error 8:32"]],
  ["SC121", cron({ schedule: '"@every 1s"' }), []],
  ["SC121", cron({ schedule: '"@every 0s"' }), ["error 8:32"]],
  ["SC121", cron({ schedule: '"@every -1s"' }), ["error 8:32"]],
  ["SC121", cron({ schedule: '"@every 1ms"' }), ["warning 8:32"]],
  ["SC122", cron({ schedule: '"0 3 30 2 *"' }), ["error 8:32"]],
  ["SC122", cron({ schedule: '"0 3 29 2 *"' }), []],
  ["SC122", cron({ schedule: '"0 3 30 2 1"' }), []],
  ["SC123", cron({ schedule: '"* 0 3 * * *"' }), ["warning 8:32"]],
  ["SC123", cron({ schedule: '"*/10 * * * * *"' }), []],
  ["SC123", cron({ schedule: '"0 0 3 * * *"' }), []],
  ["SC124", cron({ schedule: '"TZ=UTC 0 3 * * *"' }), []],
  ["SC124", cron({ schedule: '"TZ=Europe/Berlin 0 3 * * *"' }), ["note 8:32"]],
  ["SC130", cron({ route: "a/b" }), []],
  ["SC130", cron({ route: "/" }), []],
  ["SC130", cron({ route: "/.internal/batch" }), []],
  ["SC130", cron({ route: "/a/" }), ["warning 10:29"]],
  ["SC130", cron({ route: "//a//b/../c" }), ["warning 10:29"]],
  ["SC130", cron({ route: "http://127.0.0.1:9000/a" }), ["error 10:29"]],
  ["SC131", `${one}---\n${cron({ route: "/its" }, { name: "other" })}`, []],
  ["SC131", `${one}---\n${cron({ route: "it" }, { name: "other" })}`, ["warning 20:29"]],
  ["SC131", `${one}---\n${blob({ route: "/it" })}`, []],
  ["SC132", one, []],
  ["SC132", component("bindings.cron", {}), ["warning 4:9"]],
  ["SC132", component("bindings.kafka", {}), ["note 4:9"]],
  ["SC132", blob({}), []],
  ["SC133", cron({ direction: '"output, INPUT"' }), []],
  ["SC133", cron({ direction: "output" }), ["error 9:33"]],
  ["SC133", cron({ direction: "inptu" }), ["error 9:33"]],
  ["SC133", cron({ direction: '"input, both"' }), ["warning 9:33"]],
  ["SC133", blob({ direction: "input" }), ["error 10:33"]],
  ["SC140", component("bindings.smtp", { host: "a", password: "x" }), ["warning 9:32"]],
  ["SC140", component("bindings.smtp", { host: "a", password: '""' }), []],
  ["SC140", component("bindings.smtp", { host: "a", password: '"${PASSWORD}"' }), []],
  ["SC140", blob({ accountKey: "x" }), []],
  ["SC141", blob({ accountKey: "x" }), ["warning 10:34"]],
  ["SC141", blob({ azureClientSecret: "x", azureClientId: "y" }), ["warning 10:41"]],
  ["SC141", blob({}), []],
  ["SC142", blob({ azureEnvironment: "AzurePublic" }), []],
  ["SC142", blob({ azureCloud: "Bogus" }), ["error 10:34"]],
  ["SC143", blob({ azureAuthMethods: '"mi, cli"' }), []],
  ["SC143", blob({ azureAuthMethods: "msi" }), ["error 10:40"]],
  ["SC143", blob({ azureAuthMethods: "none" }), ["error 10:40"]],
  ["SC143", blob({ azureAuthMethods: "none", accountKey: "x" }), []],
  ["SC144", blob({ endpoint: '"http://storage:10000"' }), ["error 10:32"]],
  ["SC144", blob({ endpoint: '"https://storage:10000"' }), []],
  ["SC144", blob({ endpoint: '"http://storage:10000"', accountKey: "x" }), []],
  ["SC145", blob({ endpoint: '"https://storage:10000"' }), []],
  ["SC145", blob({ endpoint: '"https://storage:10000/shopfiles"' }), ["error 10:32"]],
  ["SC145", blob({ endpoint: '"https://shopfiles.blob.core.windows.net/"' }), ["error 10:32"]],
  ["SC146", blob({}), []],
  ["SC146", blob({ containerName: "c1" }), ["error 9:37"]],
  ["SC146", blob({ containerName: "a--b" }), ["error 9:37"]],
  ["SC146", blob({ containerName: "$web" }), []],
  ["SC146", blob({ accountName: "Shop_Files" }), ["error 8:35"]],
  ["SC147", blob({ retryCount: "0" }), ["warning 10:34"]],
  ["SC147", blob({ retryCount: "1" }), []],
  ["SC150", blob({}), []],
  ["SC150", blob({}, "  initTimeout: 30\n"), ["warning 10:16"]],
  ["SC150", blob({}, "  initTimeout: 0s\n"), ["error 10:16"]],
  ["SC151", blob({}), []],
  ["SC151", blob({}, ""), ["warning 6:9"]],
  ["SC151", blob({}, "  initTimeout: 5s\n"), ["warning 10:16"]],
  ["SC151", blob({ accountKey: "x" }, ""), []],
  ["SC151", blob({ disableEntityManagement: "true" }, ""), []],
  ["SC151", component("secretstores.azure.keyvault", { vaultName: "a" }), []],
  ["SC152", cron({}, { spec: "  ignoreErrors: true\n" }), ["note 10:17"]],
  ["SC152", cron({}, { spec: "  ignoreErrors: false\n" }), []],
  ["SC160", component("state.in-memory", { actorStateStore: "false" }), []],
  ["SC160", component("state.in-memory", { ACTORSTATESTORE: "yes" }), ["warning 8:39"]],
];

test.each(CASES)("%s case %#", (id, text, expected) => {
  expect(placesOf(id, text)).toEqual(expected);
});

test("every rule has something that breaks it here, or with more around it", () => {
  const shown = new Set(CASES.filter(([, , found]) => found.length > 0).map(([id]) => id));
  const elsewhere = ["SC101", "SC117", "SC161", "SC162"];
  expect(DAPR_RULES.map(({ id }) => id).filter((id) => !shown.has(id))).toEqual(elsewhere);
});

test("aliases and merged mappings are followed, one that merges itself too", () => {
  const entry = "- &entry { name: Route, value: /a }\n    - *entry\n    - { <<: *entry, value: /b }";
  const text = one.replace(
    "- { name: direction, value: input }",
    `- { name: direction, value: input }\n    ${entry}`,
  );
  expect(placesOf("SC115", text)).toEqual(["error 10:22", "error 10:22", "error 10:22"]);
  expect(placesOf("SC113", one.replace("spec:", "spec: &spec\n  <<: *spec"))).toEqual([]);
});

test("no secret is in a message", () => {
  const text = component("bindings.smtp", {
    password: "hush-hush",
    connectionString: '"password=hush-hush"',
  });
  const found = DAPR_RULES.flatMap((each) => findingsOf(each, text));
  expect(found.some((finding) => finding.includes("is a secret"))).toBe(true);
  expect(found.join("\n")).not.toContain("hush");
});
