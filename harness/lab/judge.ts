import { clopperPearson } from "../shared/binomial-interval.ts";
import type { Schedule } from "../schedule/schedule.ts";
import type { Asking } from "./asking.ts";
import type { ClassJudgement, Repeats } from "./exploration.ts";

/** Fewer repeats, of which each counts, say nothing: five of five still leave a share of a half possible. */
export const LEAST_RUNS = 5;
/** The schedule as the map has it is repeated so often, to tell a site's race from a threshold's jitter. */
const RUNS_OF_WIDE = 8;
/** How far the two sides are moved from the threshold, in ms, while a start's own jitter makes them alternate. */
const MARGINS_MS = [0, 100, 250, 500, 1000];

/** What is repeated: the smallest schedule, and the nearest that holds. */
export interface Pair {
  readonly breaks: Schedule;
  /** Absent: none is known. */
  readonly holds?: Schedule;
}

export interface JudgedPair {
  readonly judgement: ClassJudgement;
  readonly pair: Pair;
  readonly repeats: Repeats;
  readonly heldRepeats?: Repeats;
  /** By how much each side had to be moved away from the threshold; 0 mostly. */
  readonly brokenMarginMs: number;
  readonly heldMarginMs: number;
}

export interface JudgeOptions {
  /** How often each is run. */
  readonly runs: number;
  /** The failing schedule before its numbers were moved to the threshold. */
  readonly wide: Schedule;
  /** The two sides so much further from the threshold; `undefined` where that is beyond what is known to break or hold. */
  readonly pairAt: (marginMs: number) => Partial<Pair>;
}

/**
 * Repeats both sides and says what the class depends on. A schedule that alternates right at the threshold does so for the
 * jitter of starts: then the side is moved away until it keeps its answer. One that alternates however far away, or already as
 * the map has it, is a race.
 */
export async function judge(asking: Asking, options: JudgeOptions): Promise<JudgedPair> {
  const first = options.pairAt(0);
  const breaks = first.breaks ?? options.wide;
  const [broken, held] = await Promise.all([
    count(asking, breaks, options.runs),
    first.holds === undefined ? undefined : count(asking, first.holds, options.runs),
  ]);
  const steady = isSteady(broken, "breaks") && (held === undefined || isSteady(held, "holds"));
  const race = !steady && (await isRace(options.wide, asking, options.runs));
  const brokenSide = await moveAway({ schedule: breaks, repeats: broken }, "breaks", asking, options, race);
  const heldSide =
    first.holds === undefined || held === undefined
      ? undefined
      : await moveAway({ schedule: first.holds, repeats: held }, "holds", asking, options, race);
  return {
    judgement: judgementOf(brokenSide.repeats, heldSide?.repeats, race),
    pair: {
      breaks: brokenSide.schedule,
      ...(heldSide === undefined ? {} : { holds: heldSide.schedule }),
    },
    repeats: brokenSide.repeats,
    ...(heldSide === undefined ? {} : { heldRepeats: heldSide.repeats }),
    brokenMarginMs: brokenSide.marginMs,
    heldMarginMs: heldSide?.marginMs ?? 0,
  };
}

/** It alternates although it is as far from the threshold as the map has it. */
async function isRace(wide: Schedule, asking: Asking, runs: number): Promise<boolean> {
  const [seen] = await asking.ask([wide], Math.min(RUNS_OF_WIDE, runs));
  return seen === "both";
}

interface Side {
  readonly schedule: Schedule;
  readonly repeats: Repeats;
}

async function moveAway(
  side: Side,
  answer: "breaks" | "holds",
  asking: Asking,
  options: JudgeOptions,
  race: boolean,
): Promise<Side & { readonly marginMs: number }> {
  const original = { ...side, marginMs: 0 };
  if (race || isSteady(side.repeats, answer)) return original;
  for (const marginMs of MARGINS_MS.slice(1)) {
    const schedule = options.pairAt(marginMs)[answer];
    if (schedule === undefined) break;
    const repeats = await count(asking, schedule, options.runs);
    if (repeats.runs < LEAST_RUNS) break;
    if (isSteady(repeats, answer)) return { schedule, repeats, marginMs };
  }
  return original;
}

function isSteady({ runs, broken }: Repeats, answer: "breaks" | "holds"): boolean {
  return broken === (answer === "breaks" ? runs : 0);
}

/** New trials only: those before are why this schedule was chosen. */
async function count(asking: Asking, schedule: Schedule, runs: number): Promise<Repeats> {
  const outcomes = await asking.repeat(schedule, runs);
  return repeatsOf(outcomes.map((outcome) => asking.answer(outcome)));
}

/** Trials that say nothing are not counted. */
export function repeatsOf(answers: readonly string[]): Repeats {
  const broken = answers.filter((answer) => answer === "breaks").length;
  const runs = broken + answers.filter((answer) => answer === "holds").length;
  return { runs, broken, interval: runs === 0 ? [0, 1] : clopperPearson(broken, runs) };
}

/**
 * See {@link ClassJudgement}. The failing schedule has broken the contract at least once, so that a run of it in which it does not is
 * enough for a race, however few were made.
 */
export function judgementOf(broken: Repeats, held: Repeats | undefined, race: boolean): ClassJudgement {
  if (race || broken.broken < broken.runs || (held?.broken ?? 0) > 0) return "race";
  if (broken.runs < LEAST_RUNS) return "unknown";
  if (held === undefined) return "always";
  return held.runs < LEAST_RUNS ? "unknown" : "order-determined";
}
