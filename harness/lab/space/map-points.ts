import type { Point } from "../exploration.ts";
import type { TrialOutcome } from "../trials/laboratory.ts";
import type { Trials } from "../all-trials.ts";

/** The map goes after what narrows a class down, but for the places that are kept for it. */
const PRIORITY = { kept: -1, other: 1 };

export interface TryPointsOptions {
  /** When, in the trials' elapsed time, all of them have to be done; asked before each. */
  readonly endMs: () => number;
  /** Called with each as soon as it is done. */
  readonly onTried: (point: Point, outcome: TrialOutcome) => void;
  /**
   * How many are asked for at a time, at least one; default: as many as keep the laboratory busy.
   * @param others how many others are asked for now.
   */
  readonly atOnce?: (others: number) => number;
  /** So many at a time go before all others; default: none. */
  readonly kept?: () => number;
}

/**
 * Tries points in their order as long as they fit into the time, always so many at once that the laboratory is busy. A point
 * that is too long for what is left is passed over for a shorter one.
 * @param points those that were tried are taken out of it.
 */
export async function tryPoints(
  points: Point[],
  trials: Trials,
  { endMs, onTried, atOnce = () => trials.window, kept = () => 0 }: TryPointsOptions,
): Promise<void> {
  const underWay = new Set<Promise<void>>();
  const inKeptPlaces = new Set<Promise<void>>();
  const ask = async (point: Point, priority: number): Promise<void> => {
    try {
      onTried(point, await trials.run(point.schedule, { priority }));
    } catch (error) {
      // It was not tried after all.
      points.unshift(point);
      if (!trials.over) throw error;
    }
  };
  for (;;) {
    while (!trials.over) {
      const isKept = inKeptPlaces.size < kept();
      if (!isKept && underWay.size >= Math.max(1, atOnce(trials.outstanding - underWay.size))) break;
      const index = points.findIndex(
        ({ schedule }) => trials.elapsedMs + trials.estimateMs([schedule]) <= endMs(),
      );
      const [point] = index === -1 ? [] : points.splice(index, 1);
      if (point === undefined) break;
      const trial = ask(point, isKept ? PRIORITY.kept : PRIORITY.other).finally(() => {
        underWay.delete(trial);
        inKeptPlaces.delete(trial);
      });
      underWay.add(trial);
      if (isKept) inKeptPlaces.add(trial);
    }
    if (underWay.size === 0) break;
    await Promise.race(underWay);
  }
  trials.throwIfOver();
}
