import type { ComponentFile } from "../dapr/component-files.ts";
import type { DaprSnapshot } from "../dapr/readiness.ts";
import type { TimelineEvent } from "../timeline/events.ts";
import type { SavedPlan } from "../timeline/saved-plan.ts";

/** How a container of a stopped site ended. */
export interface RecordedStop {
  readonly instance?: string;
  readonly container: string;
  readonly exitCode: number;
  /** After SIGTERM. */
  readonly afterMs: number;
  /** SIGKILL ended it, at the end of the grace (A7.1). */
  readonly killed: boolean;
}

/** One line that a container printed. */
export interface RecordedLine {
  readonly container: string;
  readonly instance?: string;
  readonly stream: "stdout" | "stderr";
  /** Milliseconds since the run began. */
  readonly tMs: number;
  readonly text: string;
}

/**
 * Everything that a finished run left to be judged by: plain data, the same whether it comes from a run that has just ended
 * or from its folder on disk.
 */
export interface RunRecord {
  /** Absolute. */
  readonly runDirectory: string;
  /** Of the first worker's instance; with the schedule. As saved: secrets masked, files as digests. */
  readonly plan: SavedPlan;
  /** All that there were, in the order of their making. */
  readonly instances: readonly string[];
  readonly events: readonly TimelineEvent[];
  /** What each Dapr sidecar's `--resources-path` held, by container; values that look like secrets masked. */
  readonly componentFiles: ReadonlyMap<string, readonly ComponentFile[]>;
  /**
   * daprd's own account at the end of the observation, before the site was stopped: by instance, then by container. All
   * `null` in it: that daprd did not answer any more.
   */
  readonly snapshots: ReadonlyMap<string, ReadonlyMap<string, DaprSnapshot>>;
  /** Milliseconds since the run began at which the observation ended and the stop was sent. */
  readonly observedUntilMs: number;
  /** Absent: the run was not stopped as the platform stops a site. */
  readonly stopped?: readonly RecordedStop[];
  readonly lines: readonly RecordedLine[];
  /** How late the harness itself was at most, in ms: starts and steps of the schedule, and its own event loop. */
  readonly lateness: { readonly scheduleMs: number; readonly eventLoopMs: number };
}
