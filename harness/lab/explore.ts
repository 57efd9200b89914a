import { ClassBook } from "./class-book.ts";
import type { Exploration, FailingClass, Point, Space, Tried } from "./exploration.ts";
import type { ExploreOptions } from "./explore-options.ts";
import { failingClassOf } from "./failing-class-of.ts";
import { classesOf } from "./failing-classes.ts";
import type { Laboratory, TrialOutcome } from "./trials/laboratory.ts";
import { tryPoints } from "./space/map-points.ts";
import { narrowAll, type NarrowedClass } from "./narrow/narrow-all.ts";
import { settled } from "../shared/settled.ts";
import { orderToTry } from "./space/sample.ts";
import { pointsOfShard } from "./space/shard.ts";
import { Trials } from "./all-trials.ts";

const DEFAULT_REPEATS = 20;

/** How far into the budget the map alone may go where something is broken, as a share of it. */
const MAP_ALONE = 0.5;
/**
 * Then what was found is narrowed down, and the map goes on beside it: narrowing waits for one trial after the other, and long
 * trials mostly wait. What the map still finds is narrowed down in what is left.
 */
const SIDE_BY_SIDE = 0.92;
/** Of the places, meanwhile. As many of them are kept for a map that can still be complete as it needs. */
const MOST_FOR_THE_MAP = 0.75;

/**
 * Tries the points of a space as far as the budget goes, groups what is broken into classes, and narrows each down to the smallest
 * schedule, its threshold, and whether it is the order or a race.
 *
 * When it is aborted, or the laboratory fails on the way, what was tried until then is the result, with `endedEarly`.
 * @throws {SitecarError} the laboratory's failure, when not one trial came out; RUN_DIRECTORY_FAILED, NO_SPACE.
 */
export async function explore(
  laboratory: Laboratory,
  space: Space,
  options: ExploreOptions,
): Promise<Exploration> {
  const began = new Date().toISOString();
  const trials = new Trials(laboratory, {
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(options.now === undefined ? {} : { now: options.now }),
  });
  const own = pointsOfShard(space.points, options.shard);
  const left = [...planned(own, trials, options)];
  const book = new ClassBook(space.containers);
  const tried: Tried[] = [];
  const narrowed = new Map<string, NarrowedClass>();
  const endedEarly = await run(space, left, tried, book, narrowed, trials, options);
  const classes: FailingClass[] = [];
  for (const [index, found] of book.all().entries()) {
    const failing = await failingClassOf(found, narrowed.get(found.key), index + 1, tried, trials, options);
    options.progress?.({ type: "judged", class: failing });
    classes.push(failing);
  }
  return {
    sitecar: "exploration/1",
    site: options.site,
    inputs: options.inputs,
    version: options.version,
    began,
    tookMs: trials.elapsedMs,
    seed: options.seed,
    budgetMs: options.budgetMs,
    ...(options.shard === undefined ? {} : { shard: options.shard }),
    containers: space.containers,
    grid: space.grid,
    disturbances: space.disturbances.map(({ name, reason }) => ({ name, reason })),
    contracts: options.contracts,
    points: own.length,
    leftOut: left.map(({ key }) => key),
    tried,
    classes: eachBeforeItsConsequences(classes),
    figures: laboratory.figures(),
    differences: options.differences,
    ...(space.sampled === undefined ? {} : { sampled: space.sampled }),
    ...(endedEarly === undefined ? {} : { endedEarly }),
  };
}

/** Where all of them fit into the budget, the long ones come early, so that none is waited for alone at the end. */
function planned(own: readonly Point[], trials: Trials, options: ExploreOptions): readonly Point[] {
  const workMs = trials.estimateMs(own.map(({ schedule }) => schedule));
  const complete = workMs <= options.budgetMs;
  const expected = complete ? own.length : Math.floor((own.length * options.budgetMs) / workMs);
  options.progress?.({ type: "planned", points: own.length, leftOut: Math.max(0, own.length - expected) });
  return orderToTry(own, options.seed, { complete });
}

