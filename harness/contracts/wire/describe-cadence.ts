import type { Distribution } from "../../shared/distribution.ts";
import { seconds } from "../observation.ts";
import { round } from "./cadence-bounds.ts";
import type { Cadence } from "./cadence-figures.ts";
import type { PhaseChange } from "./phase-changes.ts";

/** The figures of a cadence in words, one sentence each. */
export function describeCadence(
  cadence: Cadence,
  { by = "", where = "" }: { readonly by?: string; readonly where?: string } = {},
): readonly string[] {
  const { ticks, missed, duplicated, overlapping, failed, firstTicks, intervalMs, jitterMs } = cadence;
  return [
    `${ticks} ticks ${SEEN[cadence.seen]}${by}${where}: ${missed} missed, ${duplicated} too many, ${overlapping} overlapping, ${failed} failed`,
    ...firstTicks.map(
      ({ afterMs, dueAfterMs }) =>
        `first tick ${seconds(afterMs)} after daprd began to read the binding, due after ${seconds(dueAfterMs)}`,
    ),
    ...(intervalMs === null ? [] : [`interval ${describeDistribution(intervalMs)}`]),
    ...(jitterMs === null ? [] : [`distance from when due ${describeDistribution(jitterMs)}`]),
    ...cadence.phases.map(describePhase),
  ];
}

const SEEN: Readonly<Record<Cadence["seen"], string>> = {
  wire: "on the wire",
  counters: "by daprd's counters",
  virtual: "by the virtual clock",
};

function describeDistribution({ mean, least, p50, p90, p99, most }: Distribution): string {
  const [low, high] = [round(least), round(most)];
  return `mean ${round(mean)}, p50 ${round(p50)}, p90 ${round(p90)}, p99 ${round(p99)}, ${low} to ${high} ms`;
}

function describePhase({ what, beforeMs, afterMs, shiftMs, beganAnew }: PhaseChange): string {
  const apart = `${round(shiftMs)} ms apart${beganAnew ? ", daprd counted anew" : ""}`;
  return `phase ${round(beforeMs)} ms before, ${round(afterMs)} ms after ${what}: ${apart}`;
}
