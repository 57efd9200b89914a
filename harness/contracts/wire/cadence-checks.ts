import type { CronSchedule } from "../../dapr/cron-schedule.ts";
import {
  defaultBound,
  describeBound,
  judgeBound,
  round,
  toleranceOf,
  type Bound,
  type CadenceBounds,
} from "./cadence-bounds.ts";
import type { Cadence } from "./cadence-figures.ts";

/** Something of a cadence that is not as it is held to be. */
export interface CadenceFault {
  readonly verdict: "broken" | "unknown";
  readonly kind: "missed" | "duplicated" | "overlapping" | "failed" | "time" | "count";
  /** Without the binding's name: `ticks of … are missed`. */
  readonly symptom: string;
  readonly evidence: string;
}

/** daprd's cron takes about 1 ms more than the interval from tick to tick (daprd.md §2). */
const DRIFT_MS = 2;

interface Check extends Pick<CadenceFault, "kind" | "symptom"> {
  /** For example `the mean interval`. */
  readonly what: string;
  readonly value: number;
  readonly bound: Bound;
  readonly unit: "" | " ms";
  /** How far the true value may be from this one. */
  readonly goodToMs: number;
}

export function faultsOf(
  cadence: Cadence,
  schedule: CronSchedule,
  bounds: CadenceBounds,
): readonly CadenceFault[] {
  return [
    ...countChecks(cadence, bounds),
    ...firstTickChecks(cadence, schedule, bounds),
    ...intervalChecks(cadence, bounds),
    ...jitterChecks(cadence, schedule, bounds),
    ...phaseChecks(cadence, schedule, bounds),
  ].flatMap(faultOf);
}

function faultOf({ kind, symptom, what, value, bound, unit, goodToMs }: Check): readonly CadenceFault[] {
  const verdict = judgeBound(value, bound, goodToMs);
  if (verdict === "held") return [];
  const told = `${what}: ${round(value)}${unit}, held to ${describeBound(bound, unit)}`;
  const evidence =
    verdict === "broken"
      ? told
      : unit === ""
        ? `${told}; some of them may have been under way at the end`
        : `${told}; times are good to ${goodToMs} ms`;
  return [{ verdict, kind, symptom, evidence }];
}

function countChecks(cadence: Cadence, bounds: CadenceBounds): readonly Check[] {
  const { count = {}, missed = 0, duplicated = 0, overlapping = 0, failed = 0 } = bounds;
  const { ticks } = cadence;
  const counted = (
    kind: Check["kind"],
    symptom: string,
    most: number | false,
    { what, value, goodTo = 0 }: { readonly what: string; readonly value: number; readonly goodTo?: number },
  ): readonly Check[] =>
    most === false ? [] : [{ kind, symptom, what, value, bound: { most }, unit: "", goodToMs: goodTo }];
  return [
    {
      kind: "count",
      symptom: ticks < (count.least ?? 0) ? "too few ticks of …" : "too many ticks of …",
      what: "ticks",
      value: ticks,
      bound: count,
      unit: "",
      goodToMs: 0,
    },
    ...counted("missed", "ticks of … are missed", missed, {
      what: "due ticks that did not come",
      value: cadence.missed,
      goodTo: cadence.missedUncertain ? cadence.missed : 0,
    }),
    ...counted("duplicated", "ticks of … are posted again", duplicated, {
      what: "posts too many",
      value: cadence.duplicated,
    }),
    ...counted("overlapping", "ticks of … overlap", overlapping, {
      what: `ticks while one before had no answer (${cadence.mostAtOnce} at once)`,
      value: cadence.overlapping,
    }),
    ...counted("failed", "ticks of … fail", failed, { what: "ticks without success", value: cadence.failed }),
  ];
}

function firstTickChecks(
  { firstTicks, goodToMs }: Cadence,
  schedule: CronSchedule,
  bounds: CadenceBounds,
): readonly Check[] {
  const { firstTickMs } = bounds;
  if (firstTickMs === false) return [];
  return firstTicks.map(({ afterMs, dueAfterMs }) => ({
    kind: "time",
    symptom: "the first tick of … comes at another time",
    what: "the first tick after daprd began to read the binding",
    value: afterMs,
    unit: " ms",
    ...(firstTickMs === undefined
      ? { bound: defaultBound(dueAfterMs, toleranceOf(schedule, bounds), goodToMs), goodToMs: 0 }
      : { bound: firstTickMs, goodToMs }),
  }));
}

function intervalChecks(
  { intervalMs, goodToMs }: Cadence,
  { intervalMs: bounds = {} }: CadenceBounds,
): readonly Check[] {
  if (intervalMs === null) return [];
  const { mean, least, p50, p90, p99, most } = intervalMs;
  return Object.entries({ mean, least, p50, p90, p99, most }).flatMap(([name, value]): Check[] => {
    const bound = Object.entries(bounds).find(([key]) => key === name)?.[1];
    if (bound === undefined) return [];
    return [
      {
        kind: "time",
        symptom: "the interval of … is out of bounds",
        what: `${WORDS[name] ?? name} interval`,
        value,
        bound,
        unit: " ms",
        goodToMs,
      },
    ];
  });
}

const WORDS: Readonly<Record<string, string>> = {
  mean: "the mean",
  least: "the shortest",
  most: "the longest",
};

function jitterChecks(
  { jitterMs, goodToMs }: Cadence,
  schedule: CronSchedule,
  bounds: CadenceBounds,
): readonly Check[] {
  if (jitterMs === null || bounds.jitterMs === false) return [];
  const { mean, p50, p90, p99, most } = jitterMs;
  const { jitterMs: given } = bounds;
  if (given === undefined) return [jitterCheck("most", most, toleranceOf(schedule, bounds) + goodToMs, 0)];
  if (typeof given === "number") return [jitterCheck("most", most, given, goodToMs)];
  return Object.entries({ mean, p50, p90, p99, most }).flatMap(([name, value]) => {
    const mostMs = Object.entries(given).find(([key]) => key === name)?.[1];
    return mostMs === undefined ? [] : [jitterCheck(name, value, mostMs, goodToMs)];
  });
}

function jitterCheck(name: string, value: number, mostMs: number, goodToMs: number): Check {
  return {
    kind: "time",
    symptom: "ticks of … are irregular",
    what: name === "most" ? "a tick's distance from when it was due" : `its ${name}`,
    value,
    bound: { most: mostMs },
    unit: " ms",
    goodToMs,
  };
}

function phaseChecks(
  { phases, goodToMs }: Cadence,
  schedule: CronSchedule,
  bounds: CadenceBounds,
): readonly Check[] {
  const { phaseShiftMs } = bounds;
  if (phaseShiftMs === false) return [];
  return phases
    .filter(({ beganAnew }) => phaseShiftMs !== undefined || !beganAnew)
    .map(({ what, shiftMs, intervals }) => ({
      kind: "time",
      symptom: "ticks of … change their phase",
      what: `the change of phase by ${what}`,
      value: Math.abs(shiftMs),
      unit: " ms",
      ...(phaseShiftMs === undefined
        ? {
            bound: { most: toleranceOf(schedule, bounds) + DRIFT_MS * intervals + goodToMs },
            goodToMs: 0,
          }
        : { bound: { most: phaseShiftMs }, goodToMs }),
    }));
}
