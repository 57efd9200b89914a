import type { Schedule } from "../schedule/schedule.ts";
import { delay } from "../shared/clock.ts";

export interface RunScheduleOptions {
  /** When the schedule begins, on the clock of `performance.now()`; not before {@link earliestBegin}. Default: now. */
  readonly beginsAt?: number;
  /** By how much a start call is made ahead of its time, in ms, so that the container starts at it. Default 0. */
  readonly leadMs?: (container: string) => number;
}

/**
 * Starts every container of the schedule at its time. Starts planned for the same time are made one after the other in
 * the schedule's order; different times do not wait for each other. Resolves when all start calls were answered.
 */
export async function runSchedule(
  schedule: Schedule,
  start: (container: string) => Promise<void>,
  signal: AbortSignal,
  { beginsAt = performance.now(), leadMs = () => 0 }: RunScheduleOptions = {},
): Promise<void> {
  const groups = Map.groupBy(schedule.starts, ({ atMs }) => atMs);
  await Promise.all(
    [...groups].map(async ([atMs, starts]) => {
      const [first] = starts;
      if (atMs === null || first === undefined) return;
      await delay(beginsAt + atMs - leadMs(first.container) - performance.now(), signal);
      for (const { container } of starts) {
        signal.throwIfAborted();
        await start(container);
      }
    }),
  );
}

/** How long from now a schedule can begin at the earliest, in ms, so that no start call had to be made already. */
export function earliestBegin({ starts }: Schedule, leadMs: (container: string) => number): number {
  const ahead = starts.map(({ container, atMs }) => (atMs === null ? 0 : leadMs(container) - atMs));
  return Math.max(0, ...ahead);
}
