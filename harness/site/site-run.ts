import type { BlobReader } from "../azure/blob-reader.ts";
import type { ComponentFile } from "../dapr/component-files.ts";
import type { DaprReader } from "../dapr/dapr-reader.ts";
import type { SiteDefinition } from "../definition/site-definition.ts";
import type { RunRecord } from "../contracts/run-record.ts";
import { SitecarError } from "../errors/index.ts";
import { Deadline } from "../shared/clock.ts";
import type { SitePlan } from "../plan/site-plan.ts";
import type { FrontEnd } from "../platform/front-end/open-front-end.ts";
import type { IdentityControl } from "../platform/identity-control.ts";
import type { StorageControl } from "../platform/storage-control.ts";
import type { PortControl } from "../platform/port-control.ts";
import type { StandInControl } from "../platform/stand-in/stand-in-control.ts";
import type { Timeline } from "../timeline/timeline.ts";
import { exchangesOf, type SeenExchange } from "../wire/exchange.ts";
import { notTapped } from "../wire/not-tapped.ts";
import type { ImageSet } from "../runtime/images/prepare-images.ts";
import { settled } from "../shared/settled.ts";
import type { FrontDoor } from "./front-door.ts";
import { prepareHost } from "./host.ts";
import type { Instance } from "./instance.ts";
import { NO_VIRTUAL_TIME } from "./no-virtual-time.ts";
import { recordComponentFiles } from "./record.ts";
import { RunEnding } from "./run-ending.ts";
import type { RunningSite, SiteChange, WorkerStatus } from "./running-site.ts";
import type { RunParts } from "./run-parts.ts";
import type { SiteClock } from "./site-clock.ts";
import type { SiteContainer } from "./site-container.ts";
import { ScheduleSteps } from "./schedule-steps.ts";
import { stepHost } from "./step-host.ts";
import type { StopOutcome } from "./stop-site.ts";
import type { Surroundings } from "./surroundings.ts";
import type { Deployment, Worker } from "./worker.ts";

const READY_WITHIN_MS = 60_000;
const BEGUN_WITHIN_MS = 10_000;

/** What a site's address leads to: exchanged as a whole by a slot swap. */
export interface Serving {
  readonly deployment: Deployment;
  readonly workers: readonly Worker[];
}

export interface SiteRunParts {
  readonly run: RunParts;
  readonly surroundings: Surroundings;
  readonly door: FrontDoor;
  readonly frontEnd: FrontEnd;
  readonly serving: Serving;
}

/** {@link RunningSite} from the inside. Its schedule begins when it is made. */
export class SiteRun implements RunningSite {
  readonly #parts: SiteRunParts;
  readonly #steps: ScheduleSteps;
  readonly #prepared: Promise<void>;
  #serving: Serving;
  #started: Promise<void>;
  readonly #ending: RunEnding;

  constructor(parts: SiteRunParts) {
    this.#parts = parts;
    this.#serving = parts.serving;
    this.#ending = new RunEnding(parts.run, () => this.instances);
    // Whatever ends the run, also a start that fails: it can be judged later.
    this.#recordAtTheEnd();
    this.#steps = new ScheduleSteps(
      this.plan.schedule.steps ?? [],
      stepHost({
        site: this,
        workers: () => this.#serving.workers,
        startTimes: parts.run.host.startTimes,
        stopSite: () => this.stop(),
      }),
    );
    parts.run.stack.defer("steps of the schedule", () => this.#steps.end());
    this.#prepared = this.#steps.prepare();
    this.#started = this.#begin();
    // Who asks gets the failure; that nobody asks is no fault.
    for (const promise of [this.#prepared, this.#started]) promise.catch(() => undefined);
  }

  /** Its schedule has begun. @throws {SitecarError} what `inject` throws for a fault that is on from the beginning. */
  async untilBegun(): Promise<void> {
    await this.#prepared;
    await this.timeline.waitFor(() => this.timeline.of("schedule.began")[0], {
      deadline: Deadline.in(BEGUN_WITHIN_MS),
      description: "the schedule to begin",
      signal: this.signal,
    });
  }

  /** The steps of its schedule: when they are done, and the way to heal its faults. */
  get steps(): ScheduleSteps {
    return this.#steps;
  }

  get definition(): SiteDefinition {
    return this.#serving.deployment.definition;
  }

  get plan(): SitePlan {
    return this.#first.plan;
  }

  get timeline(): Timeline {
    return this.#parts.run.timeline;
  }

  get runId(): string {
    return this.#parts.run.run.runId;
  }

  get runDirectory(): string {
    return this.#parts.run.directory.path;
  }

  get signal(): AbortSignal {
    return this.#parts.run.life.signal;
  }

  get url(): string {
    return this.#parts.frontEnd.url;
  }

  get instances(): readonly Instance[] {
    return this.#serving.workers.map(({ instance }) => instance);
  }

  get identity(): IdentityControl {
    return this.#parts.surroundings.identity;
  }

  get storage(): StorageControl {
    return this.#parts.surroundings.storageControl;
  }

  get ports(): PortControl {
    return this.#parts.surroundings.ports;
  }

  get standIn(): StandInControl {
    return this.#parts.surroundings.standIn;
  }

  get clock(): SiteClock {
    return this.#parts.run.virtualTime ?? NO_VIRTUAL_TIME;
  }

  status(): readonly WorkerStatus[] {
    const rotation = new Set(this.#parts.door.workers().map(({ instanceId }) => instanceId));
    return this.#serving.workers.map(({ instanceId, instance, status }) => ({
      ...status,
      instanceId,
      instance: instance.name,
      inRotation: rotation.has(instanceId),
    }));
  }

