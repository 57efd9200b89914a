import type { Contract, Judgement, Verdict } from "../../contracts/contract.ts";
import { check } from "../../contracts/check.ts";
import type { Schedule } from "../../schedule/schedule.ts";
import { delay } from "../../shared/clock.ts";
import type { Bench } from "../../site/bench.ts";
import type { PreparedTrial } from "../../site/prepared-trial.ts";
import type { BackgroundWork } from "./background-work.ts";
import type { TrialLimits } from "./laboratory-options.ts";
import { latenessOf } from "./lateness.ts";
import type { Spacing } from "./spacing.ts";
import type { Booking, Timetable } from "./timetable.ts";
import { runTrial } from "./trial.ts";
import { spansOf } from "./trial-spans.ts";

/** What all attempts of a laboratory share. */
export interface AttemptParts {
  readonly timetable: Timetable;
  readonly work: BackgroundWork;
  readonly spacing: Spacing;
  readonly limits: TrialLimits;
  readonly contracts: readonly Contract[];
  readonly runsDirectory: string;
  readonly files?: Parameters<Bench["prepare"]>[1]["files"];
  readonly differences?: Parameters<Bench["prepare"]>[1]["differences"];
}

export interface AttemptOptions {
  readonly signal: AbortSignal;
  /** So long before and after each start and step the laboratory does nothing else; default 0. */
  readonly quietMs?: number;
}

/** One run of a schedule on a bench. */
export interface Attempt {
  readonly judgements: readonly Judgement[];
  readonly runDirectory: string;
  /** From the schedule's beginning to the end of the stop. */
  readonly tookMs: number;
  /** Of every start and step. */
  readonly lateness: readonly number[];
  /** At most, of starts, steps and, by its weight, the harness itself. */
  readonly latenessMs: number;
  /** The bench is as new. */
  readonly isCleared: boolean;
}

/** How long each keeps the machine busy, about. */
const PREPARING_MS = 150;
const CLEARING_MS = 120;
/** From the end of the preparing to the earliest time zero. */
const MARGIN_MS = 20;

/**
 * Prepares a trial, begins it at its time of the timetable, watches, stops, judges, and clears the bench.
 * @throws {SitecarError} a fault of the harness, or the signal's reason; the bench must then be disposed.
 */
export async function attempt(
  bench: Bench,
  schedule: Schedule,
  parts: AttemptParts,
  { signal, quietMs = 0 }: AttemptOptions,
): Promise<Attempt> {
  const { timetable, work, spacing, runsDirectory, files, differences } = parts;
  const trial = await work.do(
    PREPARING_MS,
    () =>
      bench.prepare(schedule, {
        runsDirectory,
        signal,
        ...(files === undefined ? {} : { files }),
        ...(differences === undefined ? {} : { differences }),
      }),
    signal,
  );
  const earliestMs = spacing.take(performance.now() + trial.leadMs + MARGIN_MS);
  const booking = timetable.book(spansOf(trial.plan.schedule, trial.workers), { earliestMs, quietMs });
  try {
    const seen = await observe(trial, booking, parts, signal);
    // A bench that can't be made as new takes nothing from what was seen on it.
    const isCleared = await work
      .do(CLEARING_MS, () => trial.clear())
      .then(
        () => true,
        () => false,
      );
    return { ...seen, isCleared };
  } catch (error) {
    await trial.remove().catch(() => undefined); // what went wrong before is the failure to tell
    throw error;
  } finally {
    booking.release();
  }
}

async function observe(
  trial: PreparedTrial,
  booking: Booking,
  { limits, contracts, timetable }: AttemptParts,
  signal: AbortSignal,
): Promise<Omit<Attempt, "isCleared">> {
  await delay(booking.zeroMs - trial.leadMs - performance.now(), signal);
  const beganMs = performance.now();
  const { why, record } = await runTrial(trial, { limits, timetable, signal });
  const tookMs = Math.round(performance.now() - beganMs);
  const judgements = check(contracts, record);
  const { each: lateness, mostMs: latenessMs } = latenessOf(record);
  await trial.directory.save("trial", { why, latenessMs, tookMs, judgements });
  return { judgements, runDirectory: record.runDirectory, tookMs, lateness, latenessMs };
}

/** Of all judgements together; those for which nothing was due say nothing, where others say something. */
export function verdictOfTrial(judgements: readonly Judgement[]): Verdict {
  const telling = judgements.filter(({ nothingDue }) => nothingDue !== true);
  const verdicts = new Set((telling.length > 0 ? telling : judgements).map(({ verdict }) => verdict));
  if (verdicts.has("broken")) return "broken";
  return verdicts.has("unknown") ? "unknown" : "held";
}
