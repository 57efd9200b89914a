import type { BlobReader } from "../azure/blob-reader.ts";
import type { RunRecord } from "../contracts/run-record.ts";
import type { ComponentFile } from "../dapr/component-files.ts";
import type { DaprReader } from "../dapr/dapr-reader.ts";
import type { SiteDefinition } from "../definition/site-definition.ts";
import type { SitePlan } from "../plan/site-plan.ts";
import type { InstanceStatus } from "../platform/life/instance-state.ts";
import type { IdentityControl } from "../platform/identity-control.ts";
import type { StorageControl } from "../platform/storage-control.ts";
import type { PortControl } from "../platform/port-control.ts";
import type { StandInControl } from "../platform/stand-in/stand-in-control.ts";
import type { Timeline } from "../timeline/timeline.ts";
import type { SeenExchange } from "../wire/exchange.ts";
import type { RunningInstance } from "./running-instance.ts";
import type { SiteClock } from "./site-clock.ts";
import type { SiteContainer } from "./site-container.ts";
import type { StopOutcome } from "./stop-site.ts";

/** What of a site can be changed while it runs; each change restarts it (A3.8). */
export type SiteChange = Partial<
  Pick<
    SiteDefinition,
    "siteContainers" | "appSettings" | "connectionStrings" | "siteConfig" | "keyVaultSecrets"
  >
>;

/** One entry of {@link RunningSite.status}, in the shape of App Service's `siteStatus` (A7.5). */
export interface WorkerStatus extends InstanceStatus {
  /** The worker's id, 64 hex digits: `WEBSITE_INSTANCE_ID`. */
  readonly instanceId: string;
  /** Which of its instances it is: `<worker>-<life>`. */
  readonly instance: string;
  /** Requests go to it. */
  readonly inRotation: boolean;
}

/** A site that was started with `startSite`. Leaving its scope removes everything of it. */
export interface RunningSite extends AsyncDisposable {
  readonly definition: SiteDefinition;
  /** Of the first worker's instance. */
  readonly plan: SitePlan;
  /** Names the run's folder, network and containers. */
  readonly runId: string;
  /** `.sitecar/runs/<id>/`: timeline, logs, plan, record. */
  readonly runDirectory: string;
  /** Of the whole run; each instance has a view of its own. */
  readonly timeline: Timeline;
  /** The front end's address, for example `http://127.0.0.1:32768`: the same whatever happens to the instances. */
  readonly url: string;
  /** Aborts when the run ends, whatever ends it; its reason is the error if there was one. */
  readonly signal: AbortSignal;
  /** The present instance of each worker: the one that serves, else the newest. */
  readonly instances: readonly RunningInstance[];

  /** The identity service in all instances: fails on demand. */
  readonly identity: IdentityControl;
  /**
   * The way to storage in all instances: fails on demand. What the harness reads itself ({@link blobs}, the record's blobs) goes
   * another way, past all failures.
   */
  readonly storage: StorageControl;
  /** Ports of all instances' namespaces: can be taken, so that a container can't listen there. */
  readonly ports: PortControl;
  /** The stand-in main, where the run was started with one: misbehaves on demand. */
  readonly standIn: StandInControl;

  /** The clock that cron follows, where the run was started with virtual time. */
  readonly clock: SiteClock;

  /** What the platform says of each instance (A7.5). */
  status(): readonly WorkerStatus[];

  /** Of the first worker's present instance, or `storage`. @throws {SitecarError} CONTAINER_UNKNOWN */
  container(name: string): SiteContainer;

  /**
   * A port of the first worker's present instance on 127.0.0.1, past the front end.
   * @throws {SitecarError} CONTAINER_UNKNOWN for a port that the plan does not publish.
   */
  publishedPort(port: number): number;

  /** The blobs of the site's storage accounts. Waits until storage listens. @throws {SitecarError} STORAGE_FAILED */
  blobs(account?: string): Promise<BlobReader>;

  /**
   * Reads a daprd of the first worker's present instance.
   * @param container needed only when the site has several. @throws {SitecarError} CONTAINER_UNKNOWN
   */
  dapr(container?: string): DaprReader;

  /** What `--resources-path` holds in the sidecar's container, read from the container itself. */
  componentFiles(container?: string): readonly ComponentFile[];

  /**
   * Every exchange on the loopback of the instances so far, also of those that have ended: all that was on the wire before the
   * call is in it. Of a site that was started with `tap`.
   * @throws {SitecarError} NOT_TAPPED, PLATFORM_FAILED
   */
  exchanges(): Promise<readonly SeenExchange[]>;

  /**
   * Main has answered the warm-up within the start limit (A2.6), on every worker. With `onStartFailure: "retry"` it goes on
   * waiting while the platform tries again.
   * @throws {SitecarError} WARM_UP_TIMED_OUT, CONTAINER_EXITED_DURING_START, PLATFORM_FAILED, ENGINE_GONE
   */
  untilStarted(): Promise<void>;

  /**
   * Started, every component of the sidecars' files is in daprd's metadata, and every input binding is active.
   * @param options.withinMs after the site has started; default 60,000.
   * @throws {SitecarError} NOT_READY, and what {@link untilStarted} throws.
   */
  untilReady(options?: { readonly withinMs?: number }): Promise<void>;

  /**
   * As a restart in the portal: on each worker a new instance; the old one serves until the new one is warm (A3.8). Resolves
   * when all have started. @throws {SitecarError} a start's failure; the old instance then serves on.
   */
  restart(): Promise<void>;

  /**
   * Changes the site, which restarts it (A3.8).
   * @throws {SitecarError} what `makePlan` and `prepareHost` throw for the changed site, before anything is restarted; a
   *   start's failure.
   */
  update(change: SiteChange): Promise<void>;

  /** As the platform stops a site: SIGTERM to all at once, SIGKILL after the grace (A7.1). Says how each ended. */
  stop(): Promise<readonly StopOutcome[]>;

  /**
   * Ends the run's observation and the site with it: looks at every daprd a last time, stops the site as {@link stop} does,
   * and returns the run's record, which is saved in its folder, for contracts to judge. Removes nothing.
   * @throws {SitecarError} RUN_DIRECTORY_FAILED, NO_SPACE.
   */
  conclude(): Promise<RunRecord>;

  /** After {@link stop}: starts it again, with new instances. @throws {SitecarError} as {@link untilStarted}. */
  start(): Promise<void>;
}