  container(name: string): SiteContainer {
    return this.#first.container(name);
  }

  publishedPort(port: number): number {
    return this.#first.publishedPort(port);
  }

  async blobs(account?: string): Promise<BlobReader> {
    const { storage } = this.#parts.surroundings;
    if (storage !== undefined) return await storage.reader(account, this.signal);
    throw new SitecarError("CONTAINER_UNKNOWN", {
      message: `the site "${this.plan.site}" has no storage account.`,
      remedy: "name one in the site's storageAccounts.",
    });
  }

  dapr(container?: string): DaprReader {
    return this.#first.dapr(container);
  }

  componentFiles(container?: string): readonly ComponentFile[] {
    return this.#first.componentFiles(container);
  }

  async exchanges(): Promise<readonly SeenExchange[]> {
    const { run } = this.#parts;
    if (run.tap !== true) throw notTapped(this.runId, "start it with `tap: true`, or `sitecar up --tap`.");
    await Promise.all(this.instances.map((instance) => instance.flushTap()));
    return exchangesOf(this.timeline.events);
  }

  async untilStarted(): Promise<void> {
    await this.#started;
  }

  async untilReady({ withinMs = READY_WITHIN_MS }: { readonly withinMs?: number } = {}): Promise<void> {
    await this.untilStarted();
    const deadline = Deadline.in(withinMs);
    await Promise.all(this.#serving.workers.map((worker) => worker.untilReady(deadline.remainingMs)));
    await this.#parts.run.virtualTime?.untilTold(deadline, this.signal);
    await recordComponentFiles(this.#parts.run.directory, this.#first.allComponentFiles());
    this.timeline.record({ type: "phase", name: "site ready" });
  }

  async restart(): Promise<void> {
    await this.#restart("asked for", this.#serving.deployment);
  }

  async update(change: SiteChange): Promise<void> {
    const definition = { ...this.definition, ...change };
    this.#parts.run.planFor(definition, 0);
    // Settings alone name no image that is not there already.
    const images =
      change.siteContainers === undefined
        ? this.#serving.deployment.images
        : await this.#prepareImages(definition);
    await this.#restart(`changed: ${Object.keys(change).join(", ")}`, { definition, images });
  }

  async stop(): Promise<readonly StopOutcome[]> {
    // What a step starts is stopped, too.
    await this.#steps.end();
    await this.#ending.observed();
    return (await Promise.all(this.#serving.workers.map((worker) => worker.stop()))).flat();
  }

  async conclude(): Promise<RunRecord> {
    const stopped = await this.stop();
    await this.#parts.surroundings.storage?.look(this.signal);
    return await this.#ending.record(stopped);
  }

  async start(): Promise<void> {
    this.#ending.goesOn();
    this.#started = this.#all((worker) => worker.startAgain());
    await this.#started;
  }

  /** For a slot swap: what its address leads to now. */
  get serving(): Serving {
    return this.#serving;
  }

  /** For a slot swap: from now on its address leads there. */
  serve(serving: Serving, reason: string): void {
    this.#serving = serving;
    this.#parts.door.lead(this.#parts.frontEnd, serving.workers, reason);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { life, stack } = this.#parts.run;
    // Before the instances that restarts have made since.
    this.#recordAtTheEnd();
    life.abort(new DOMException("the site was disposed", "AbortError"));
    await stack[Symbol.asyncDispose]();
  }

  #recordAtTheEnd(): void {
    this.#parts.run.stack.defer("record of the run", () => this.#ending.recordAtTheEnd());
  }

  get #first(): Instance {
    const [first] = this.instances;
    if (first === undefined) throw new TypeError("a site has at least one worker");
    return first;
  }

  async #begin(): Promise<void> {
    await this.#prepared;
    this.#steps.follow();
    await this.#all((worker) => worker.begin({ startsStorage: worker.index === 0 }));
  }

  async #restart(reason: string, deployment: Deployment): Promise<void> {
    this.#serving = { ...this.#serving, deployment };
    this.#started = this.#all((worker) => worker.restart(reason, { deployment }));
    await this.#started;
  }

  async #prepareImages(definition: SiteDefinition): Promise<ImageSet> {
    try {
      const virtualTime = this.#parts.run.virtualTime !== undefined;
      return (await prepareHost([definition], { signal: this.signal, virtualTime })).images;
    } catch (error) {
      if (error instanceof SitecarError && error.code === "IMAGE_NOT_FOUND") {
        for (const instance of this.instances) instance.pullFailed(error);
      }
      throw error;
    }
  }

  /** Side by side; none is still at it when it rejects. */
  async #all(action: (worker: Worker) => Promise<void>): Promise<void> {
    await settled(this.#serving.workers.map(action));
  }
}
