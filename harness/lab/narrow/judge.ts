import { clopperPearson } from "../../shared/binomial-interval.ts";
import type { Schedule } from "../../schedule/schedule.ts";
import type { Asking } from "./asking.ts";
import type { ClassJudgement, Repeats } from "../exploration.ts";

/** Fewer repeats, of which each counts, say nothing: five of five still leave a share of a half possible. */
export const LEAST_RUNS = 5;
/** The schedule as the map has it is repeated so often, to tell a site's race from a threshold's jitter. */
const RUNS_OF_WIDE = 8;
/** So many first: a side that alternates among them is moved away, and the others would be for nothing. */
const FIRST_RUNS = 6;
/** How far the two sides are moved from the threshold, in ms, while a start's own jitter makes them alternate. */
const MARGINS_MS = [100, 300, 1000];

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
  /** The two sides so much further from the threshold, or as far as is known to break or hold; `undefined` where there is no such side. */
  readonly pairAt: (marginMs: number) => Partial<Readonly<Record<keyof Pair, MovedSide>>>;
}

export interface MovedSide {
  readonly schedule: Schedule;
  /** So much it is further away. */
  readonly marginMs: number;
}

/**
 * Repeats both sides and says what the class depends on. A schedule that alternates right at the threshold does so for the
 * jitter of starts: then the side is moved away until it keeps its answer. One that alternates however far away, or already as
 * the map has it, is a race. Where there was no time to tell the two apart it is unknown.
 */
export async function judge(asking: Asking, options: JudgeOptions): Promise<JudgedPair> {
  const first = options.pairAt(0);
  const breaks = first.breaks?.schedule ?? options.wide;
  const holds = first.holds?.schedule;
  const [broken, held] = await Promise.all([
    count(asking, breaks, options.runs),
    holds === undefined ? undefined : count(asking, holds, options.runs),
  ]);
  const steady = isSteady(broken, "breaks") && (held === undefined || isSteady(held, "holds"));
  const alternates = steady ? "no" : await alternatesWide(options.wide, asking, options.runs);
  const settle = (side: Side, answer: "breaks" | "holds"): Promise<SettledSide> =>
    alternates === "yes" ? fillUp(side, asking, options) : moveAway(side, answer, asking, options);
  const [brokenSide, heldSide] = await Promise.all([
    settle({ schedule: breaks, repeats: broken }, "breaks"),
    holds === undefined || held === undefined
      ? undefined
      : settle({ schedule: holds, repeats: held }, "holds"),
  ]);
  const isSettled = alternates !== "unknown" && brokenSide.isSettled && heldSide?.isSettled !== false;
  return {
    judgement: isSettled ? judgementOf(brokenSide.repeats, heldSide?.repeats) : "unknown",
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

/** Whether it alternates although it is as far from the threshold as the map has it. */
async function alternatesWide(
  wide: Schedule,
  asking: Asking,
  runs: number,
): Promise<"yes" | "no" | "unknown"> {
  const wanted = Math.min(RUNS_OF_WIDE, runs);
  const [seen] = await asking.ask([wide], wanted);
  if (seen === "both") return "yes";
  const told = asking.broken(wide).length + asking.held(wide).length;
  return told >= Math.min(LEAST_RUNS, wanted) ? "no" : "unknown";
}

interface Side {
  readonly schedule: Schedule;
  readonly repeats: Repeats;
}

interface SettledSide extends Side {
  readonly marginMs: number;
  /** Its answer is the last word: it keeps it, or there is nowhere else to go. */
  readonly isSettled: boolean;
}

async function moveAway(
  side: Side,
  answer: "breaks" | "holds",
  asking: Asking,
  options: JudgeOptions,
): Promise<SettledSide> {
  if (isSteady(side.repeats, answer)) return { ...side, marginMs: 0, isSettled: true };
  let before = 0;
  for (const wantedMs of MARGINS_MS) {
    const { schedule, marginMs } = options.pairAt(wantedMs)[answer] ?? { ...side, marginMs: 0 };
    if (marginMs <= before) break;
    before = marginMs;
    const repeats = await count(asking, schedule, options.runs);
    if (!isSteady(repeats, answer)) continue;
    if (repeats.runs < LEAST_RUNS) return { ...side, marginMs: 0, isSettled: false };
    return { schedule, repeats, marginMs, isSettled: true };
  }
  return fillUp(side, asking, options);
}

/** The share in which a race breaks is of all runs that were wanted. */
async function fillUp(
  { schedule, repeats }: Side,
  asking: Asking,
  { runs }: JudgeOptions,
): Promise<SettledSide> {
  const more = await runSome(asking, schedule, runs - repeats.runs);
  const broken = repeats.broken + more.filter((answer) => answer === "breaks").length;
  const held = repeats.runs - repeats.broken + more.filter((answer) => answer === "holds").length;
  return { schedule, repeats: repeatsFrom(broken, broken + held), marginMs: 0, isSettled: true };
}

function isSteady({ runs, broken }: Repeats, answer: "breaks" | "holds"): boolean {
  return broken === (answer === "breaks" ? runs : 0);
}

/** Quietly, as a replay runs: near a threshold, others' starts at the same moment make a side alternate that alone does not. */
async function runSome(asking: Asking, schedule: Schedule, runs: number): Promise<readonly string[]> {
  const outcomes = await asking.repeat(schedule, runs, { isQuiet: true });
  return outcomes.map((outcome) => asking.answer(outcome));
}

/** New trials only: those before are why this schedule was chosen. Not all of them where the first alternate already. */
async function count(asking: Asking, schedule: Schedule, runs: number): Promise<Repeats> {
  const first = await runSome(asking, schedule, Math.min(FIRST_RUNS, runs));
  if (first.includes("breaks") && first.includes("holds")) return repeatsOf(first);
  return repeatsOf([...first, ...(await runSome(asking, schedule, runs - first.length))]);
}

/** Trials that say nothing are not counted. */
export function repeatsOf(answers: readonly string[]): Repeats {
  const broken = answers.filter((answer) => answer === "breaks").length;
  return repeatsFrom(broken, broken + answers.filter((answer) => answer === "holds").length);
}

function repeatsFrom(broken: number, runs: number): Repeats {
  return { runs, broken, interval: runs === 0 ? [0, 1] : clopperPearson(broken, runs) };
}

/**
 * See {@link ClassJudgement}. The failing schedule has broken the contract at least once, so that a run of it in which it does not is
 * enough for a race, however few were made.
 */
export function judgementOf(broken: Repeats, held: Repeats | undefined): ClassJudgement {
  if (broken.broken < broken.runs || (held?.broken ?? 0) > 0) return "race";
  if (broken.runs < LEAST_RUNS) return "unknown";
  if (held === undefined) return "always";
  return held.runs < LEAST_RUNS ? "unknown" : "order-determined";
}
