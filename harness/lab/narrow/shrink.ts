import type { Schedule, ScheduledStart } from "../../schedule/schedule.ts";
import { STORAGE } from "../../schedule/schedule.ts";
import type { ScheduledStep } from "../../schedule/step.ts";
import type { Asking } from "./asking.ts";
import { inOrder, keyOf } from "../space/schedule-key.ts";
import { lengthOf } from "../space/schedule-length.ts";

/** How often a simpler schedule is run where the class does not come every time. */
const RUNS_IF_FLAKY = 4;
/** How often the schedules to shrink are run first, to see whether the class comes every time. */
const FIRST_RUNS = 4;
/** A simpler schedule of a flaky class may break it this much more seldom, and no more: what makes it likely is part of it. */
const SHARE_THAT_STAYS = 0.5;

export interface Shrunk {
  readonly schedule: Schedule;
  /** The same schedule broke the contract in some runs and not in others. */
  readonly flaky: boolean;
}

/**
 * Makes a failing schedule as small as it gets: without each step and fault, each container started as early as the first,
 * without each gap, and in the site's own order, as long as the class is still broken. All simpler ones are tried at once; of
 * those that break it the simplest goes on. What is left of delays is for bisection.
 * @param failing the smallest schedules that were seen to break it; where the first does not each time, the next is taken, and
 *   where none does, the one that does most often.
 * @param containers storage and the site's containers in their own order.
 */
export async function shrink(
  failing: readonly [Schedule, ...Schedule[]],
  containers: readonly string[],
  asking: Asking,
  tell: (detail: string) => void,
): Promise<Shrunk> {
  const steady = await steadyOf(failing, containers, asking, tell);
  const flaky = steady === undefined;
  const [first, ...others] = failing;
  let schedule = steady ?? others.reduce((best, one) => (share(one) > share(best) ? one : best), first);
  const leastShare = flaky ? share(schedule) * SHARE_THAT_STAYS : 1;
  for (;;) {
    const candidates = simpler(schedule, containers);
    tell(`${candidates.length} simpler than ${keyOf(schedule)}`);
    await asking.ask(candidates, flaky ? RUNS_IF_FLAKY : 1);
    const next = candidates.find((candidate) => share(candidate) >= leastShare);
    if (next === undefined) return { schedule, flaky };
    schedule = next;
  }

  /** In how many of its runs one breaks it, 0–1; negative: nothing is known. */
  function share(one: Schedule): number {
    const broken = asking.broken(one).length;
    const runs = broken + asking.held(one).length;
    return runs === 0 ? -1 : broken / runs;
  }
}

/** The first of them that breaks it each time; where the first does not, all others are asked at once. */
async function steadyOf(
  failing: readonly [Schedule, ...Schedule[]],
  containers: readonly string[],
  asking: Asking,
  tell: (detail: string) => void,
): Promise<Schedule | undefined> {
  const [first, ...others] = failing;
  tell(`${keyOf(first)}: whether it breaks it each time`);
  const [[seen]] = await Promise.all([
    asking.ask([first], FIRST_RUNS),
    // Most often it does, and what is asked next costs no more time beside it.
    asking.ask(simpler(first, containers)),
  ]);
  if (seen === "breaks") return first;
  tell(`${others.length} others: whether one breaks it each time`);
  const all = await asking.ask(others, FIRST_RUNS);
  return others.find((_, index) => all[index] === "breaks");
}

/** Simpler schedules, each once, the simplest first. */
export function simpler(schedule: Schedule, containers: readonly string[]): readonly Schedule[] {
  const all = [
    plainest(containers, schedule.starts),
    { ...plainest(containers, schedule.starts), steps: schedule.steps ?? [] },
    ...withoutSteps(schedule),
    ...withoutDelays(schedule),
    ...nearerToOwnOrder(schedule, containers),
  ].map(tidy);
  const own = keyOf(schedule);
  const cost = costOf(schedule, containers);
  const byKey = new Map(all.map((candidate) => [keyOf(candidate), candidate]));
  return [...byKey]
    .filter(([key, candidate]) => key !== own && compareCosts(costOf(candidate, containers), cost) < 0)
    .map(([, candidate]) => candidate)
    .toSorted((one, other) => compareCosts(costOf(one, containers), costOf(other, containers)));
}

/** The smaller of two, for a person who has to understand it. */
export function compareSize(one: Schedule, other: Schedule, containers: readonly string[]): number {
  return compareCosts(costOf(one, containers), costOf(other, containers));
}

/**
 * Steps; different start times; late starts; storage named; pairs not in the site's own order; how late the starts are; how long
 * it goes on. The first counts most.
 */
