import type { ComponentFile } from "../../dapr/component-files.ts";
import type { SiteDefinition } from "../../definition/site-definition.ts";
import { makePlan, type PlanOptions } from "../../plan/make-plan.ts";
import { OPTIONS, site } from "../../plan/test-support/small-definition.ts";
import type { TimelineEvent } from "../../timeline/events.ts";
import { savedPlan } from "../../timeline/saved-plan.ts";
import type { RecordedLine, RecordedStop, RunRecord } from "../run-record.ts";
import { scheduleLateness } from "../../timeline/schedule-lateness.ts";
import { instancesIn } from "../saved-record.ts";
import { NO_ANSWER, snapshotOf, type Account } from "./account.ts";
import { blobFile, cronFile } from "./files.ts";
import { INSTANCE, ORIGIN, type Moment } from "./moments.ts";

export interface ExampleRun {
  readonly moments: readonly Moment[];
  readonly files?: readonly ComponentFile[];
  readonly untilMs?: number;
  /** `null`: daprd did not answer at the end. Several instances: by instance. */
  readonly account?: Account | null;
  readonly stopped?: readonly RecordedStop[] | null;
  readonly lines?: readonly RecordedLine[];
  readonly definition?: Partial<SiteDefinition>;
  readonly plan?: Partial<PlanOptions>;
}

/** How a good site's containers end. */
export const ENDED_BY_THEMSELVES: readonly RecordedStop[] = ["main", "dapr"].map((container) => ({
  container,
  instance: INSTANCE,
  exitCode: 0,
  afterMs: 120,
  killed: false,
}));

/** A record of the example, made of what happened in it; daprd's account agrees with the ticks unless it is given. */
export function exampleRun({
  moments,
  files = [cronFile(), blobFile()],
  untilMs = 8_000,
  account = {},
  stopped = ENDED_BY_THEMSELVES,
  lines = [],
  definition = {},
  plan = {},
}: ExampleRun): RunRecord {
  const events = moments
    .toSorted((one, other) => one.tMs - other.tMs)
    .map(({ tMs, instance, happening }, seq): TimelineEvent => ({
      seq,
      tMs,
      wall: new Date(ORIGIN + tMs).toISOString(),
      ...(instance === undefined ? {} : { instance }),
      ...happening,
    }));
  const instances = instancesIn(events);
  return {
    runDirectory: "/runs/example",
    plan: savedPlan(makePlan(site(definition), { ...OPTIONS, ...plan })),
    instances,
    events,
    componentFiles: new Map([["dapr", files]]),
    snapshots: new Map(
      instances.map((instance) => [
        instance,
        new Map([
          ["dapr", account === null ? NO_ANSWER : snapshotOf({ account, files, events, instance, untilMs })],
        ]),
      ]),
    ),
    observedUntilMs: untilMs,
    ...(stopped === null ? {} : { stopped }),
    lines,
    lateness: { scheduleMs: Math.max(0, ...scheduleLateness(events)), eventLoopMs: 0 },
  };
}
