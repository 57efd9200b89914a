import path from "node:path";

import type { Judgement } from "../contracts/contract.ts";
import type { Diagnosis } from "../diagnosis/diagnosis.ts";
import type { Schedule } from "../schedule/schedule.ts";
import type { FoundClass } from "./class-book.ts";
import type { FailingClass, Repeats, Tried } from "./exploration.ts";
import type { ExploreOptions } from "./explore-options.ts";
import { answerOf, classesOf } from "./failing-classes.ts";
import { repeatsOf } from "./narrow/judge.ts";
import type { TrialOutcome } from "./trials/laboratory.ts";
import type { NarrowedClass } from "./narrow/narrow-all.ts";
import { writeScheduleFile } from "./write-schedule-file.ts";
import type { Trials } from "./all-trials.ts";

/**
 * A class as it is reported, its smallest schedule saved and its run diagnosed.
 * @param narrowed absent: there was no time, so the smallest of the tried schedules stands.
 * @param number of the class in the exploration; names its file.
 * @throws {SitecarError} RUN_DIRECTORY_FAILED, NO_SPACE.
 */
export async function failingClassOf(
  found: FoundClass,
  narrowed: NarrowedClass | undefined,
  number: number,
  tried: readonly Tried[],
  trials: Trials,
  options: ExploreOptions,
): Promise<FailingClass> {
  const { key, contract, symptom } = found;
  const smallest = narrowed?.pair.breaks ?? found.outcome.schedule;
  const run = trials.of(smallest).find((outcome) => classesOf(outcome).has(key)) ?? found.outcome;
  const judgement = classesOf(run).get(key) ?? found.judgement;
  const file = await writeScheduleFile(path.join(options.directory, "schedules"), number, {
    sitecar: "schedule/1",
    inputs: options.inputs,
    ...(options.inputOptions === undefined ? {} : { inputOptions: options.inputOptions }),
    ...(options.tickEvery === undefined ? {} : { tickEvery: options.tickEvery }),
    seed: options.seed,
    schedule: smallest,
    expected: { verdict: "broken", contract, symptom },
  });
  return {
    key,
    contract,
    symptom,
    points: tried.filter(({ classes }) => classes.includes(key)).length,
    smallest,
    evidence: judgement.evidence,
    ...(narrowed?.threshold === undefined ? {} : { threshold: narrowed.threshold }),
    ...(narrowed === undefined || narrowed.furtherThresholds.length === 0
      ? {}
      : { furtherThresholds: narrowed.furtherThresholds }),
    ...heldSide(narrowed, key, contract, trials),
    judgement: narrowed?.judgement ?? "unknown",
    repeats: repeatsOfClass(narrowed, smallest, key, contract, trials),
    diagnoses: await diagnosesOf(run, judgement, options),
    runDirectory: run.runDirectory,
    scheduleFile: file,
    replayCommand: `sitecar replay ${quoted(path.relative("", file))}`,
    ...(found.foundBy === undefined ? {} : { foundBy: found.foundBy }),
    ...(narrowed?.consequenceOf === undefined ? {} : { consequenceOf: narrowed.consequenceOf }),
  };
}

function heldSide(
  narrowed: NarrowedClass | undefined,
  key: string,
  contract: string,
  trials: Trials,
): Pick<FailingClass, "nearestHeld" | "heldRepeats" | "heldRunDirectory"> {
  const holds = narrowed?.pair.holds;
  if (narrowed === undefined || holds === undefined) return {};
  const run = trials.of(holds).find((outcome) => answerOf(outcome, key, contract) === "holds");
  return {
    nearestHeld: holds,
    ...(narrowed.heldRepeats === undefined ? {} : { heldRepeats: narrowed.heldRepeats }),
    ...(run === undefined ? {} : { heldRunDirectory: run.runDirectory }),
  };
}

/** Where there was no time to repeat it, the trials that there were. */
function repeatsOfClass(
  narrowed: NarrowedClass | undefined,
  smallest: Schedule,
  key: string,
  contract: string,
  trials: Trials,
): Repeats {
  if (narrowed !== undefined && narrowed.repeats.runs > 0) return narrowed.repeats;
  return repeatsOf(trials.of(smallest).map((outcome) => answerOf(outcome, key, contract)));
}

/** A diagnosis that fails takes nothing from the exploration; that it failed is said in its place. */
async function diagnosesOf(
  run: TrialOutcome,
  judgement: Judgement,
  { diagnose }: ExploreOptions,
): Promise<readonly Diagnosis[]> {
  if (diagnose === undefined) return [];
  try {
    return await diagnose(run.runDirectory, judgement);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [
      {
        rule: "diagnosis-failed",
        cause: `the run could not be diagnosed: ${message}`,
        evidence: [],
        source: "sitecar",
        remedies: [],
      },
    ];
  }
}

/** For a POSIX shell. */
function quoted(argument: string): string {
  return /^[\w./:@%+-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", String.raw`'\''`)}'`;
}
