import type { PlatformSettings } from "../../plan/platform-settings.ts";
import { delay } from "../../shared/clock.ts";
import type { Timeline } from "../../timeline/timeline.ts";
import { ping } from "../ping.ts";
import { platformMs } from "../platform-clock.ts";

export interface HealthCheckOptions {
  /** Where main's port is published, for example `http://127.0.0.1:32768`. */
  readonly url: string;
  readonly settings: Pick<
    PlatformSettings,
    | "healthCheckPath"
    | "healthCheckIntervalSeconds"
    | "healthCheckMaxPingFailures"
    | "unhealthyReplacementSeconds"
    | "platformClock"
  >;
  readonly timeline: Timeline;
  /** Main's name, for the record. */
  readonly container: string;
  /** Ends the check. */
  readonly signal: AbortSignal;
  /** Called whenever it changes; `failures`: pings in a row without a 2xx. */
  readonly onHealth: (healthy: boolean, failures: number) => void;
  /** It has been unhealthy for as long as the platform waits until it replaces an instance. Called once. */
  readonly onReplace: () => void;
}

/** The longest that one ping waits; a guess. The app answers at its own speed, whatever the platform's clock. */
const ANSWER_MS = 30_000;

/**
 * The platform's run-time ping of main (A2.8): each interval a GET of the path; 2xx is healthy, redirects are not
 * followed. After so many failures in a row the instance is unhealthy, and one good answer makes it healthy again. Resolves
 * when `signal` aborts; never rejects.
 */
export async function checkHealth(options: HealthCheckOptions): Promise<void> {
  const { settings, timeline, container, signal } = options;
  const url = new URL(settings.healthCheckPath, options.url);
  const intervalMs = platformMs(settings.healthCheckIntervalSeconds, settings);
  let failures = 0;
  let last: string | undefined;
  let unhealthySince: number | undefined;
  let replaced = false;
  for (;;) {
    try {
      await delay(intervalMs, signal);
    } catch {
      return;
    }
    const seen = await ping(url, ANSWER_MS, signal);
    if (signal.aborted) return;
    const now = `${seen.status} ${seen.detail}`;
    if (now !== last) timeline.record({ type: "probe.changed", probe: "health-check", container, ...seen });
    last = now;
    if (isHealthy(seen.status)) {
      if (unhealthySince !== undefined) options.onHealth(true, 0);
      failures = 0;
      unhealthySince = undefined;
      continue;
    }
    failures++;
    if (failures === settings.healthCheckMaxPingFailures) {
      unhealthySince = performance.now();
      options.onHealth(false, failures);
    }
    if (unhealthySince === undefined || replaced) continue;
    if (performance.now() - unhealthySince >= platformMs(settings.unhealthyReplacementSeconds, settings)) {
      replaced = true;
      options.onReplace();
    }
  }
}

function isHealthy(status: number | null): boolean {
  return status !== null && status >= 200 && status < 300;
}
