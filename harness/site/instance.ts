import type { DaprReader } from "../dapr/dapr-reader.ts";
import type { ComponentFile } from "../dapr/component-files.ts";
import type { HomeFile } from "../definition/site-definition.ts";
import { SitecarError } from "../errors/index.ts";
import type { SitePlan } from "../plan/site-plan.ts";
import {
  InstanceState,
  type InstanceStatus,
  type LastErrorOfInstance,
} from "../platform/life/instance-state.ts";
import { logLife } from "../platform/life/life-log.ts";
import { PLATFORM_WORDS } from "../platform/life/platform-words.ts";
import type { ImageSet } from "../runtime/images/prepare-images.ts";
import { STORAGE, type Schedule } from "../schedule/schedule.ts";
import { delay } from "../shared/clock.ts";
import { didYouMean } from "../shared/nearest.ts";
import type { Timeline } from "../timeline/timeline.ts";
import { createInstance, type CreatedInstance } from "./create-instance.ts";
import type { ComponentText } from "./dapr-side.ts";
import { untilDaprReady } from "./dapr-readiness.ts";
import { InstanceLife } from "./instance-life.ts";
import type { Namespace } from "./namespace.ts";
import type { RunParts } from "./run-parts.ts";
import { earliestBegin, runSchedule } from "./run-schedule.ts";
import type { RunningInstance } from "./running-instance.ts";
import type { SiteContainer } from "./site-container.ts";
import { untilStarted, type StartOfSite } from "./start-of-site.ts";
import { stopSite, type StopOutcome } from "./stop-site.ts";
import type { Surroundings } from "./surroundings.ts";

export interface NewInstance {
  readonly run: RunParts;
  readonly surroundings: Surroundings;
  readonly images: ImageSet;
  readonly plan: SitePlan;
  readonly homeFiles: readonly HomeFile[];
  readonly worker: number;
  /** Counted from 1 for each worker. */
  readonly life: number;
  /** One that is there already, and outlives the instance. Absent: one of its own. */
  readonly namespace?: Namespace;
  /** The last error of the worker's instance before. */
  readonly lastError: LastErrorOfInstance | undefined;
  /** Called at once, before anything is created: from then on there is a state to ask. */
  readonly onState: (state: InstanceState) => void;
  /** Called after every change of state. */
  readonly onChange: () => void;
}

/** {@link RunningInstance} from the inside: one full set of containers in one namespace, from its creation to its removal. */
export class Instance implements RunningInstance {
  readonly name: string;
  readonly worker: number;
  readonly plan: SitePlan;
  readonly timeline: Timeline;
  readonly #parts: NewInstance;
  readonly #state: InstanceState;
  readonly #created: CreatedInstance;
  readonly #life: InstanceLife;
  readonly #scheduleDone = Promise.withResolvers<void>();
  #scheduled: Promise<void> = Promise.resolve();
  #starting: Promise<void> = Promise.resolve();
  #stopped: Promise<readonly StopOutcome[]> | undefined;

  private constructor(
    parts: NewInstance,
    life: InstanceLife,
    state: InstanceState,
    created: CreatedInstance,
  ) {
    this.name = life.name;
    this.worker = parts.worker;
    this.plan = parts.plan;
    this.timeline = life.timeline;
    this.#parts = parts;
    this.#life = life;
    this.#state = state;
    this.#created = created;
  }

  /** Creates everything of it; starts nothing of the site's. A failure leaves nothing behind. */
  static async create(parts: NewInstance): Promise<Instance> {
    const { run, plan, worker } = parts;
    const life = new InstanceLife(run, `${worker}-${parts.life}`);
    try {
      const state = new InstanceState(life.timeline, parts.lastError, parts.onChange);
      parts.onState(state);
      life.stack.defer(
        "platform log",
        logLife({
          timeline: life.timeline,
          site: plan.site,
          images: new Map(plan.containers.map(({ name, image }) => [name, image])),
        }),
      );
      const { timeline, name, signal, stack } = life;
      const creation = createInstance({ ...parts, timeline, name, signal, stack, state });
      life.creation = creation;
      const created = await creation;
      life.handles = [created.platform, ...created.containers.values()];
      return new Instance(parts, life, state, created);
    } catch (error) {
      await life.end().catch(() => undefined);
      throw error;
    }
  }

  get status(): InstanceStatus {
    return this.#state.status;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.publishedPort(this.plan.mainPort)}`;
  }

  get signal(): AbortSignal {
    return this.#life.signal;
  }

  /** It is being stopped, or was. */
  get isEnding(): boolean {
    return this.#life.stopping.signal.aborted;
  }

