import type { ComponentFile } from "../dapr/component-files.ts";
import type { DaprReader } from "../dapr/dapr-reader.ts";
import type { SitePlan } from "../plan/site-plan.ts";
import type { InstanceStatus } from "../platform/life/instance-state.ts";
import type { Timeline } from "../timeline/timeline.ts";
import type { SiteContainer } from "./site-container.ts";

/** One full set of a running site's containers, in one network namespace. A restart puts another one in its place. */
export interface RunningInstance {
  /** `<worker>-<life>`, for example `0-1`; the record's events carry it. */
  readonly name: string;
  /** Which of the site's workers runs it, from 0. */
  readonly worker: number;
  readonly plan: SitePlan;
  /** Its own events and the whole site's. */
  readonly timeline: Timeline;
  /** Where main's port is published, behind the front end: for looking at one instance alone. */
  readonly origin: string;
  readonly status: InstanceStatus;
  /** Aborts when the instance ends. */
  readonly signal: AbortSignal;
  /** The site's own, in the site's order. */
  readonly containers: readonly SiteContainer[];
  /** One of its containers, or `storage`. @throws {SitecarError} CONTAINER_UNKNOWN */
  container(name: string): SiteContainer;
  /** On 127.0.0.1. @throws {SitecarError} CONTAINER_UNKNOWN for a port that the plan does not publish. */
  publishedPort(port: number): number;
  /** Reads a daprd. @param container needed only when the site has several. @throws {SitecarError} CONTAINER_UNKNOWN */
  dapr(container?: string): DaprReader;
  /** What `--resources-path` holds in the sidecar's container. @throws {SitecarError} CONTAINER_UNKNOWN */
  componentFiles(container?: string): readonly ComponentFile[];
}
