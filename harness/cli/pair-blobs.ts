import type { EventOf } from "../timeline/events.ts";

type Tick = EventOf<"tick">;
type Blob = EventOf<"blob.created">;

/** Storage tells a blob's creation in whole seconds, cut off. */
const CREATION_RESOLUTION_MS = 1000;

/** A tick is seen when daprd's metrics are read, a little after the answer. */
const OBSERVATION_MS = 250;

/** On a busy machine so much later at the most; the call then seems to have been after its blob. */
const LATE_OBSERVATION_MS = 5_000;

/**
 * Which blob came of which successful tick, by time alone: blobs do not say. First those that were created while the
 * app was being called, then those of apps that answer first and send later, up to the next call, then those of ticks that
 * were seen late, back to the tick before. A blob belongs to one tick at most; one that fits none stays out, and so does a
 * tick whose blob never came.
 */
export function pairBlobs(ticks: readonly Tick[], blobs: readonly Blob[]): ReadonlyMap<Tick, Blob> {
  const pairs = new Map<Tick, Blob>();
  const free = new Set(blobs.toSorted((a, b) => createdMs(a) - createdMs(b) || a.seq - b.seq));
  const take = (tick: Tick, choose: (free: readonly Blob[]) => Blob | undefined): void => {
    if (!tick.success || pairs.has(tick)) return;
    const blob = choose([...free]);
    if (blob === undefined) return;
    pairs.set(tick, blob);
    free.delete(blob);
  };
  const takeFirst = (tick: Tick, untilMs: number): void =>
    take(tick, (all) =>
      all.find((one) => mayBeAfter(one, calledMs(tick) - OBSERVATION_MS) && createdMs(one) <= untilMs),
    );
  for (const tick of ticks) takeFirst(tick, Date.parse(tick.wall));
  ticks.forEach((tick, index) => {
    const next = ticks[index + 1];
    takeFirst(tick, next === undefined ? Number.POSITIVE_INFINITY : calledMs(next) - CREATION_RESOLUTION_MS);
  });
  ticks.forEach((tick, index) => {
    const before = ticks[index - 1];
    const fromMs = Math.max(
      calledMs(tick) - LATE_OBSERVATION_MS,
      before === undefined ? 0 : Date.parse(before.wall),
    );
    take(tick, (all) =>
      all.findLast((one) => mayBeAfter(one, fromMs) && createdMs(one) <= Date.parse(tick.wall)),
    );
  });
  return pairs;
}

function mayBeAfter(blob: Blob, ms: number): boolean {
  return createdMs(blob) + CREATION_RESOLUTION_MS > ms;
}

function createdMs(blob: Blob): number {
  return Date.parse(blob.createdOn);
}

function calledMs(tick: Tick): number {
  return Date.parse(tick.wall) - tick.latencyMs;
}
