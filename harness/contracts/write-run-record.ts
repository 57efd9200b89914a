import type { SitePlan } from "../plan/site-plan.ts";
import type { RunDirectory } from "../timeline/run-directory.ts";
import { savedPlan } from "../timeline/saved-plan.ts";
import { scheduleLateness } from "../timeline/schedule-lateness.ts";
import type { Timeline } from "../timeline/timeline.ts";
import { logLengths, readRecordedLines } from "./recorded-lines.ts";
import type { RunRecord } from "./run-record.ts";
import {
  compactSnapshot,
  instancesIn,
  maskComponentFiles,
  SAVED,
  saveSnapshots,
  type SavedEnding,
} from "./saved-record.ts";

/** What is known of a run at its end, beside its timeline and what its containers printed. */
export interface EndedRun extends Pick<
  RunRecord,
  "componentFiles" | "snapshots" | "observedUntilMs" | "stopped"
> {
  readonly plan: SitePlan;
  readonly timeline: Timeline;
  readonly directory: RunDirectory;
  /** How late the harness's own event loop was at most. */
  readonly eventLoopMs: number;
}

/**
 * The record of a run that has ended, from what the run still holds; saves in its folder what is not there yet, so that
 * `readRunRecord` gives the same.
 * @throws {SitecarError} RUN_DIRECTORY_FAILED, NO_SPACE.
 */
export async function writeRunRecord(run: EndedRun): Promise<RunRecord> {
  const { timeline, directory } = run;
  const events = [...timeline.events];
  const componentFiles = maskComponentFiles(run.componentFiles);
  const snapshots = new Map(
    [...run.snapshots].map(([instance, own]) => [
      instance,
      new Map([...own].map(([container, snapshot]) => [container, compactSnapshot(snapshot)])),
    ]),
  );
  const ending: Omit<SavedEnding, "lengths"> = {
    observedUntilMs: run.observedUntilMs,
    ...(run.stopped === undefined ? {} : { stopped: run.stopped }),
    lateness: { scheduleMs: Math.max(0, ...scheduleLateness(events)), eventLoopMs: run.eventLoopMs },
  };
  await directory.flush();
  const logs = await logLengths(directory.path);
  const [lines] = await Promise.all([
    readRecordedLines(directory.path, events, logs),
    directory.writePlan(run.plan),
    directory.save(SAVED.componentFiles, Object.fromEntries(componentFiles)),
    directory.save(SAVED.snapshots, saveSnapshots(snapshots)),
    directory.save(SAVED.ending, { ...ending, lengths: { events: events.length, logs } }),
  ]);
  return {
    runDirectory: directory.path,
    plan: savedPlan(run.plan),
    instances: instancesIn(events),
    events,
    componentFiles,
    snapshots,
    lines,
    ...ending,
  };
}
