import { STORAGE, type Schedule } from "../../schedule/schedule.ts";
import type { Asking } from "./asking.ts";
import type { Axis } from "./bisect.ts";
import type { ParameterContext } from "./parameter.ts";
import { laterBy } from "./parameters.ts";
import { inOrder, keyOf } from "../space/schedule-key.ts";

/** A schedule that holds, as near to the failing one as it was found. */
export interface Neighbour {
  readonly schedule: Schedule;
  /** The one number in which the two differ; absent: they differ in the order, or in more. */
  readonly axis?: Axis & { readonly what: string };
}

/**
 * The nearest schedule that holds: of those that were tried, the one with the fewest differences, and that with each difference
 * taken away without which it still holds. `undefined`: none of those that were tried held.
 */
export async function nearestHeld(
  failing: Schedule,
  asking: Asking,
  context: ParameterContext,
): Promise<Neighbour | undefined> {
  const [first] = asking
    .everHeld()
    .toSorted((one, other) => compare(distance(failing, one), distance(failing, other)));
  if (first === undefined) return undefined;
  let schedule = first;
  for (;;) {
    const nearer = withoutADifference(failing, schedule);
    const seen = await asking.ask(nearer);
    const next = nearer.find((_, index) => seen[index] === "holds");
    if (next === undefined) break;
    schedule = next;
  }
  const axis = axisBetween(failing, schedule, context);
  if (axis === undefined) return { schedule };
  // The order of what starts together is the failing schedule's on the whole axis, and may have been the other's.
  const [end] = await asking.ask([axis.at(axis.holds)]);
  return end === "holds" ? { schedule: axis.at(axis.holds), axis } : { schedule };
}

/** The other schedule with one of its differences from the failing one taken away; never the failing one itself. */
function withoutADifference(failing: Schedule, other: Schedule): readonly Schedule[] {
  const starts = differing(failing, other).map((container) => {
    const own = failing.starts.filter((start) => start.container === container);
    return { ...other, starts: [...other.starts.filter((start) => start.container !== container), ...own] };
  });
  const { steps: _, ...plain } = other;
  const stepped = failing.steps === undefined ? plain : { ...plain, steps: failing.steps };
  const own = keyOf(failing);
  return [...starts, stepped].filter(
    (schedule) => keyOf(schedule) !== own && keyOf(schedule) !== keyOf(other),
  );
}

function axisBetween(
  failing: Schedule,
  holding: Schedule,
  context: ParameterContext,
): (Axis & { readonly what: string }) | undefined {
  const [container, ...more] = differing(failing, holding);
  if (container === undefined || more.length > 0) return undefined;
  if (JSON.stringify(failing.steps) !== JSON.stringify(holding.steps)) return undefined;
  const breaks = timeOf(failing, container);
  const holds = timeOf(holding, container);
  if (typeof breaks !== "number" || typeof holds !== "number") return undefined;
  const others = failing.starts.filter((start) => start.container !== container);
  return {
    what: laterBy(
      [container],
      others.map((start) => start.container),
      context,
    ),
    holds,
    breaks,
    counted: false,
    at: (atMs) => ({
      ...failing,
      starts: inOrder(
        failing.starts.map((start) => (start.container === container ? { container, atMs } : start)),
      ),
    }),
  };
}

/** Containers that start at another time in one than in the other. */
function differing(one: Schedule, other: Schedule): readonly string[] {
  const names = new Set([...one.starts, ...other.starts].map(({ container }) => container));
  return [...names].filter((container) => timeOf(one, container) !== timeOf(other, container));
}

function timeOf({ starts }: Schedule, container: string): number | null | undefined {
  const atMs = starts.find((start) => start.container === container)?.atMs;
  // Storage that is not named is up before.
  return atMs === undefined && container === STORAGE ? -1 : atMs;
}

/** Differences in steps, in starts, in the order, and how far the starts are apart. */
function distance(one: Schedule, other: Schedule): readonly number[] {
  const names = differing(one, other);
  const apart = names.map((name) => Math.abs((timeOf(one, name) ?? 0) - (timeOf(other, name) ?? 0)));
  return [
    JSON.stringify(one.steps ?? []) === JSON.stringify(other.steps ?? []) ? 0 : 1,
    names.length,
    orderOf(one) === orderOf(other) ? 0 : 1,
    apart.reduce((sum, ms) => sum + ms, 0),
  ];
}

function orderOf({ starts }: Schedule): string {
  return inOrder(starts)
    .map(({ container }) => container)
    .join(" ");
}

function compare(one: readonly number[], other: readonly number[]): number {
  const index = one.findIndex((part, place) => part !== other[place]);
  return index === -1 ? 0 : (one[index] ?? 0) - (other[index] ?? 0);
}
