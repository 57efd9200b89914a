import { describe, expect, it } from "vitest";

import { CRON_COMPONENT } from "../test-support/cron-component.ts";
import { containers, found } from "../test-support/found.ts";
import { bindingRouteIsPublic } from "./binding-route-is-public.ts";
import { cronOnEveryInstance } from "./cron-on-every-instance.ts";
import { healthCheckPath } from "./health-check-path.ts";
import { platformSettingRange } from "./platform-setting-range.ts";
import { warmUp } from "./warm-up.ts";

const CRON = { components: { "batch.yaml": CRON_COMPONENT } };
const DAPR = "image: daprio/daprd:1.18.2";
const MAIN = "isMain: true, targetPort: 9000";

describe("SC029 cron-on-every-instance", () => {
  it.each([
    ["the plan's capacity", "serverFarm: { sku: { name: P1v3, capacity: 3 } }", "1:44", 3],
    [
      "the site's workers",
      "siteConfig: { numberOfWorkers: 2 }\nserverFarm: { sku: { name: P1v3, capacity: 1 } }",
      "1:32",
      2,
    ],
  ])("finds it in %s", (_, text, at, times) => {
    expect(found(cronOnEveryInstance, text, CRON)).toEqual([
      `${at} the cron binding "batch" will fire ${times} times a tick, once on each instance.`,
    ]);
  });

  it("says nothing of one instance, of no cron, and of one that daprd does not read", () => {
    const three = "siteConfig: { numberOfWorkers: 3 }";
    expect(found(cronOnEveryInstance, "siteConfig: { numberOfWorkers: 1 }", CRON)).toEqual([]);
    expect(found(cronOnEveryInstance, "appSettings: {}", CRON)).toEqual([]);
    expect(found(cronOnEveryInstance, three)).toEqual([]);
    const output = CRON_COMPONENT.replace("value: input", "value: output");
    expect(found(cronOnEveryInstance, three, { components: { "batch.yaml": output } })).toEqual([]);
    expect(found(cronOnEveryInstance, three, { components: { "batch.txt": CRON_COMPONENT } })).toEqual([]);
  });
});

describe("SC036 binding-route-is-public", () => {
  it("finds the route where main is daprd's only possible app, or the one it is told of", () => {
    const message = expect.stringContaining(
      '/.internal/batch, which the binding "batch" calls, is reachable',
    );
    expect(found(bindingRouteIsPublic, containers({ main: MAIN, dapr: DAPR }), CRON)).toEqual([message]);
    const told = `${DAPR}, startUpCommand: "./daprd --app-port 9000"`;
    expect(
      found(bindingRouteIsPublic, containers({ main: MAIN, dapr: told, app: "isMain: false" }), CRON),
    ).toEqual([message]);
  });

  it.each([
    [
      "a proxy as main",
      containers({ main: "isMain: true, image: example.azurecr.io/shop-envoy:1", dapr: DAPR }),
    ],
    ["an app that may be another container", containers({ main: MAIN, dapr: DAPR, app: "isMain: false" })],
    [
      "an app on another port",
      containers({ main: MAIN, dapr: `${DAPR}, startUpCommand: "./daprd --app-port=9001"` }),
    ],
    ["no daprd", containers({ main: MAIN })],
  ])("says nothing of %s", (_, text) => {
    expect(found(bindingRouteIsPublic, text, CRON)).toEqual([]);
  });
});

const warmUpSettings = (path: string | undefined, statuses: string): string =>
  `appSettings: { ${path === undefined ? "" : `WEBSITE_WARMUP_PATH: '${path}', `}WEBSITE_WARMUP_STATUSES: '${statuses}' }`;

describe("SC030 warm-up", () => {
  it.each([
    ["a path that is none", warmUpSettings("healthz", "200"), "WEBSITE_WARMUP_PATH must be a path"],
    [
      "statuses that are none",
      warmUpSettings("/healthz", "OK"),
      "WEBSITE_WARMUP_STATUSES must be HTTP statuses",
    ],
    [
      "statuses that no answer has",
      warmUpSettings("/healthz", "100,101"),
      "lists only 100, 101, which no answer ends with",
    ],
    [
      "200 of the path that nobody serves",
      warmUpSettings(undefined, "200,204"),
      "(warning) WEBSITE_WARMUP_STATUSES wants 200 or 204 of /robots933456.txt",
    ],
  ])("finds %s", (_, text, message) => {
    expect(found(warmUp, text)).toEqual([expect.stringContaining(message)]);
  });

  it.each([
    warmUpSettings("/healthz", "200"),
    warmUpSettings(undefined, "200,404"),
    warmUpSettings(undefined, ""),
    "appSettings: {}",
  ])("says nothing of %s", (text) => {
    expect(found(warmUp, text)).toEqual([]);
  });
});

const oneSetting = (name: string, value: string): string => `appSettings: { ${name}: "${value}" }`;

describe("SC031 platform-setting-range", () => {
  it.each([
    ["WEBSITES_CONTAINER_START_TIME_LIMIT", "1801"],
    ["WEBSITES_CONTAINER_START_TIME_LIMIT", "9"],
    ["WEBSITES_CONTAINER_START_TIME_LIMIT", "5m"],
    ["WEBSITES_CONTAINER_STOP_TIME_LIMIT", "121"],
    ["WEBSITE_HEALTHCHECK_MAXPINGFAILURES", "1"],
    ["WEBSITE_HEALTHCHECK_MAXPINGFAILURES", "11"],
    ["WEBSITE_HEALTHCHECK_MAXPINGFAILURES", ""],
  ])("finds %s = %s", (name, value) => {
    expect(found(platformSettingRange, oneSetting(name, value))).toEqual([
      expect.stringContaining(`${name} must be`),
    ]);
  });

  it.each([
    ["WEBSITES_CONTAINER_START_TIME_LIMIT", "10"],
    ["WEBSITES_CONTAINER_START_TIME_LIMIT", "1800"],
    ["WEBSITES_CONTAINER_STOP_TIME_LIMIT", "0"],
    ["WEBSITES_CONTAINER_STOP_TIME_LIMIT", "120"],
    ["WEBSITE_HEALTHCHECK_MAXPINGFAILURES", "2"],
    ["WEBSITE_HEALTHCHECK_MAXPINGFAILURES", "10"],
  ])("says nothing of %s = %s", (name, value) => {
    expect(found(platformSettingRange, oneSetting(name, value))).toEqual([]);
  });
});

const healthPath = (path: string): string => `siteConfig: { healthCheckPath: "${path}" }`;

describe("SC032 health-check-path", () => {
  it.each(["healthz", "https://shop.azurewebsites.net/healthz", "/a b", "/a#b"])("finds %s", (path) => {
    expect(found(healthCheckPath, healthPath(path))).toEqual([
      `1:32 healthCheckPath is "${path}", which is no path.`,
    ]);
  });

  it.each(["", "/", "/healthz?full=1"])("says nothing of %j", (path) => {
    expect(found(healthCheckPath, healthPath(path))).toEqual([]);
  });
});
