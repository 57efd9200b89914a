import { describe, expect, it } from "vitest";

import { DEFAULT_PLATFORM_SETTINGS, resolveSettings } from "./resolve-settings.ts";

describe("resolveSettings", () => {
  it("is App Service's defaults for a site that sets none", () => {
    expect(resolveSettings({ appSettings: [{ name: "OTHER", value: "1" }] })).toEqual(
      DEFAULT_PLATFORM_SETTINGS,
    );
    expect(DEFAULT_PLATFORM_SETTINGS).toMatchObject({ startTimeLimitSeconds: 230, stopTimeLimitSeconds: 5 });
  });

  it("takes the site's app settings (A2.6, A7.1)", () => {
    expect(
      resolveSettings({
        appSettings: [
          { name: "WEBSITES_CONTAINER_START_TIME_LIMIT", value: "1800" },
          { name: "WEBSITES_CONTAINER_STOP_TIME_LIMIT", value: "0" },
          { name: "WEBSITE_WARMUP_PATH", value: "/ready" },
          { name: "WEBSITE_WARMUP_STATUSES", value: "200, 202" },
          { name: "WEBSITE_DISABLE_OVERLAPPED_RECYCLING", value: "1" },
          { name: "WEBSITE_HEALTHCHECK_MAXPINGFAILURES", value: "2" },
          { name: "WEBSITE_HEALTHCHECK_MAXUNHEALTHYWORKERPERCENT", value: "100" },
          { name: "WEBSITE_SWAP_WARMUP_PING_PATH", value: "/warm" },
          { name: "WEBSITE_SWAP_WARMUP_PING_STATUSES", value: "200" },
        ],
      }),
    ).toMatchObject({
      startTimeLimitSeconds: 1800,
      stopTimeLimitSeconds: 0,
      warmUpPath: "/ready",
      warmUpStatuses: [200, 202],
      overlappedRecycling: false,
      healthCheckMaxPingFailures: 2,
      healthCheckMaxUnhealthyWorkerPercent: 100,
      swapWarmUpPath: "/warm",
      swapWarmUpStatuses: [200],
    });
  });

  it("takes the health check's path from the site's configuration (A2.8); without one there is no check", () => {
    expect(resolveSettings({ appSettings: [], siteConfig: { healthCheckPath: "/healthz" } })).toMatchObject({
      healthCheckPath: "/healthz",
    });
    expect(resolveSettings({ appSettings: [] }).healthCheckPath).toBe("");
  });

  it("lets the caller win, below App Service's range too", () => {
    const appSettings = [{ name: "WEBSITES_CONTAINER_START_TIME_LIMIT", value: "600" }];
    expect(resolveSettings({ appSettings }, { startTimeLimitSeconds: 3 })).toMatchObject({
      startTimeLimitSeconds: 3,
    });
  });

  it.each([
    ["WEBSITES_CONTAINER_START_TIME_LIMIT", "9"],
    ["WEBSITES_CONTAINER_START_TIME_LIMIT", "1801"],
    ["WEBSITES_CONTAINER_START_TIME_LIMIT", "60s"],
    ["WEBSITES_CONTAINER_STOP_TIME_LIMIT", "121"],
    ["WEBSITES_CONTAINER_STOP_TIME_LIMIT", ""],
    ["WEBSITE_WARMUP_PATH", "ready"],
    ["WEBSITE_WARMUP_STATUSES", "200-299"],
    ["WEBSITE_WARMUP_STATUSES", "600"],
    ["WEBSITE_HEALTHCHECK_MAXPINGFAILURES", "1"],
    ["WEBSITE_HEALTHCHECK_MAXPINGFAILURES", "11"],
    ["WEBSITE_HEALTHCHECK_MAXUNHEALTHYWORKERPERCENT", "0"],
    ["WEBSITE_SWAP_WARMUP_PING_PATH", "warm"],
    ["WEBSITE_SWAP_WARMUP_PING_STATUSES", "2xx"],
  ])("refuses %s=%j", (name, value) => {
    expect(() => resolveSettings({ appSettings: [{ name, value }] })).toThrowError(
      new RegExp(`^SPEC_INVALID: an app setting is out of [^]*\\n  ${name}   must be [^]*\\nFix: ${name}: `),
    );
  });

  it("tells all wrong settings at once", () => {
    const appSettings = [
      { name: "WEBSITES_CONTAINER_STOP_TIME_LIMIT", value: "121" },
      { name: "WEBSITE_WARMUP_PATH", value: "ready" },
    ];
    expect(() => resolveSettings({ appSettings })).toThrowError(/STOP_TIME_LIMIT [^]*WARMUP_PATH /);
  });
});
