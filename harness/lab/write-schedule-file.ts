import path from "node:path";

import { SitecarError } from "../errors/index.ts";
import { isObject, readJsonFile, writeJsonFile } from "./json-file.ts";
import type { ScheduleFile } from "./schedule-file.ts";

/** A file's name has so much of the symptom that it can be told from the others'. */
const LONGEST_NAME = 60;

/**
 * Writes a class's schedule into a folder of its exploration.
 * @param number of the class, so that no two have the same name.
 * @returns the file's path.
 * @throws {SitecarError} RUN_DIRECTORY_FAILED, NO_SPACE.
 */
export async function writeScheduleFile(
  directory: string,
  number: number,
  file: ScheduleFile,
): Promise<string> {
  const words = (file.expected?.symptom ?? "schedule").toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  const name = words.slice(0, LONGEST_NAME).replaceAll(/^-+|-+$/g, "") || "schedule";
  const written = path.join(directory, `${number}-${name}.json`);
  await writeJsonFile(written, file);
  return written;
}

/**
 * Reads what {@link writeScheduleFile} wrote, or someone by hand. Whether the schedule fits a site is for `resolveSchedule`, which
 * knows it.
 * @throws {SitecarError} FILE_NOT_READABLE, SCHEDULE_INVALID.
 */
export async function readScheduleFile(file: string): Promise<ScheduleFile> {
  const value = await readJsonFile(file, "schedule/1", "SCHEDULE_INVALID");
  const problem = problemOf(value);
  if (problem !== undefined) {
    throw new SitecarError("SCHEDULE_INVALID", {
      message: `${file}: ${problem}.`,
      remedy: "take the file as the exploration wrote it, and change times and names only.",
    });
  }
  // Each key was looked at.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return value as unknown as ScheduleFile;
}

function problemOf(value: Readonly<Record<string, unknown>>): string | undefined {
  const { inputs, schedule, tickEvery, seed, expected, inputOptions } = value;
  if (!Array.isArray(inputs) || !inputs.every((input) => typeof input === "string")) {
    return "inputs must be a list of the site's files";
  }
  if (inputOptions !== undefined && !isObject(inputOptions)) return "inputOptions must be an object";
  if (tickEvery !== undefined && typeof tickEvery !== "string") return "tickEvery must be a duration, as 1s";
  if (seed !== undefined && !Number.isInteger(seed)) return "seed must be a whole number";
  if (expected !== undefined && !isObject(expected)) return "expected must be an object";
  if (!isObject(schedule)) return "schedule must be an object with starts";
  const { starts, steps } = schedule;
  if (!Array.isArray(starts)) return "schedule.starts must be a list";
  const wrong = starts.findIndex((start) => !isStart(start));
  if (wrong !== -1) return `schedule.starts[${wrong}] must have a container and atMs, a number or null`;
  if (steps === undefined) return undefined;
  return Array.isArray(steps) && steps.every(isObject) ? undefined : "schedule.steps must be a list of steps";
}

function isStart(start: unknown): boolean {
  if (!isObject(start) || typeof start["container"] !== "string") return false;
  const { atMs } = start;
  return atMs === null || (typeof atMs === "number" && Number.isFinite(atMs) && atMs >= 0);
}
