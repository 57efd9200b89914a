import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { SitecarError } from "../../errors/index.ts";
import { EXPLORATION_FILE, readExploration } from "../../lab/exploration-file.ts";
import { classLetters } from "../../lab/order-map.ts";
import type { ScheduleFile } from "../../lab/schedule-file.ts";
import { readScheduleFile } from "../../lab/write-schedule-file.ts";
import type { Schedule } from "../../schedule/schedule.ts";
import { didYouMean } from "../../shared/nearest.ts";
import { RunReader } from "../../timeline/run-reader.ts";
import type { SavedInputs } from "../../timeline/saved-inputs.ts";

/** A schedule to be run again, with what its site is read from. */
export interface ReplaySource {
  /** For a person: what was named. */
  readonly name: string;
  readonly schedule: Schedule;
  readonly inputs: SavedInputs;
  readonly expected?: ScheduleFile["expected"];
}

/**
 * Finds what `sitecar replay` was given: a schedule's file, a run (its id or folder), or a class of an exploration
 * (`<folder or file>#<letter or key>`).
 * @throws {SitecarError} USAGE, RUN_UNREADABLE, and what the readers throw.
 */
export async function findReplay(what: string): Promise<ReplaySource> {
  const hash = what.indexOf("#");
  if (hash > 0) return await fromClass(what.slice(0, hash), what.slice(hash + 1));
  const kind = await stat(what).catch(() => undefined);
  if (kind?.isFile() === true) return fromScheduleFile(what, await readScheduleFile(what));
  if (kind === undefined) return await fromRun((await RunReader.find(what)).path);
  if (await exists(path.join(what, "plan.json"))) return await fromRun(what);
  if (await exists(explorationFile(what))) {
    const { classes } = await readExploration(explorationFile(what));
    throw new SitecarError("USAGE", {
      message: `${what} is an exploration: its classes can be replayed, each by itself.`,
      observations: [{ label: "classes", value: classes.map(({ key }) => key).join("\n") || "none" }],
      remedy: `name one of them: sitecar replay ${what}#A`,
    });
  }
  throw new SitecarError("USAGE", {
    message: `${what} is neither a run's folder nor an exploration's.`,
    remedy: "name a schedule's file, a run, or <exploration>#<class>.",
  });
}

function fromScheduleFile(file: string, saved: ScheduleFile): ReplaySource {
  const { schedule, inputs, inputOptions, tickEvery, expected } = saved;
  const options = isSavedInputs(inputOptions) ? inputOptions : undefined;
  return {
    name: file,
    schedule,
    inputs: {
      workingDirectory: process.cwd(),
      files: inputs.map((input) => ({ file: input })),
      ...options,
      ...(tickEvery === undefined ? {} : { tickEvery }),
    },
    ...(expected === undefined ? {} : { expected }),
  };
}

/** The plan and the inputs are enough: a run whose process died can be made again too. */
async function fromRun(directory: string): Promise<ReplaySource> {
  const plan = await readPart(directory, "plan.json");
  const record = await readPart(directory, "record.json");
  const schedule = "schedule" in plan ? plan.schedule : undefined;
  const inputs = "inputs" in record ? record.inputs : undefined;
  if ("virtualTime" in plan) throw virtualRun(directory);
  if (isSchedule(schedule) && isSavedInputs(inputs)) return { name: directory, schedule, inputs };
  throw new SitecarError("RUN_UNREADABLE", {
    message: `the run in ${directory} does not say what its site was read from.`,
    remedy: "replay a run that `sitecar up` or `sitecar explore` made.",
  });
}

/** What was done to its clock is no part of the schedule, and another time would be another run. */
function virtualRun(directory: string): SitecarError {
  return new SitecarError("VIRTUAL_TIME_NOT_POSSIBLE", {
    message: `the run in ${directory} had virtual time, and trials go by this machine's clock.`,
    remedy:
      "start the site again with `sitecar up --virtual-time=<start>` and step its clock; its record can be explained without trying a remedy.",
  });
}

async function readPart(directory: string, name: string): Promise<object> {
  try {
    const value: unknown = JSON.parse(await readFile(path.join(directory, name), "utf8"));
    if (typeof value === "object" && value !== null) return value;
    throw new Error("it holds no JSON object");
  } catch (cause) {
    throw new SitecarError("RUN_UNREADABLE", {
      message: `the run in ${directory} can't be made again.`,
      observations: [{ label: name, value: cause instanceof Error ? cause.message : String(cause) }],
      remedy: "name the folder of a run that began; one that failed before its plan was made has none.",
      cause,
    });
  }
}

async function fromClass(where: string, wanted: string): Promise<ReplaySource> {
  const file =
    (await stat(where).catch(() => undefined))?.isDirectory() === true ? explorationFile(where) : where;
  const exploration = await readExploration(file);
  const letters = classLetters(exploration);
  const found = exploration.classes.find(
    ({ key }) => key === wanted || letters.get(key) === wanted.toUpperCase(),
  );
  if (found === undefined) {
    const keys = exploration.classes.map(({ key }) => key);
    throw new SitecarError("USAGE", {
      message: `the exploration ${where} has no class "${wanted}".${didYouMean(wanted, keys)}`,
      observations: keys.map((key) => ({ label: letters.get(key) ?? "", value: key })),
      remedy: "name a class by its letter or its whole key.",
    });
  }
  return fromScheduleFile(
    `${where}#${wanted}`,
    await readScheduleFile(await nearest(found.scheduleFile, file)),
  );
}

/** As it was written, or beside the exploration, which may have been moved since. */
async function nearest(scheduleFile: string, explorationPath: string): Promise<string> {
  if (await exists(scheduleFile)) return scheduleFile;
  return path.join(path.dirname(explorationPath), "schedules", path.basename(scheduleFile));
}

function explorationFile(directory: string): string {
  return path.join(directory, EXPLORATION_FILE);
}

function isSchedule(value: unknown): value is Schedule {
  return typeof value === "object" && value !== null && "starts" in value && Array.isArray(value.starts);
}

function isSavedInputs(value: unknown): value is SavedInputs {
  return (
    typeof value === "object" &&
    value !== null &&
    "workingDirectory" in value &&
    typeof value.workingDirectory === "string" &&
    "files" in value &&
    Array.isArray(value.files)
  );
}

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined)) !== undefined;
}
