import { Deadline } from "../shared/clock.ts";
import type { RunningSite } from "../site/running-site.ts";
import type { EventOf } from "../timeline/events.ts";
import type { Timeline } from "../timeline/timeline.ts";
import { pairBlobs } from "./pair-blobs.ts";
import { formatTable } from "./table.ts";

/** A tick and the blob that came of it. */
export interface TickRow {
  readonly tick: number;
  /** The instance whose daprd fired it, `<worker>-<life>`. */
  readonly instance: string;
  readonly component: string;
  /** When the app was called, seconds since the run began. */
  readonly atSeconds: number;
  /** Since the tick before of the same instance, seconds. */
  readonly sincePreviousSeconds: number | null;
  readonly success: boolean;
  readonly latencyMs: number;
  readonly blob: string | null;
  readonly blobBytes: number | null;
}

/** The ticks so far, each with the blob that came of it as far as times tell (see {@link pairBlobs}). */
export function collectTicks(timeline: Timeline): readonly TickRow[] {
  const ticks = timeline.of("tick");
  const blobs = pairBlobs(ticks, timeline.of("blob.created"));
  return ticks.map((tick, index) => {
    const previous = ticks
      .slice(0, index)
      .findLast(
        ({ instance, container, component }) =>
          instance === tick.instance && container === tick.container && component === tick.component,
      );
    const blob = blobs.get(tick);
    return {
      tick: index + 1,
      instance: tick.instance ?? "0-1",
      component: tick.component,
      atSeconds: round(calledAtMs(tick) / 1000),
      sincePreviousSeconds:
        previous === undefined ? null : round((calledAtMs(tick) - calledAtMs(previous)) / 1000),
      success: tick.success,
      latencyMs: Math.round(tick.latencyMs),
      blob: blob?.blob ?? null,
      blobBytes: blob?.size ?? null,
    };
  });
}

/** Waits until `count` ticks succeeded and as many blobs were seen. */
export async function untilTicks(
  site: RunningSite,
  options: { readonly count: number; readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<void> {
  const { count } = options;
  const seen = { ticks: 0, blobs: 0 };
  await site.timeline.waitFor(
    () => {
      seen.ticks = site.timeline.of("tick").filter(({ success }) => success).length;
      seen.blobs = site.timeline.of("blob.created").length;
      return seen.ticks >= count && seen.blobs >= count ? true : undefined;
    },
    {
      deadline: Deadline.in(options.timeoutMs),
      description: `${count} ticks and their blobs`,
      signal: AbortSignal.any([options.signal, site.signal]),
      observe: () => [{ label: "seen", value: `${seen.ticks} ticks, ${seen.blobs} blobs` }],
    },
  );
}

/** A table; it names the instance only where ticks came from several. */
export function formatTicks(rows: readonly TickRow[]): string {
  const several = new Set(rows.map(({ instance }) => instance)).size > 1;
  return formatTable([
    [
      "tick",
      ...(several ? ["instance"] : []),
      "binding",
      "at (s)",
      "since last (s)",
      "answer",
      "ms",
      "blob",
      "bytes",
    ],
    ...rows.map((row) => [
      row.tick,
      ...(several ? [row.instance] : []),
      row.component,
      row.atSeconds.toFixed(3),
      row.sincePreviousSeconds?.toFixed(3) ?? "-",
      row.success ? "ok" : "failed",
      row.latencyMs,
      row.blob ?? "-",
      row.blobBytes ?? "-",
    ]),
  ]);
}

/** The count rises when the app has answered; the call was that much earlier. */
function calledAtMs(tick: EventOf<"tick">): number {
  return tick.tMs - tick.latencyMs;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
