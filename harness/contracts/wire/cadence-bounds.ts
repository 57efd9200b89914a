import type { CronSchedule } from "../../dapr/cron-schedule.ts";
import type { Distribution } from "../../shared/distribution.ts";

/** What a value may be; one that is absent has no end on that side. */
export interface Bound {
  readonly least?: number;
  readonly most?: number;
}

/**
 * What a cadence is held to. Lengths are in ms. What is left out has its default, by the schedule; `false`: it is not held to
 * anything.
 */
export interface CadenceBounds {
  /** How many ticks come. Default: no bound; ticks that are due and do not come are {@link missed}. */
  readonly count?: Bound;
  /** From when daprd began to read the binding to its first tick. Default: when that is due, give or take {@link toleranceMs}. */
  readonly firstTickMs?: Bound | false;
  /** From tick to tick: of each (`least`, `most`), the mean and percentiles. Default: no bounds; jitter has one. */
  readonly intervalMs?: Partial<Record<Exclude<keyof Distribution, "count">, Bound>>;
  /**
   * How far ticks are from when they are due, at most: a number for each of them, or by percentile. Default: each within
   * {@link toleranceMs}.
   */
  readonly jitterMs?:
    number | Partial<Record<Exclude<keyof Distribution, "count" | "least">, number>> | false;
  /** How many due ticks may not come while nothing disturbs the site. Default 0. */
  readonly missed?: number | false;
  /** How many posts may be too many. Default 0. */
  readonly duplicated?: number | false;
  /** How many ticks may come while one before has no answer. Default 0. */
  readonly overlapping?: number | false;
  /** How many ticks may be without success while nothing disturbs the site. Default 0. */
  readonly failed?: number | false;
  /**
   * How far an outage or a restart may move the ticks. Default: of what lets daprd go on counting, {@link toleranceMs} and 2 ms for
   * each tick between; a daprd that begins anew counts anew.
   */
  readonly phaseShiftMs?: number | false;
  /** For the defaults above. Default: a quarter of the interval, at most 250 ms and at least 10 ms. */
  readonly toleranceMs?: number;
}

const MOST_TOLERANCE_MS = 250;
const LEAST_TOLERANCE_MS = 10;

/** Fields fire every second at the most often. */
const SHORTEST_BY_CLOCK_MS = 1000;

/** What is taken of a tick's time unless the user says otherwise. */
export function toleranceOf(schedule: CronSchedule, { toleranceMs }: CadenceBounds): number {
  if (toleranceMs !== undefined) return toleranceMs;
  const intervalMs = schedule.kind === "interval" ? schedule.intervalMs : SHORTEST_BY_CLOCK_MS;
  return Math.max(LEAST_TOLERANCE_MS, Math.min(MOST_TOLERANCE_MS, intervalMs / 4));
}

/** A default bound says how exact the measurement is, too: what can't be measured better is not held against a site. */
export function defaultBound(dueMs: number, toleranceMs: number, goodToMs: number): Bound {
  return { least: dueMs - toleranceMs - goodToMs, most: dueMs + toleranceMs + goodToMs };
}

/**
 * @param goodToMs how far the true value may be from the measured one. Between is `unknown`: it is within or without, depending.
 */
export function judgeBound(
  value: number,
  { least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY }: Bound,
  goodToMs: number,
): "held" | "broken" | "unknown" {
  if (value + goodToMs < least || value - goodToMs > most) return "broken";
  return value - goodToMs >= least && value + goodToMs <= most ? "held" : "unknown";
}

/** `at least 900, at most 1100` */
export function describeBound({ least, most }: Bound, unit = ""): string {
  return [
    ...(least === undefined ? [] : [`at least ${round(least)}${unit}`]),
    ...(most === undefined ? [] : [`at most ${round(most)}${unit}`]),
  ].join(", ");
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
