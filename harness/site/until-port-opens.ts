import type { PlatformSettings } from "../plan/platform-settings.ts";
import { delay } from "../shared/clock.ts";
import type { Timeline } from "../timeline/timeline.ts";

/** A main that listens where nobody sees it is pinged all the same. */
const AT_LEAST_EVERY_MS = 1_000;

/**
 * Resolves when the port opens, as the agent sees it, or after a second; for a port that is open already, after the warm-up
 * interval. A ping before would only find again that nothing listens.
 */
export async function untilPortOpens(
  timeline: Timeline,
  {
    port,
    settings,
  }: { readonly port: number; readonly settings: Pick<PlatformSettings, "warmUpIntervalMs"> },
  signal: AbortSignal,
): Promise<void> {
  const last = timeline.events.findLast(
    (event) => (event.type === "port.opened" || event.type === "port.closed") && event.port === port,
  );
  if (last?.type === "port.opened") {
    await delay(settings.warmUpIntervalMs, signal);
    return;
  }
  const opened = new AbortController();
  const unsubscribe = timeline.subscribe((event) => {
    if (event.type === "port.opened" && event.port === port) opened.abort();
  });
  try {
    await delay(AT_LEAST_EVERY_MS, AbortSignal.any([signal, opened.signal]));
  } catch {
    signal.throwIfAborted();
  } finally {
    unsubscribe();
  }
}
