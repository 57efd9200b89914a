import type { SitePlan } from "../plan/site-plan.ts";
import type { IdentityControl } from "../platform/identity-control.ts";
import type { StorageControl } from "../platform/storage-control.ts";
import type { PortControl } from "../platform/port-control.ts";
import type { StandInControl } from "../platform/stand-in/stand-in-control.ts";
import type { Timeline } from "../timeline/timeline.ts";

import type { ContainerLimits } from "../runtime/limits/container-limits.ts";

/** What a fault may do to a container. */
export interface FaultableContainer {
  readonly name: string;
  readonly state: "created" | "running" | "paused" | "exited";
  /** Its instance is being stopped or removed: nothing is to be done to it any more. */
  readonly isRetired: boolean;
  start(): Promise<unknown>;
  kill(signal?: string): Promise<void>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  restart(): Promise<void>;
  /** Waits until it ends, or returns at once if it has ended. @throws {SitecarError} WAIT_TIMED_OUT */
  untilEnded(withinMs: number): Promise<void>;
  /**
   * Limits of its own, below what its instance has. Returns the way to lift them.
   * @throws {SitecarError} FAULT_NOT_POSSIBLE where the engine can't.
   */
  limit(limits: ContainerLimits): Promise<() => Promise<void>>;
}

/** What a running site lends to faults. */
export interface FaultTarget {
  /** Of the first worker's instance. */
  readonly plan: Pick<SitePlan, "identity">;
  readonly timeline: Timeline;
  /** Aborts when the site ends. */
  readonly signal: AbortSignal;
  readonly identity: IdentityControl;
  readonly storage: StorageControl;
  readonly ports: PortControl;
  /** Refuses on a site without a stand-in main. */
  readonly standIn: StandInControl;
  /** A container of the site, or `storage`. @throws {SitecarError} CONTAINER_UNKNOWN */
  container(name: string): FaultableContainer;
}
