import type { ComponentFile, DaprComponent } from "../dapr/component-files.ts";
import type { DaprSnapshot } from "../dapr/readiness.ts";
import { disturbancesOf, disturbing } from "./disturbances.ts";
import {
  hasStarted,
  livesOf,
  observed,
  presentInstances,
  SETTLED_MS,
  settleTimeRanOut,
  startLimitMs,
  type Life,
} from "./observation.ts";
import type { RunRecord } from "./run-record.ts";

/** A Dapr sidecar of one instance, at the end of the observation. */
export interface SidecarAtEnd {
  readonly instance: string;
  readonly container: string;
  readonly files: readonly ComponentFile[];
  /** All `null`: it did not answer. */
  readonly snapshot: DaprSnapshot;
  readonly life: Life;
  /**
   * `runs`; `dead`: it ended by itself; `away`: the schedule, a fault or the harness's user had put it out of reach, so nothing
   * is said against it.
   */
  readonly state: "runs" | "dead" | "away";
  /** A disturbance of the instance goes on: what it keeps from being ready is not held against the site. */
  readonly disturbed: boolean;
  /**
   * What is not ready will not be: nothing has been started or disturbed for longer than anything waits, and the site has
   * started or had its time to; or the laboratory waited for as long as it was told to.
   */
  readonly settled: boolean;
}

const NO_ANSWER: DaprSnapshot = { health: null, metadata: null, metrics: null };

/** Every sidecar that was ever started, of every instance that was there at the end. */
export function sidecarsAtEnd(record: RunRecord): readonly SidecarAtEnd[] {
  const disturbances = disturbancesOf(record);
  return presentInstances(record).flatMap((instance) =>
    record.plan.daprSidecars.flatMap(({ container }): readonly SidecarAtEnd[] => {
      const life = livesOf(record, container, instance).at(-1);
      if (life === undefined) return [];
      const now = disturbing(disturbances, instance).filter(({ toMs }) => toMs === Number.POSITIVE_INFINITY);
      const isAway = now.some(({ what }) => what.startsWith(`"${container}" `));
      const lastChangeMs = Math.max(
        ...disturbing(disturbances, instance).map(({ toMs }) => toMs),
        ...observed(record, "container.started").map(({ tMs }) => tMs),
      );
      return [
        {
          instance,
          container,
          files: record.componentFiles.get(container) ?? [],
          snapshot: record.snapshots.get(instance)?.get(container) ?? NO_ANSWER,
          life,
          state: life.exit?.asked === false ? "dead" : isAway ? "away" : "runs",
          disturbed: now.length > 0,
          settled:
            settleTimeRanOut(record) ||
            (record.observedUntilMs - lastChangeMs >= SETTLED_MS &&
              (hasStarted(record, instance) || record.observedUntilMs >= startLimitMs(record))),
        },
      ];
    }),
  );
}

/**
 * What daprd is to load. Without its metadata it is not known which app id it has; then a component that only some load is not
 * spoken of.
 */
export function componentsInScope({
  files,
  snapshot: { metadata },
}: Pick<SidecarAtEnd, "files" | "snapshot">): readonly DaprComponent[] {
  return files
    .flatMap(({ components }) => components)
    .filter(({ scopes }) => scopes.length === 0 || (metadata !== null && scopes.includes(metadata.id)));
}
