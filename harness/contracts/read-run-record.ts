import { readFile } from "node:fs/promises";
import path from "node:path";

import { SitecarError } from "../errors/index.ts";
import type { TimelineEvent } from "../timeline/events.ts";
import { OWNER_FILE } from "../timeline/prune-runs.ts";
import type { SavedPlan } from "../timeline/saved-plan.ts";
import { readRecordedLines } from "./recorded-lines.ts";
import type { RunRecord } from "./run-record.ts";
import {
  instancesIn,
  restoreSnapshots,
  SAVED,
  type SavedComponentFiles,
  type SavedEnding,
  type SavedSnapshots,
} from "./saved-record.ts";

/**
 * The record of a finished run from its folder, `.sitecar/runs/<id>/`: the same as the run itself had at its end.
 * @throws {SitecarError} RUN_UNREADABLE for a folder that lacks something, or holds what is not sitecar's.
 */
export async function readRunRecord(directory: string): Promise<RunRecord> {
  const runDirectory = path.resolve(directory);
  const [timeline, plan, files, snapshots, ending] = await Promise.all([
    read(runDirectory, "timeline.jsonl", parseEvents),
    read(runDirectory, "plan.json", (text): SavedPlan => JSON.parse(text)),
    read(runDirectory, `${SAVED.componentFiles}.json`, (text): SavedComponentFiles => JSON.parse(text)),
    read(runDirectory, `${SAVED.snapshots}.json`, (text): SavedSnapshots => JSON.parse(text)),
    read(runDirectory, `${SAVED.ending}.json`, (text): SavedEnding => JSON.parse(text)),
  ]);
  // What came after the site had been stopped is the harness's own clearing up.
  const { lengths, ...end } = ending;
  const events = timeline.slice(0, lengths.events);
  const lines = await readRecordedLines(runDirectory, events, lengths.logs).catch((cause: unknown) => {
    throw unreadable(path.join(runDirectory, "logs"), cause);
  });
  return {
    runDirectory,
    plan,
    instances: instancesIn(events),
    events,
    componentFiles: new Map(Object.entries(files)),
    snapshots: restoreSnapshots(snapshots),
    lines,
    ...end,
  };
}

async function read<T>(directory: string, name: string, parse: (text: string) => T): Promise<T> {
  const file = path.join(directory, name);
  try {
    const value = parse(await readFile(file, "utf8"));
    // The files are this program's own; what else is written in them is not looked into.
    if (typeof value !== "object" || value === null) throw new Error("it holds no JSON object");
    return value;
  } catch (cause) {
    const goesOn = await readFile(path.join(directory, OWNER_FILE)).then(
      () => true,
      () => false,
    );
    throw unreadable(file, cause, goesOn);
  }
}

function parseEvents(text: string): readonly TimelineEvent[] {
  // A run that died may have left half a line.
  const lines = text.split("\n").slice(0, -1);
  return lines.map((line): TimelineEvent => JSON.parse(line));
}

function unreadable(file: string, cause: unknown, goesOn = false): SitecarError {
  return new SitecarError("RUN_UNREADABLE", {
    message: `the run in ${path.dirname(file)} has no record that can be judged.`,
    observations: [
      { label: path.basename(file), value: cause instanceof Error ? cause.message : String(cause) },
    ],
    remedy: goesOn
      ? "the run goes on, or its process died: wait for its end, or run the site again."
      : "name the folder of a run that has ended; one that died, or that an older sitecar made, can't be judged: run the site again.",
    cause,
  });
}
