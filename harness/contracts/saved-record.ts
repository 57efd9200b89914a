import type { ComponentFile } from "../dapr/component-files.ts";
import { DaprMetrics } from "../dapr/dapr-metrics.ts";
import type { DaprSnapshot } from "../dapr/readiness.ts";
import { maskValue } from "../plan/mask-environment.ts";
import type { TimelineEvent } from "../timeline/events.ts";
import type { RecordedStop, RunRecord } from "./run-record.ts";

/** Files of a run's folder that its record is read from, beside `timeline.jsonl`, `plan.json` and `logs/`. */
export const SAVED = {
  componentFiles: "component-files",
  snapshots: "snapshots",
  ending: "stopped",
} as const;

/** What `component-files.json` holds: by container. */
export type SavedComponentFiles = Readonly<Record<string, readonly ComponentFile[]>>;

type SavedSample = readonly [name: string, labels: Readonly<Record<string, string>>, value: number];

interface SavedSnapshot extends Omit<DaprSnapshot, "metrics"> {
  readonly metrics: readonly SavedSample[] | null;
}

/** What `snapshots.json` holds: by instance, then by container. */
export type SavedSnapshots = Readonly<Record<string, Readonly<Record<string, SavedSnapshot>>>>;

/** What `stopped.json` holds: how the run ended. */
export interface SavedEnding {
  readonly observedUntilMs: number;
  readonly stopped?: readonly RecordedStop[];
  readonly lateness: RunRecord["lateness"];
  /** How much of the folder's growing files is the record: events, and bytes of each log. */
  readonly lengths: { readonly events: number; readonly logs: Readonly<Record<string, number>> };
}

/** Component files as a record keeps them: what looks like a secret is masked, as it is in the saved plan. */
export function maskComponentFiles(files: RunRecord["componentFiles"]): RunRecord["componentFiles"] {
  return new Map(
    [...files].map(([container, own]) => [
      container,
      own.map((file) => ({
        ...file,
        components: file.components.map((component) => ({
          ...component,
          metadata: Object.fromEntries(
            Object.entries(component.metadata).map(([name, value]) => [name, maskValue(name, value)]),
          ),
        })),
      })),
    ]),
  );
}

/** A snapshot as a record keeps it: of the metrics only daprd's own, and no histogram's buckets. */
export function compactSnapshot({ health, metadata, metrics }: DaprSnapshot): DaprSnapshot {
  return {
    health,
    metadata:
      metadata === null
        ? null
        : {
            id: metadata.id,
            components: metadata.components,
            ...(metadata.appConnectionProperties === undefined
              ? {}
              : { appConnectionProperties: metadata.appConnectionProperties }),
          },
    metrics:
      metrics === null
        ? null
        : new DaprMetrics(
            metrics.samples.filter(
              ({ name, value }) =>
                name.startsWith("dapr_") && !name.endsWith("_bucket") && Number.isFinite(value),
            ),
          ),
  };
}

export function saveSnapshots(snapshots: RunRecord["snapshots"]): SavedSnapshots {
  return mapValues(Object.fromEntries(snapshots), (own) =>
    mapValues(Object.fromEntries(own), ({ metrics, ...rest }) => ({
      ...rest,
      metrics:
        metrics === null
          ? null
          : metrics.samples.map(({ name, labels, value }): SavedSample => [name, labels, value]),
    })),
  );
}

export function restoreSnapshots(saved: SavedSnapshots): RunRecord["snapshots"] {
  return new Map(
    Object.entries(saved).map(([instance, own]) => [
      instance,
      new Map(
        Object.entries(own).map(([container, { metrics, ...rest }]) => [
          container,
          {
            ...rest,
            metrics:
              metrics === null
                ? null
                : new DaprMetrics(metrics.map(([name, labels, value]) => ({ name, labels, value }))),
          },
        ]),
      ),
    ]),
  );
}

/** All instances that events speak of, in the order of their making. */
export function instancesIn(events: readonly TimelineEvent[]): readonly string[] {
  return [...new Set(events.flatMap(({ instance }) => (instance === undefined ? [] : [instance])))];
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
