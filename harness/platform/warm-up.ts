import { delay } from "../shared/clock.ts";
import type { PlatformSettings } from "../plan/platform-settings.ts";
import type { ProbeName } from "../timeline/events.ts";
import type { Timeline } from "../timeline/timeline.ts";
import { ping } from "./ping.ts";

export interface WarmUpOptions {
  /** Where main's port is published, for example `http://127.0.0.1:32768`; the path is the settings'. */
  readonly url: string;
  readonly settings: Pick<PlatformSettings, "warmUpPath" | "warmUpStatuses" | "warmUpIntervalMs">;
  readonly timeline: Timeline;
  /** Main's name, for the record. */
  readonly container: string;
  /** Ends the pings; the time limit is the caller's. */
  readonly signal: AbortSignal;
  /** Resolves when the next ping is worth it, after one without an answer. Default: after the settings' interval. */
  readonly untilNext?: (signal: AbortSignal) => Promise<void>;
  /** Limit of one ping. A guess; default 10,000. */
  readonly requestTimeoutMs?: number;
  /** How the record calls it. Default `warm-up`. */
  readonly probe?: ProbeName;
}

/** What the pings ended with. */
export interface WarmUpOutcome {
  /** An answer that counts was seen. */
  readonly warm: boolean;
  /** Status of the last ping; `null`: no HTTP answer, or no ping at all. */
  readonly status: number | null;
  readonly detail: string;
  /** Pings in all. */
  readonly pings: number;
  /** How many pings at the end saw the same as the last. */
  readonly same: number;
}

/**
 * The platform's start-time ping of main (A2.6): GETs the warm-up path again and again until an answer counts: any
 * HTTP status, or one of `warmUpStatuses`. It comes from outside the namespace, so that a main that listens on
 * loopback only fails as on App Service. Records `probe.changed` when an answer differs from the one before.
 * Never rejects: when `signal` aborts it resolves with what it saw last.
 */
export async function warmUp(options: WarmUpOptions): Promise<WarmUpOutcome> {
  const { settings, timeline, container, signal, probe = "warm-up" } = options;
  const url = new URL(settings.warmUpPath, options.url);
  let outcome: WarmUpOutcome = { warm: false, status: null, detail: "not asked yet", pings: 0, same: 0 };
  while (!signal.aborted) {
    const seen = await ping(url, options.requestTimeoutMs ?? 10_000, signal);
    if (signal.aborted) break;
    const unchanged = outcome.pings > 0 && seen.status === outcome.status && seen.detail === outcome.detail;
    outcome = {
      ...seen,
      warm: counts(seen.status, settings.warmUpStatuses),
      pings: outcome.pings + 1,
      same: unchanged ? outcome.same + 1 : 1,
    };
    if (!unchanged) timeline.record({ type: "probe.changed", probe, container, ...seen });
    if (outcome.warm) break;
    const next = seen.status === null ? options.untilNext?.(signal) : undefined;
    await (next ?? delay(settings.warmUpIntervalMs, signal)).catch(() => undefined);
  }
  return outcome;
}

function counts(status: number | null, statuses: readonly number[]): boolean {
  return status !== null && (statuses.length === 0 || statuses.includes(status));
}
