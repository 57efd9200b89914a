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
  const underWay = new Map<Point, Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  for (;;) {
    while (!trials.over && trials.outstanding < trials.window) {
      const index = points.findIndex(
        ({ schedule }) => trials.elapsedMs + trials.estimateMs([schedule]) <= endMs(),
      );
      const point = points[index];
      if (point === undefined) break;
      points.splice(index, 1);
      const trial = trials
        .run(point.schedule, PRIORITY)
        .then((outcome) => onTried(point, outcome))
        .catch((error: unknown) => {
          // It was not tried after all.
          points.unshift(point);
          failure ??= { error };
        })
        .finally(() => underWay.delete(point));
      underWay.set(point, trial);
    }
    if (underWay.size === 0) break;
    await Promise.race(underWay.values());
  }
  if (failure !== undefined) throw failure.error;
}
