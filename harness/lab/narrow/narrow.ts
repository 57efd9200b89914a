import type { Schedule } from "../../schedule/schedule.ts";
import type { Asking } from "./asking.ts";
import { bisect, type Bisected } from "./bisect.ts";
import type { ExplorationProgress, Threshold } from "../exploration.ts";
import { judge, type JudgedPair, type JudgeOptions } from "./judge.ts";
import { nearestHeld } from "./nearest-held.ts";
import type { ParameterContext } from "./parameter.ts";
import { parametersOf } from "./parameters.ts";
import { shrink } from "./shrink.ts";
import { pairsOf, type Located, type NamedAxis } from "./threshold-sides.ts";

export interface NarrowOptions extends ParameterContext {
  /** Storage and the site's containers in their own order. */
  readonly containers: readonly string[];
  /** The space's delays, in ms: at these the map has answers already. */
  readonly grid: readonly number[];
  /** How often the smallest schedule and its neighbour are to be run. */
  readonly repeats: number;
  /** How many classes are narrowed down at the same time. */
  readonly atTheSameTime: number;
  readonly tell: (
    step: Extract<ExplorationProgress, { readonly type: "narrowing" }>["step"],
    detail: string,
  ) => void;
}

export interface Narrowed extends JudgedPair {
  readonly threshold?: Threshold;
  readonly furtherThresholds: readonly Threshold[];
}

/**
 * From failing schedules, the smallest first, to the smallest there is, the number that it depends on, and how sure that is.
 * @param asking for shrinking and bisecting; @param repeating for the repeats, for which time is kept.
 */
export async function narrow(
  failing: readonly Schedule[],
  asking: Asking,
  repeating: Asking,
  options: NarrowOptions,
): Promise<Narrowed> {
  const [smallest, ...others] = failing;
  if (smallest === undefined) throw new TypeError("a class without a schedule that breaks it");
  const { schedule, flaky } = await shrink([smallest, ...others], options.containers, asking, (detail) =>
    options.tell("dropping", detail),
  );
  const located = flaky ? [] : await locateAll(schedule, asking, options);
  const [first, ...further] = located;
  const neighbour = first === undefined ? await nearestHeld(schedule, asking, options) : undefined;
  const main = first ?? (flaky ? undefined : await locateNeighbour(neighbour?.axis, asking, options));
  const pairAt = pairsOf(schedule, neighbour?.schedule, main);
  options.tell("repeating", "the smallest schedule and the nearest that holds");
  const judged = await judge(repeating, {
    wide: schedule,
    pairAt,
    runs: runsThatFit(repeating, pairAt(0), schedule, options),
  });
  return {
    ...judged,
    ...(main === undefined || judged.judgement === "race" ? {} : { threshold: thresholdOf(main, judged) }),
    furtherThresholds: judged.judgement === "race" ? [] : further.map((other) => thresholdOf(other)),
  };
}

/** Each number that counts, the others as they are; those whose least value breaks too do not count. */
async function locateAll(
  schedule: Schedule,
  asking: Asking,
  options: NarrowOptions,
): Promise<readonly Located[]> {
  const parameters = parametersOf(schedule, options).filter(({ value, least }) => value > least);
  const seen = await asking.ask(parameters.map(({ at, least }) => at(least)));
  const counting = parameters.filter((_, index) => seen[index] === "holds");
  const located = await Promise.all(
    counting.map(async ({ what, unit, value, least, at }): Promise<Located> => {
      const axis: NamedAxis = {
        what,
        ...(unit === undefined ? {} : { unit }),
        holds: least,
        breaks: value,
        counted: unit !== undefined,
        at,
      };
      return { axis, bisected: await locate(axis, asking, options) };
    }),
  );
  return located.filter(({ bisected }) => bisected.found !== "race");
}

async function locateNeighbour(
  axis: NamedAxis | undefined,
  asking: Asking,
  options: NarrowOptions,
): Promise<Located | undefined> {
  if (axis === undefined) return undefined;
  const bisected = await locate(axis, asking, options);
  return bisected.found === "race" ? undefined : { axis, bisected };
}

function locate(axis: NamedAxis, asking: Asking, options: NarrowOptions): Promise<Bisected> {
  return bisect({ ...axis, known: axis.counted ? [] : options.grid }, asking, (detail) =>
    options.tell("bisecting", `${axis.what}: ${detail}`),
  );
}

/** All sides are run as often as wanted, or as the time that falls to this class allows. */
function runsThatFit(
  asking: Asking,
  pair: ReturnType<JudgeOptions["pairAt"]>,
  wide: Schedule,
  { repeats, atTheSameTime }: NarrowOptions,
): number {
  const sides = [pair.breaks?.schedule ?? wide, ...(pair.holds === undefined ? [] : [pair.holds.schedule])];
  const onceMs = sides.reduce((sum, schedule) => sum + asking.expectedMs(schedule), 0);
  const workMs = (asking.remainingMs * asking.atOnce) / atTheSameTime;
  return Math.max(0, Math.min(repeats, Math.floor(workMs / onceMs)));
}

function thresholdOf({ axis, bisected }: Located, judged?: JudgedPair): Threshold {
  const direction = Math.sign(axis.breaks - axis.holds);
  return {
    what: axis.what,
    ...(axis.unit === undefined ? {} : { unit: axis.unit }),
    ...(bisected.found === "several" ? { several: true } : {}),
    holdsMs: bisected.holds - direction * (judged?.heldMarginMs ?? 0),
    breaksMs: bisected.breaks + direction * (judged?.brokenMarginMs ?? 0),
  };
}
