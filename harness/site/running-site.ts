import type { BlobReader } from "../azure/blob-reader.ts";
import type { DaprReader } from "../dapr/dapr-reader.ts";
import type { SiteDefinition } from "../definition/site-definition.ts";
import type { SitePlan } from "../plan/site-plan.ts";
import type { ComponentFile } from "../dapr/component-files.ts";
import type { Timeline } from "../timeline/timeline.ts";
import type { SiteContainer } from "./site-container.ts";
import type { StopOutcome } from "./stop-site.ts";

/** A site that was started with `startSite`. Leaving its scope removes everything of it. */
export interface RunningSite extends AsyncDisposable {
  readonly definition: SiteDefinition;
  readonly plan: SitePlan;
  /** Names the run's folder, network and containers. */
  readonly runId: string;
  /** `.sitecar/runs/<id>/`: timeline, logs, plan, record. */
  readonly runDirectory: string;
  readonly timeline: Timeline;
  /** Where main's port is published, for example `http://127.0.0.1:32768`. */
  readonly url: string;
  /** Aborts when the run ends, whatever ends it; its reason is the error if there was one. */
  readonly signal: AbortSignal;

  /** The site's containers, and `storage`. @throws {SitecarError} CONTAINER_UNKNOWN */
  container(name: string): SiteContainer;

  /** On 127.0.0.1. @throws {SitecarError} CONTAINER_UNKNOWN for a port that the plan does not publish. */
  publishedPort(port: number): number;

  /** The blobs of the site's storage accounts. Waits until storage listens. @throws {SitecarError} STORAGE_FAILED */
  blobs(account?: string): Promise<BlobReader>;

  /** Reads a daprd. @param container needed only when the site has several. @throws {SitecarError} CONTAINER_UNKNOWN */
  dapr(container?: string): DaprReader;

  /** What `--resources-path` holds in the sidecar's container, read from the container itself before it started. */
  componentFiles(container?: string): readonly ComponentFile[];

  /**
   * Main has answered the warm-up within the start limit (A2.6).
   * @throws {SitecarError} WARM_UP_TIMED_OUT, CONTAINER_EXITED_DURING_START, PLATFORM_FAILED, ENGINE_GONE
   */
  untilStarted(): Promise<void>;

  /**
   * Started, every component of the sidecars' files is in daprd's metadata, and every input binding is active.
   * @param options.withinMs after the site has started; default 60,000.
   * @throws {SitecarError} NOT_READY, and what {@link untilStarted} throws.
   */
  untilReady(options?: { readonly withinMs?: number }): Promise<void>;

  /** As the platform stops a site: SIGTERM to all at once, SIGKILL after the grace (A7.1). Says how each ended. */
  stop(): Promise<readonly StopOutcome[]>;
}
