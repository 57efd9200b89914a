import type { IdentityControl } from "../platform/identity-control.ts";
import type { StorageControl } from "../platform/storage-control.ts";
import type { Timeline } from "../timeline/timeline.ts";

/** What a fault may do to a container. */
export interface FaultableContainer {
  readonly name: string;
  readonly state: "created" | "running" | "paused" | "exited";
  start(): Promise<void>;
  kill(signal?: string): Promise<void>;
  pause(): Promise<void>;
  resume(): Promise<void>;
}

/** What a running site lends to faults. */
export interface FaultTarget {
  readonly timeline: Timeline;
  /** Aborts when the site ends. */
  readonly signal: AbortSignal;
  readonly identity: IdentityControl;
  readonly storage: StorageControl;
  /** A container of the site, or `storage`. @throws {SitecarError} CONTAINER_UNKNOWN */
  container(name: string): FaultableContainer;
}
