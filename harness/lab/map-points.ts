import type { Point } from "./exploration.ts";
import type { TrialOutcome } from "./laboratory.ts";
import type { Trials } from "./trials.ts";

/** The map goes after what narrows a class down. */
const PRIORITY = 1;

/**
 * Tries points in their order as long as they fit into the time, always so many at once that the laboratory is busy. A point
 * that is too long for what is left is passed over for a shorter one.
 * @param points those that were tried are taken out of it.
 * @param endMs when, in the trials' elapsed time, all of them have to be done; asked before each.
 * @param onTried called with each as soon as it is done.
 */
export async function tryPoints(
  points: Point[],
  trials: Trials,
  endMs: () => number,
  onTried: (point: Point, outcome: TrialOutcome) => void,
): Promise<void> {
  const underWay = new Set<Promise<void>>();
  const ask = async (point: Point): Promise<void> => {
    try {
      onTried(point, await trials.run(point.schedule, PRIORITY));
    } catch (error) {
      // It was not tried after all.
      points.unshift(point);
      if (!trials.over) throw error;
    }
  };
  for (;;) {
    while (!trials.over && trials.outstanding < trials.window) {
      const index = points.findIndex(
        ({ schedule }) => trials.elapsedMs + trials.estimateMs([schedule]) <= endMs(),
      );
      const [point] = index === -1 ? [] : points.splice(index, 1);
      if (point === undefined) break;
      const trial = ask(point).finally(() => underWay.delete(trial));
      underWay.add(trial);
    }
    if (underWay.size === 0) break;
    await Promise.race(underWay);
  }
  trials.throwIfOver();
}