/** @returns why it ended before its time; `undefined`: it did not. */
async function run(
  space: Space,
  left: Point[],
  tried: Tried[],
  book: ClassBook,
  narrowed: Map<string, NarrowedClass>,
  trials: Trials,
  options: ExploreOptions,
): Promise<string | undefined> {
  const { budgetMs } = options;
  const toTry = left.length;
  /** The map has had its time alone, or is done. */
  const mayNarrow = Promise.withResolvers<void>();
  let narrows = false;
  const remainingMs = (): number => {
    const workMs = trials.estimateMs(left.map(({ schedule }) => schedule));
    const withNarrowing = book.all().length === 0 ? workMs : workMs / MAP_ALONE;
    return Math.max(0, Math.min(budgetMs - trials.elapsedMs, withNarrowing));
  };
  const onTried = (point: Point, outcome: TrialOutcome): void => {
    const entry = triedOf(point, outcome);
    tried.push(entry);
    for (const { key } of book.add(outcome))
      options.progress?.({ type: "class-found", key, point: point.key });
    options.progress?.({
      type: "tried",
      tried: entry,
      done: tried.length,
      of: toTry,
      remainingMs: remainingMs(),
    });
    if (book.all().length > 0 && trials.elapsedMs >= budgetMs * MAP_ALONE) mayNarrow.resolve();
  };
  const narrowUntil = async (endMs: () => number): Promise<void> =>
    await narrowAll(book, trials, narrowed, {
      containers: space.containers,
      grid: space.grid.map(({ ms }) => ms),
      sidecars: options.sidecars ?? [],
      faultKinds: options.faultKinds ?? [],
      repeats: options.repeats ?? DEFAULT_REPEATS,
      endMs,
      progress: options.progress ?? (() => undefined),
    });
  const narrowWhenItMay = async (): Promise<void> => {
    await mayNarrow.promise;
    narrows = true;
    const classes = book.all().length;
    // What the map finds meanwhile has the time that is kept for it.
    const isAll = (): boolean => left.length === 0 && book.all().length === classes;
    await narrowUntil(() => budgetMs * (isAll() ? 1 : SIDE_BY_SIDE));
  };
  // What narrowing leaves free, and never all: a trial of the map, once begun, holds its place to its end.
  const besideNarrowing = (others: number): number =>
    Math.min(trials.atOnce * MOST_FOR_THE_MAP, trials.atOnce - others);
  const keptForTheMap = (): number => {
    const workMs = left.reduce((sum, { schedule }) => sum + trials.expectedMs(schedule), 0);
    const share = workMs / trials.atOnce / Math.max(1, budgetMs * SIDE_BY_SIDE - trials.elapsedMs);
    return narrows && share <= MOST_FOR_THE_MAP ? Math.ceil(share * trials.mostAtOnce) : 0;
  };
  // With nothing found there is nothing to keep time for; and few that are left are worth more than what they might still show.
  const isLastRound = (): boolean => book.all().length === 0 || left.length <= trials.atOnce / 2;
  try {
    // Neither goes on behind the caller's back when the other fails.
    await settled([
      tryPoints(left, trials, {
        endMs: () => budgetMs * (isLastRound() ? 1 : SIDE_BY_SIDE),
        onTried,
        atOnce: (others) => (narrows ? besideNarrowing(others) : trials.window),
        kept: keptForTheMap,
      }).finally(() => mayNarrow.resolve()),
      narrowWhenItMay(),
    ]);
    await narrowUntil(() => budgetMs);
    return undefined;
  } catch (error) {
    if (trials.aborted) return "interrupted";
    if (trials.ended === 0) throw error;
    return error instanceof Error ? error.message : String(error);
  }
}

function eachBeforeItsConsequences(classes: readonly FailingClass[]): readonly FailingClass[] {
  const leading = classes.filter(({ consequenceOf }) => consequenceOf === undefined);
  return leading.flatMap((lead) => [
    lead,
    ...classes.filter(({ consequenceOf }) => consequenceOf === lead.key),
  ]);
}

function triedOf(point: Point, outcome: TrialOutcome): Tried {
  return {
    ...point,
    verdict: outcome.verdict,
    classes: [...classesOf(outcome).keys()],
    ...(outcome.reason === undefined ? {} : { reason: outcome.reason }),
    runDirectory: outcome.runDirectory,
    tookMs: outcome.tookMs,
    latenessMs: outcome.latenessMs,
  };
}
