import { isWrong, readPlatformAppSetting } from "../definition/platform-app-settings.ts";
import type { SiteDefinition } from "../definition/site-definition.ts";
import { SitecarError } from "../errors/index.ts";
import type { PlatformSettings } from "./platform-settings.ts";

/** What holds where neither the site nor the caller says otherwise. */
export const DEFAULT_PLATFORM_SETTINGS: PlatformSettings = {
  startTimeLimitSeconds: 230,
  stopTimeLimitSeconds: 5,
  warmUpPath: "/robots933456.txt",
  warmUpStatuses: [],
  warmUpIntervalMs: 100,
  onContainerExitDuringStart: "cancel",
  onStartFailure: "hold",
  startFailuresUntilBlocked: 3,
  blockedSeconds: 120,
  onContainerExitAfterStart: "restart",
  sidecarRestarts: 3,
  overlappedRecycling: true,
  healthCheckPath: "",
  healthCheckIntervalSeconds: 60,
  healthCheckMaxPingFailures: 10,
  healthCheckMaxUnhealthyWorkerPercent: 50,
  unhealthyReplacementSeconds: 3600,
  swapWarmUpPath: "/",
  swapWarmUpStatuses: [],
  frontEndIdleSeconds: 230,
  platformClock: 1,
};

/**
 * The platform's settings of a site: the caller's win over the site's configuration, its app settings over that, and all over the defaults. The
 * caller's are not held to App Service's ranges: a test may want a start limit of 3 s.
 * @throws {SitecarError} SPEC_INVALID for app settings out of App Service's range.
 */
export function resolveSettings(
  { appSettings, siteConfig }: Pick<SiteDefinition, "appSettings" | "siteConfig">,
  overrides: Partial<PlatformSettings> = {},
): PlatformSettings {
  const readings = appSettings.map(({ name, value }) => ({
    name,
    reading: readPlatformAppSetting(name, value),
  }));
  const wrong = readings.flatMap(({ name, reading }) => (isWrong(reading) ? [{ name, ...reading }] : []));
  if (wrong.length > 0) {
    throw new SitecarError("SPEC_INVALID", {
      message: `${wrong.length === 1 ? "an app setting is" : `${wrong.length} app settings are`} out of App Service's range.`,
      observations: wrong.map(({ name, message }) => ({ label: name, value: message })),
      remedy: wrong.map(({ name, remedy }) => `${name}: ${remedy}`).join(" "),
    });
  }
  const fromSite = readings.map(({ reading }) => (isWrong(reading) ? {} : reading));
  const healthCheckPath = siteConfig?.healthCheckPath ?? "";
  let settings: PlatformSettings = { ...DEFAULT_PLATFORM_SETTINGS, healthCheckPath };
  for (const reading of fromSite) settings = { ...settings, ...reading };
  return { ...settings, ...overrides };
}
