import type { Schedule, ScheduledStart } from "../../schedule/schedule.ts";
import type { ScheduledStep } from "../../schedule/step.ts";

/**
 * The same text for equivalent schedules, readable: `storage 0, dapr 500, main 4500`.
 *
 * Equivalent are schedules with the same starts in the same order at the same times, counted from the first one: nothing of
 * the site runs before it. What starts at the same time is started one after the other, so there the order counts. A step's
 * time is counted from the schedule's beginning, so with steps that have one the times are left as they are.
 */
export function keyOf(schedule: Schedule): string {
  const steps = schedule.steps ?? [];
  const starts = inOrder(schedule.starts);
  const first = steps.some(hasTime) ? 0 : (starts[0]?.atMs ?? 0);
  const text = starts
    .map(({ container, atMs }) => `${container} ${atMs === null ? "never" : atMs - first}`)
    .join(", ");
  return steps.length === 0 ? text : `${text}; ${JSON.stringify(steps, withSortedKeys)}`;
}

/** By time, starts by hand last; what starts at the same time in the order of the list. */
export function inOrder(starts: readonly ScheduledStart[]): readonly ScheduledStart[] {
  return starts.toSorted((one, other) => timeOf(one) - timeOf(other));
}

function timeOf({ atMs }: ScheduledStart): number {
  return atMs ?? Number.MAX_SAFE_INTEGER;
}

function hasTime(step: ScheduledStep): boolean {
  return "atMs" in step.when || ("until" in step && step.until !== undefined && "atMs" in step.until);
}

/** Whether an attribute was written first or last makes no difference. */
function withSortedKeys(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
