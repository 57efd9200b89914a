import { nextTick } from "../../dapr/cron-ticks.ts";
import { READING_MS, type BindingLife, type Call } from "../binding-lives.ts";
import { asksAppHealth, isExcused } from "../due-ticks.ts";
import { dueBetween, lastDueMs } from "./due-times.ts";
import type { SeenLife } from "./seen-binding.ts";

/** From one tick to the next, undisturbed, with none missed between. */
export interface TickStep {
  readonly intervalMs: number;
  /** How far the second is from when it was due. */
  readonly jitterMs: number;
}

export interface FirstTick {
  /** After daprd began to read the binding. */
  readonly afterMs: number;
  readonly dueAfterMs: number;
}

/** The ticks that the app was called for, without those that found no app. */
export function reached({ binding: { calls }, unreached }: SeenLife): readonly Call[] {
  return calls.filter((call) => !unreached.includes(call));
}

export function stepsOf(life: SeenLife, originMs: number): readonly TickStep[] {
  const { binding } = life;
  return pairsOf(reached(life)).flatMap(([before, { calledMs }]) => {
    const span = { fromMs: before.calledMs, toMs: calledMs };
    if (isExcused(binding, span, originMs)) return [];
    const { schedule, goodToMs } = binding;
    const intervalMs = exact(calledMs - before.calledMs);
    if (schedule.kind === "interval") {
      const isOne =
        intervalMs >= schedule.intervalMs / 2 && intervalMs <= schedule.intervalMs * 1.5 + goodToMs;
      return isOne ? [{ intervalMs, jitterMs: exact(Math.abs(intervalMs - schedule.intervalMs)) }] : [];
    }
    const wallMs = originMs + calledMs;
    if (dueBetween(binding, originMs + before.calledMs, wallMs) !== 1) return [];
    return [{ intervalMs, jitterMs: exact(Math.abs(wallMs - (lastDueMs(binding, wallMs) ?? wallMs))) }];
  });
}

/** Ticks on the wire that no due time accounts for: less than half an interval after another, or within the same due time. */
export function ticksTooMany(life: SeenLife, originMs: number): number {
  const { binding } = life;
  const { schedule } = binding;
  return pairsOf(reached(life)).filter(([before, { calledMs }]) => {
    if (isExcused(binding, { fromMs: before.calledMs, toMs: calledMs }, originMs)) return false;
    return schedule.kind === "interval"
      ? calledMs - before.calledMs < schedule.intervalMs / 2
      : dueBetween(binding, originMs + before.calledMs, originMs + calledMs) === 0;
  }).length;
}

/** None where something disturbed the site until then; with an app health check it is not seen when daprd begins. */
export function firstTickOf(life: SeenLife, originMs: number): readonly FirstTick[] {
  const { binding } = life;
  const { activeFromMs, schedule, localZone } = binding;
  const [first] = binding.calls;
  if (activeFromMs === undefined || first === undefined || asksAppHealth(binding)) return [];
  // What ended when daprd began to read, such as its own absence, and what only makes the work fail, does not move it.
  const disturbed = binding.disturbances.some(
    ({ kind, fromMs, backMs }) =>
      kind === "outage" && fromMs <= first.calledMs && backMs > activeFromMs + READING_MS,
  );
  if (disturbed) return [];
  const fromMs = originMs + activeFromMs;
  const dueMs = nextTick(schedule, fromMs, localZone);
  // A tick of the wall clock that was due at that very moment came too early for it, or did not.
  const isAtOnce =
    dueMs !== undefined &&
    schedule.kind === "fields" &&
    dueMs - fromMs <= binding.goodToMs &&
    first.calledMs - activeFromMs > 2 * binding.goodToMs;
  const firstDueMs = isAtOnce ? nextTick(schedule, dueMs, localZone) : dueMs;
  if (firstDueMs === undefined) return [];
  return [{ afterMs: exact(first.calledMs - activeFromMs), dueAfterMs: exact(firstDueMs - fromMs) }];
}

/** To the microsecond, as the wire's times are. */
export function exact(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

function pairsOf<T>(all: readonly T[]): readonly (readonly [T, T])[] {
  return all.slice(1).flatMap((next, index): (readonly [T, T])[] => {
    const before = all[index];
    return before === undefined ? [] : [[before, next]];
  });
}

/** How many calls of a life were under way at once, and how many began while another one was; of undisturbed ones. */
export function concurrencyOf(binding: BindingLife, calls: readonly Call[], originMs: number): Concurrency {
  const undisturbed = calls.filter(
    ({ calledMs, doneMs }) => !isExcused(binding, { fromMs: calledMs, toMs: doneMs }, originMs),
  );
  const counts: number[] = [];
  let open: readonly number[] = [];
  for (const { calledMs, doneMs } of undisturbed) {
    const still = open.filter((endMs) => endMs > calledMs);
    counts.push(still.length);
    open = [...still, doneMs];
  }
  return {
    overlapping: counts.filter((count) => count > 0).length,
    mostAtOnce: counts.reduce((most, count) => Math.max(most, count + 1), 0),
  };
}

export interface Concurrency {
  readonly overlapping: number;
  readonly mostAtOnce: number;
}