  get containers(): readonly SiteContainer[] {
    return [...this.#created.containers.values()];
  }

  container(name: string): SiteContainer {
    const { containers } = this.#created;
    const storage = this.#parts.surroundings.storageHandle;
    const found = name === STORAGE ? storage : containers.get(name);
    if (found !== undefined) return found;
    const known = [...containers.keys(), ...(storage === undefined ? [] : [STORAGE])];
    throw new SitecarError("CONTAINER_UNKNOWN", {
      message: `the site has no container "${name}".${didYouMean(name, known)}`,
      observations: [{ label: "known", value: known.join(", ") }],
      remedy: "use the name of one of the site's containers.",
    });
  }

  publishedPort(port: number): number {
    const published = this.#created.ports.get(port);
    if (published !== undefined) return published;
    throw new SitecarError("CONTAINER_UNKNOWN", {
      message: `port ${port} of the namespace is not published.`,
      observations: [{ label: "published", value: this.plan.publishedPorts.join(", ") }],
      remedy: "name the port in the site's observedPorts.",
    });
  }

  dapr(container?: string): DaprReader {
    return this.#created.dapr.reader(container);
  }

  componentFiles(container?: string): readonly ComponentFile[] {
    return this.#created.dapr.files(container);
  }

  allComponentFiles(): ReadonlyMap<string, readonly ComponentFile[]> {
    return this.#created.dapr.allFiles();
  }

  async componentTexts(): Promise<ReadonlyMap<string, readonly ComponentText[]>> {
    return await this.#created.dapr.texts();
  }

  /** Reads them again, out of the container as it is now. @throws {SitecarError} CONTAINER_UNKNOWN */
  async readComponentFilesAgain(container: string): Promise<void> {
    await this.#created.dapr.readAgain(container);
  }

  /** Resolves when its schedule has been run, whatever became of it. */
  get scheduleDone(): Promise<void> {
    return this.#scheduleDone.promise;
  }

  /** As {@link allComponentFiles}, of a daprd that never got ready as its entrypoint has left them. */
  async lastComponentFiles(): Promise<ReadonlyMap<string, readonly ComponentFile[]>> {
    return await this.#created.dapr.lastFiles();
  }

  /**
   * Runs its schedule, and waits until main answers the warm-up (A2.6).
   * @param startsStorage whether the schedule's start of storage is this instance's to make: of one in the run it is.
   * @throws {SitecarError} as `untilStarted`; the instance is then left as it is, its state `CancellingStartup`.
   */
  async start({ startsStorage }: { readonly startsStorage: boolean }): Promise<void> {
    const starts = this.plan.schedule.starts.filter(
      ({ container }) => startsStorage || container !== STORAGE,
    );
    const { startTimes } = this.#parts.run.host;
    const beginsInMs = earliestBegin({ starts }, (name) => startTimes.leadMs(name));
    const schedule = this.#runSchedule({ starts }, performance.now() + beginsInMs);
    this.#scheduled = schedule.finally(() => this.#scheduleDone.resolve());
    // The start limit is counted from the schedule's beginning.
    this.#starting = delay(beginsInMs).then(() => untilStarted(this.#startOfSite(), this.#state));
    await this.#starting;
  }

  /** @throws {SitecarError} NOT_READY, or what ended the instance. */
  async untilReady(withinMs: number): Promise<void> {
    await untilDaprReady(this.#startOfSite(), this.#created.dapr, withinMs);
  }

  /**
   * As the platform stops a site (A7.1): to its state `Stopped`, in which its ended containers still stand. Calling it again
   * waits for the same stop.
   */
  stop(): Promise<readonly StopOutcome[]> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<readonly StopOutcome[]> {
    this.#life.stopping.abort(new DOMException("the instance is being stopped", "AbortError"));
    for (const container of this.containers) container.retire();
    // A start call that was made already is waited for, so that its container is stopped too.
    await this.#scheduled;
    await this.#starting.catch(() => undefined); // whoever started it has the failure
    let outcomes: readonly StopOutcome[] = [];
    await this.#state.stop({
      stopContainers: async () => {
        for (const { name, state } of this.containers) {
          if (state !== "running" && state !== "paused") continue;
          const line = PLATFORM_WORDS.terminating(this.plan.settings.stopTimeLimitSeconds);
          this.timeline.record({ type: "platform.log", level: "INFO", line, container: name });
        }
        outcomes = await stopSite(this.containers, this.timeline);
        await this.flushTap();
      },
    });
    return outcomes;
  }

  /** Everything that was on its wire is in the record when this resolves, where it is looked at. */
  async flushTap(): Promise<void> {
    if (this.#parts.run.tap === true) await this.#created.flushTap();
  }

  /** The site is Blocked after this instance's failed start (A3.5). */
  block(): void {
    this.timeline.record({ type: "platform.log", level: "ERROR", line: PLATFORM_WORDS.blocked });
    this.#state.enter("Blocked");
  }

  unblock(): void {
    this.#state.enter("Stopped");
  }

  /** The image of a change can't be had (A3.2): this instance serves on, and says so in its status. */
  pullFailed({ message }: SitecarError): void {
    const [line = message] = message.split("\n", 1);
    this.#state.failed("ImagePullFailure", line);
    this.timeline.record({ type: "platform.log", level: "ERROR", line: `ImagePullFailure: ${line}` });
  }

  /** Removes everything of it. Calling it again waits for the same removal. */
  async remove(): Promise<void> {
    await this.#life.end();
  }

  /** Resolves when the schedule has ended, whatever ended it. */
  async #runSchedule({ starts }: Schedule, beginsAt: number): Promise<void> {
    const times = new Map(starts.map(({ container, atMs }) => [container, atMs ?? 0]));
    const { startTimes } = this.#parts.run.host;
    const beganMs = this.timeline.record({ type: "schedule.began" }, performance.timeOrigin + beginsAt).tMs;
    try {
      await runSchedule(
        { starts },
        async (name) => {
          const calledMs = this.timeline.now();
          const startedMs = await this.container(name).start({ atMs: times.get(name) ?? 0, beganMs });
          startTimes.took(name, startedMs - calledMs);
        },
        this.#life.stopping.signal,
        { beginsAt, leadMs: (name) => startTimes.leadMs(name) },
      );
    } catch (error) {
      if (!this.#life.stopping.signal.aborted) this.#parts.run.life.abort(error);
    }
  }

  #startOfSite(): StartOfSite {
    const storage = this.#parts.surroundings.storageHandle;
    return {
      plan: this.plan,
      timeline: this.timeline,
      containers: storage === undefined ? this.containers : [...this.containers, storage],
      url: this.origin,
      runDirectory: this.#parts.run.directory.path,
      economical: this.#parts.run.economical ?? false,
      signal: this.#life.stopping.signal,
    };
  }
}
