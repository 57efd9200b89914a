import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import type { SiteDefinition } from "../definition/site-definition.ts";
import { SitecarError } from "../errors/index.ts";
import { checkScheduleFaults } from "../faults/check-schedule-faults.ts";
import { parseFault } from "../faults/parse-fault.ts";
import { parseSchedule } from "../schedule/parse-schedule.ts";
import { parseStartOptions } from "../schedule/parse-start-options.ts";
import { resolveSchedule } from "../schedule/resolve-schedule.ts";
import { STORAGE, type Schedule } from "../schedule/schedule.ts";
import type { FaultStep } from "../schedule/step.ts";

/** What a user may say of a schedule on the command line. */
export interface ScheduleOptions {
  readonly start: readonly string[];
  readonly schedule?: string;
  readonly fault: readonly string[];
}

/** Adds them to a command that starts a site. */
export function addScheduleOptions(command: Command): Command {
  return command
    .option(
      "--start <container=time>",
      'when a container starts: "dapr=12s", "main=never"; also storage; once for each container',
      collected,
      [],
    )
    .option(
      "--schedule <file>",
      "a schedule as JSON: starts, and what else is done to the site and when, as docs/faults.md says",
    )
    .option(
      "--fault <fault>",
      'a fault that is on from before the first start: "identity-slow delayMs=8s"; repeatable; `sitecar faults` lists all',
      collected,
      [],
    );
}

/**
 * The schedule that the options mean for a site; `undefined`: they say nothing. The run's plan checks it again; here it fails
 * before an engine is installed or an image built.
 * @throws {SitecarError} USAGE, FILE_NOT_READABLE, SCHEDULE_INVALID, SCHEDULE_UNKNOWN_CONTAINER, FAULT_UNKNOWN, FAULT_INVALID.
 */
export async function scheduleOf(
  options: ScheduleOptions,
  { siteContainers, storageAccounts }: Pick<SiteDefinition, "siteContainers" | "storageAccounts">,
): Promise<Schedule | undefined> {
  const { schedule: file, start, fault } = options;
  if (file !== undefined && start.length > 0) {
    throw new SitecarError("USAGE", {
      message: "--schedule and --start both say when containers start.",
      remedy: "write the starts into the schedule's file, or leave --schedule out.",
    });
  }
  const written = file === undefined ? parseStartOptions(start) : parseSchedule(await readText(file), file);
  if (written === undefined && fault.length === 0) return undefined;
  const names = siteContainers.map(({ name }) => name);
  const storage = storageAccounts.length > 0;
  const known = storage ? [STORAGE, ...names] : names;
  const resolved = resolveSchedule(written, names, storage);
  checkScheduleFaults(resolved, known);
  const faults = fault.map((text): FaultStep => ({
    when: { atMs: 0 },
    inject: parseFault(text, { path: `--fault ${JSON.stringify(text)}`, containers: known }),
  }));
  return faults.length === 0 ? resolved : { ...resolved, steps: [...faults, ...(resolved.steps ?? [])] };
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
    throw new SitecarError("FILE_NOT_READABLE", {
      message: `${file} can't be read${code}.`,
      observations: [{ label: "named at", value: "--schedule" }],
      remedy: "correct the path or create the file.",
      cause: error,
    });
  }
}

function collected(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}
