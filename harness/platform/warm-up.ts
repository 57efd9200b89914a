import { request } from "node:http";
import { Deadline, delay } from "../shared/clock.ts";
import type { PlatformSettings } from "../plan/platform-settings.ts";
import type { Timeline } from "../timeline/timeline.ts";

export interface WarmUpOptions {
  /** Where main's port is published, for example `http://127.0.0.1:32768`; the path is the settings'. */
  readonly url: string;
  readonly settings: Pick<PlatformSettings, "warmUpPath" | "warmUpStatuses" | "warmUpIntervalMs">;
  readonly timeline: Timeline;
  /** Main's name, for the record. */
  readonly container: string;
  /** Ends the pings; the time limit is the caller's. */
  readonly signal: AbortSignal;
  /** Limit of one ping. A guess; default 10,000. */
  readonly requestTimeoutMs?: number;
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

interface Ping {
  readonly status: number | null;
  readonly detail: string;
}

/**
 * The platform's start-time ping of main (A2.6): GETs the warm-up path again and again until an answer counts: any
 * HTTP status, or one of `warmUpStatuses`. It comes from outside the namespace, so that a main that listens on
 * loopback only fails as on App Service. Records `probe.changed` when an answer differs from the one before.
 * Never rejects: when `signal` aborts it resolves with what it saw last.
 */
export async function warmUp(options: WarmUpOptions): Promise<WarmUpOutcome> {
  const { settings, timeline, container, signal } = options;
  const url = new URL(settings.warmUpPath, options.url);
  let outcome: WarmUpOutcome = { warm: false, status: null, detail: "not asked yet", pings: 0, same: 0 };
  while (!signal.aborted) {
    const ping = await pingOnce(url, options.requestTimeoutMs ?? 10_000, signal);
    if (signal.aborted) break;
    const unchanged = outcome.pings > 0 && ping.status === outcome.status && ping.detail === outcome.detail;
    outcome = {
      ...ping,
      warm: counts(ping.status, settings.warmUpStatuses),
      pings: outcome.pings + 1,
      same: unchanged ? outcome.same + 1 : 1,
    };
    if (!unchanged) timeline.record({ type: "probe.changed", probe: "warm-up", container, ...ping });
    if (outcome.warm) break;
    await delay(settings.warmUpIntervalMs, signal).catch(() => undefined);
  }
  return outcome;
}

function counts(status: number | null, statuses: readonly number[]): boolean {
  return status !== null && (statuses.length === 0 || statuses.includes(status));
}

/** One GET over its own connection; redirects are not followed. */
function pingOnce(url: URL, timeoutMs: number, signal: AbortSignal): Promise<Ping> {
  const timeout = Deadline.in(timeoutMs).signal();
  return new Promise((resolve) => {
    const asked = request(
      url,
      {
        agent: false,
        headers: { "user-agent": "HealthCheck/1.0" },
        signal: AbortSignal.any([timeout, signal]),
      },
      (answer) => {
        answer.resume();
        answer.on("error", () => undefined); // The status is the answer; what becomes of the body is not asked.
        resolve({ status: answer.statusCode ?? null, detail: answer.statusMessage ?? "" });
      },
    );
    asked.on("error", (error) =>
      resolve({
        status: null,
        detail: timeout.aborted ? `no answer in ${timeoutMs} ms` : describe(error),
      }),
    );
    asked.end();
  });
}

/** A published port whose container does not listen is accepted by the engine's proxy and closed at once. */
function describe(error: Error): string {
  const code = "code" in error && typeof error.code === "string" ? error.code : error.message;
  return code === "ECONNRESET" ? "connection closed without an answer (ECONNRESET)" : code;
}