function costOf(schedule: Schedule, containers: readonly string[]): readonly number[] {
  const starts = inOrder(schedule.starts);
  const places = starts.map(({ container }) => containers.indexOf(container));
  const inverted = places.flatMap((place, index) => places.slice(index + 1).filter((later) => later < place));
  return [
    schedule.steps?.length ?? 0,
    new Set(starts.map(({ atMs }) => atMs)).size,
    starts.filter(({ atMs }) => atMs !== starts[0]?.atMs).length,
    starts.some(({ container }) => container === STORAGE) ? 1 : 0,
    inverted.length,
    starts.reduce((sum, { atMs }) => sum + (atMs ?? 0), 0),
    lengthOf(schedule),
  ];
}

function compareCosts(one: readonly number[], other: readonly number[]): number {
  const index = one.findIndex((cost, place) => cost !== other[place]);
  return index === -1 ? 0 : (one[index] ?? 0) - (other[index] ?? 0);
}

/** All at once in the site's own order, storage up before, nothing done to it. */
function plainest(containers: readonly string[], starts: readonly ScheduledStart[]): Schedule {
  const named = new Set(starts.map(({ container }) => container));
  return {
    starts: containers
      .filter((container) => container !== STORAGE && named.has(container))
      .map((container) => ({ container, atMs: 0 })),
  };
}

/** Without each; a kill goes together with the start that ends it, and a pause with its resume. */
function withoutSteps({ starts, steps = [] }: Schedule): readonly Schedule[] {
  const groups = groupsOf(steps);
  const rests = groups.map((group) => steps.filter((step) => !group.includes(step)));
  return (steps.length === 0 ? [] : [[], ...rests]).map((rest) => ({ starts, steps: rest }));
}

function groupsOf(steps: readonly ScheduledStep[]): readonly (readonly ScheduledStep[])[] {
  const grouped = new Set<ScheduledStep>();
  return steps.flatMap((step, index) => {
    if (grouped.has(step)) return [];
    const end = endOf(step, steps.slice(index + 1));
    if (end !== undefined) grouped.add(end);
    return [end === undefined ? [step] : [step, end]];
  });
}

/** The step that undoes another. */
export function endOf(step: ScheduledStep, later: readonly ScheduledStep[]): ScheduledStep | undefined {
  if (!("container" in step)) return undefined;
  const undo =
    step.do === "kill" || step.do === "stop" ? "start" : step.do === "pause" ? "resume" : undefined;
  return later.find(
    (other) => "container" in other && other.do === undo && other.container === step.container,
  );
}

/** Each container with the first; each gap closed, with all that comes later moved along; storage up before. */
function withoutDelays(schedule: Schedule): readonly Schedule[] {
  const starts = inOrder(schedule.starts);
  const first = starts[0]?.atMs ?? 0;
  const times = [...new Set(starts.flatMap(({ atMs }) => (atMs === null ? [] : [atMs])))];
  const early = starts.map(({ container }) =>
    starts.map((start) => (start.container === container ? { container, atMs: first } : start)),
  );
  const closed = times.slice(1).map((time, index) => {
    const gap = time - (times[index] ?? 0);
    return starts.map((start) =>
      start.atMs !== null && start.atMs >= time ? { ...start, atMs: start.atMs - gap } : start,
    );
  });
  const before = starts.filter(({ container }) => container !== STORAGE);
  // With steps that have times it makes a difference, and may still not be needed.
  const atOnce = starts.map((start) =>
    start.atMs === null ? start : { ...start, atMs: start.atMs - first },
  );
  return [atOnce, ...early, ...closed, ...(before.length < starts.length ? [before] : [])].map((changed) => ({
    ...schedule,
    starts: changed,
  }));
}

/** All that start together in the site's own order; and each two neighbours that are not, exchanged, the times staying. */
function nearerToOwnOrder(schedule: Schedule, containers: readonly string[]): readonly Schedule[] {
  const starts = inOrder(schedule.starts);
  const place = ({ container }: ScheduledStart) => containers.indexOf(container);
  const own = starts.toSorted((one, other) => place(one) - place(other));
  const tied = inOrder(own);
  const exchanged = starts.slice(1).flatMap((later, index) => {
    const earlier = starts[index];
    if (earlier === undefined || place(earlier) < place(later)) return [];
    return [
      starts.with(index, { ...later, atMs: earlier.atMs }).with(index + 1, { ...earlier, atMs: later.atMs }),
    ];
  });
  const inOwnOrder = own.map(({ container }, index) => ({ container, atMs: starts[index]?.atMs ?? null }));
  return [tied, inOwnOrder, ...exchanged].map((changed) => ({ ...schedule, starts: changed }));
}

/** Begins at 0 and has no empty list of steps: what is smallest is also read most easily. */
function tidy({ starts, steps = [] }: Schedule): Schedule {
  const sorted = inOrder(starts);
  const first = steps.length > 0 ? 0 : (sorted[0]?.atMs ?? 0);
  const moved = sorted.map(({ container, atMs }) => ({
    container,
    atMs: atMs === null ? null : atMs - first,
  }));
  return steps.length === 0 ? { starts: moved } : { starts: moved, steps };
}
