import { Random } from "../../shared/random.ts";
import type { Point } from "../exploration.ts";
import { lengthOf } from "./schedule-length.ts";

/** What a trial takes beside its schedule, when points are weighed against each other. */
const TRIAL_MS = 8000;

/**
 * The points in the order in which they are to be tried: wherever it is cut off, what was tried until then has covered as
 * much as it could. First the few points that together have every order, each two containers in both orders, each delay
 * between each two, and every disturbance; of those that add the same, the short ones. Then the rest, short ones first.
 *
 * The same for the same points, whatever order they come in, and the same seed.
 * @param complete all will be tried: after the first few, the long ones come first, so that none of them is left for the end.
 */
export function orderToTry(
  points: readonly Point[],
  seed: number,
  options: { readonly complete?: boolean } = {},
): readonly Point[] {
  const sorted = points.toSorted((one, other) => (one.key < other.key ? -1 : 1));
  const candidates = new Random(seed).shuffled(sorted);
  const covering = cover(candidates);
  const chosen = new Set(covering);
  const direction = options.complete === true ? -1 : 1;
  const rest = candidates
    .filter((point) => !chosen.has(point))
    // Stable: points of the same length stay in the order that the seed gave them.
    .toSorted((one, other) => direction * (lengthOf(one.schedule) - lengthOf(other.schedule)));
  return [...covering, ...rest];
}

/** What can be learnt from a point that others show as well. */
export function featuresOf(point: Point): readonly string[] {
  if (point.disturbance !== undefined) return [`disturbance ${point.disturbance}`];
  const { order, gapsMs } = point;
  const pairs = order.flatMap((earlier, index) =>
    order.slice(index + 1).map((later) => `${earlier} before ${later}`),
  );
  const delays = gapsMs.map((ms, index) => `${order[index]} ${ms} ${order[index + 1]}`);
  return [`order ${order.join(" ")}`, ...pairs, ...delays];
}

/** Greedy: the point that adds most for its time, again and again until none adds anything. */
function cover(points: readonly Point[]): readonly Point[] {
  const features = new Map(points.map((point) => [point, featuresOf(point)]));
  const seen = new Set<string>();
  const left = new Set(points);
  const chosen: Point[] = [];
  for (;;) {
    let best: { readonly point: Point; readonly worth: number } | undefined;
    for (const point of left) {
      const added = (features.get(point) ?? []).filter((feature) => !seen.has(feature)).length;
      // What adds nothing now never will.
      if (added === 0) left.delete(point);
      const worth = added / (lengthOf(point.schedule) + TRIAL_MS);
      if (worth > (best?.worth ?? 0)) best = { point, worth };
    }
    if (best === undefined) return chosen;
    chosen.push(best.point);
    left.delete(best.point);
    for (const feature of features.get(best.point) ?? []) seen.add(feature);
  }
}
