import type { Schedule } from "../schedule/schedule.ts";
import { delay } from "../shared/clock.ts";

/**
 * Starts every container of the schedule at its time. Starts planned for the same time are made one after the other in
 * the schedule's order; different times do not wait for each other. Resolves when all start calls were answered.
 */
export async function runSchedule(
  schedule: Schedule,
  start: (container: string) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const began = performance.now();
  const groups = new Map<number, string[]>();
  for (const { container, atMs } of schedule.starts) {
    if (atMs !== null) groups.set(atMs, [...(groups.get(atMs) ?? []), container]);
  }
  await Promise.all(
    [...groups].map(async ([atMs, containers]) => {
      await delay(atMs - (performance.now() - began), signal);
      for (const container of containers) {
        signal.throwIfAborted();
        await start(container);
      }
    }),
  );
}
