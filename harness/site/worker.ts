import type { SiteDefinition } from "../definition/site-definition.ts";
import type { PlatformSettings } from "../plan/platform-settings.ts";
import type { FrontEnd } from "../platform/front-end/open-front-end.ts";
import type { InstanceState, InstanceStatus } from "../platform/life/instance-state.ts";
import { StartFailures } from "../platform/life/start-failures.ts";
import { platformMs } from "../platform/platform-clock.ts";
import type { ImageSet } from "../runtime/images/prepare-images.ts";
import { Deadline, delay } from "../shared/clock.ts";
import { isFailedStart } from "./errors-of-start.ts";
import { Instance } from "./instance.ts";
import type { Namespace } from "./namespace.ts";
import type { RunParts } from "./run-parts.ts";
import type { StopOutcome } from "./stop-site.ts";
import type { Surroundings } from "./surroundings.ts";
import { watchInstance } from "./watch-instance.ts";

export interface WorkerParts {
  readonly run: RunParts;
  readonly surroundings: Surroundings;
  readonly index: number;
  readonly instanceId: string;
  /** For its first instance: one that is there already, and outlives it. */
  readonly namespace?: Namespace;
}

/** What the next instance of a worker is made of. */
export interface Deployment {
  readonly definition: SiteDefinition;
  readonly images: ImageSet;
}

/**
 * One of the site's workers: it keeps an instance running as the platform does (A3). While a restart overlaps it has two,
 * of which the old one serves.
 */
export class Worker {
  readonly index: number;
  readonly instanceId: string;
  /** Called after every change of state, warmth or health. */
  onChange: () => void = () => undefined;
  /** Every front end that has led requests here: before a slot swap one, after it another. */
  readonly frontEnds = new Set<Pick<FrontEnd, "untilDrained">>();
  readonly #parts: WorkerParts;
  #deployment: Deployment;
  #instance: Instance | undefined;
  #serving: Instance | undefined;
  /** Of the newest instance, from before it exists. */
  #newest: InstanceState | undefined;
  #healthy = true;
  #lives = 0;
  /** Ends waiting and starting, not the instance. */
  #stopping = new AbortController();
  /** One thing at a time: a restart waits for what goes on. */
  #turn: Promise<unknown> = Promise.resolve();
  #failures: StartFailures | undefined;

  constructor(parts: WorkerParts, deployment: Deployment) {
    this.index = parts.index;
    this.instanceId = parts.instanceId;
    this.#parts = parts;
    this.#deployment = deployment;
  }

  /** The one that serves, else the newest. @throws {TypeError} before the first was created. */
  get instance(): Instance {
    const instance = this.#serving ?? this.#instance;
    if (instance === undefined) throw new TypeError("the worker has no instance yet");
    return instance;
  }

  /** The instance that is warm and may be asked; `undefined`: none is. */
  get serving(): Instance | undefined {
    return this.#serving;
  }

  get healthy(): boolean {
    return this.#healthy;
  }

  /** Of the instance that serves, else of the newest, also while it is being created. */
  get status(): InstanceStatus {
    const newest = this.#newest?.status ?? BEFORE_THE_FIRST;
    if (this.#serving === undefined) return newest;
    // A start that failed beside it is the last error all the same (A3.2).
    const { lastError, lastErrorTimestamp, lastErrorDetails } = newest;
    return { ...this.#serving.status, lastError, lastErrorTimestamp, lastErrorDetails };
  }

  /** Creates an instance, and starts nothing of it. */
  async create(): Promise<void> {
    this.#instance = await this.#create();
  }

  /**
   * Starts the created instance, again and again if the settings say so (A2.6, A3.5). Resolves when one has started.
   * @throws {SitecarError} a start's failure with `onStartFailure: "hold"`; what ended the run or the worker.
   */
  async begin(options: { readonly startsStorage: boolean }): Promise<void> {
    await this.#inTurn(() => this.#coldStart(this.instance, options));
  }

  /**
   * Puts a new instance in the place of the present one. Overlapped (A3.8) the old one serves until the new one is warm, and
   * goes on if that fails; otherwise, or if the present one does not serve, it is stopped first.
   * @throws {SitecarError} the start's failure.
   */
  async restart(
    reason: string,
    {
      deployment = this.#deployment,
      overlapped = true,
    }: { readonly deployment?: Deployment; readonly overlapped?: boolean } = {},
  ): Promise<void> {
    await this.#inTurn(async () => {
      this.#deployment = deployment;
      const old = this.instance;
      old.timeline.record({ type: "phase", name: "restart", detail: reason });
      if (overlapped && this.#serving === old && old.plan.settings.overlappedRecycling) {
        await this.#replace(old);
        return;
      }
      this.#serve(undefined);
      await old.stop();
      await old.remove();
      await this.#coldStart(await this.#createNext(), { startsStorage: false });
    });
  }

  /**
   * Its present instance is ready; where a restart puts another one in its place meanwhile, that one.
   * @throws {SitecarError} NOT_READY, or what ended the run or the worker.
   */
  async untilReady(withinMs: number): Promise<void> {
    const deadline = Deadline.in(withinMs);
    for (;;) {
      const { instance } = this;
      try {
        await instance.untilReady(deadline.remainingMs);
        return;
      } catch (error) {
        if (!instance.isEnding || this.#waits().aborted) throw error;
        await this.#turn;
        if (this.instance === instance) throw error;
      }
    }
  }

  /** As the platform stops a site: no more requests, SIGTERM to all, SIGKILL after the grace (A7.1). */
  async stop(): Promise<readonly StopOutcome[]> {
    this.#stopping.abort(new DOMException("the site is being stopped", "AbortError"));
    return await this.#inTurn(async () => {
      this.#serve(undefined);
      const { name } = this.instance;
      return (await this.instance.stop()).map((outcome) => ({ ...outcome, instance: name }));
    });
  }

  /** After a stop: a cold start of a new instance. @throws {SitecarError} as {@link begin}. */
  async startAgain(): Promise<void> {
    await this.#inTurn(async () => {
      this.#stopping = new AbortController();
      await this.instance.remove();
      await this.#coldStart(await this.#createNext(), { startsStorage: false });
    });
  }

  get #settings(): PlatformSettings {
    return this.instance.plan.settings;
  }

  async #coldStart(first: Instance, options: { readonly startsStorage: boolean }): Promise<void> {
    this.#failures ??= new StartFailures(first.plan.settings);
    for (let instance = first, attempt = options; ; attempt = { startsStorage: false }) {
      try {
        await this.#startInstance(instance, attempt);
        this.#failures.succeeded();
        this.#serve(instance);
        return;
      } catch (error) {
        const { signal } = this.#stopping;
        if (signal.aborted || this.#settings.onStartFailure === "hold" || !isFailedStart(error)) throw error;
        await instance.stop();
        if (this.#failures.failed() === "block") {
          instance.block();
          try {
            await delay(platformMs(this.#settings.blockedSeconds, this.#settings), this.#waits());
          } finally {
            instance.unblock();
          }
        }
        await instance.remove();
        this.#waits().throwIfAborted();
        instance = await this.#createNext();
      }
    }
  }

  /** The new one beside the old one, on the same /home (A3.8). */
  async #replace(old: Instance): Promise<void> {
    const next = await this.#create();
    try {
      await this.#startInstance(next, { startsStorage: false });
    } catch (error) {
      // The old one serves on.
      await next.stop();
      await next.remove();
      throw error;
    }
    this.#instance = next;
    this.#serve(next);
    await this.#drain(old);
    await old.stop();
    await old.remove();
  }

  /** Requests that the old one has are finished, within a limit: one without an end does not keep it for ever. */
  async #drain({ origin, plan: { settings } }: Instance): Promise<void> {
    const limit = Deadline.in(platformMs(settings.drainSeconds, settings)).signal();
    const ends = AbortSignal.any([limit, this.#waits()]);
    await Promise.allSettled([...this.frontEnds].map((frontEnd) => frontEnd.untilDrained(origin, ends)));
  }

  async #startInstance(instance: Instance, options: { readonly startsStorage: boolean }): Promise<void> {
    const stop = (): void => void instance.stop().catch(() => undefined); // whoever stops waits for it
    const { signal } = this.#stopping;
    signal.addEventListener("abort", stop, { once: true });
    try {
      await instance.start(options);
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  async #createNext(): Promise<Instance> {
    const next = await this.#create();
    this.#instance = next;
    return next;
  }

  async #create(): Promise<Instance> {
    const { run, surroundings, index, namespace } = this.#parts;
    this.#lives++;
    return await Instance.create({
      run,
      surroundings,
      images: this.#deployment.images,
      plan: run.planFor(this.#deployment.definition, index),
      homeFiles: this.#deployment.definition.homeFiles ?? [],
      worker: index,
      life: this.#lives,
      ...(namespace === undefined || this.#lives > 1 ? {} : { namespace }),
      lastError: this.#newest?.status,
      onState: (state) => {
        this.#newest = state;
      },
      onChange: () => this.onChange(),
    });
  }

  #serve(instance: Instance | undefined): void {
    if (this.#serving === instance) return;
    this.#serving = instance;
    this.#healthy = true;
    if (instance !== undefined) this.#watch(instance);
    this.onChange();
  }

  /** Looks after a started instance until it ends: its containers' ends (A3.6, A3.7), and its health (A2.8). */
  #watch(instance: Instance): void {
    watchInstance(instance, {
      isServing: () => this.#serving === instance,
      ends: AbortSignal.any([instance.signal, this.#stopping.signal]),
      onHealth: (healthy) => {
        this.#healthy = healthy;
        this.onChange();
      },
      restart: (reason, { overlapped }) => this.restart(reason, { overlapped }),
    });
  }

  #waits(): AbortSignal {
    return AbortSignal.any([this.#parts.run.life.signal, this.#stopping.signal]);
  }

  async #inTurn<T>(action: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(action, action);
    this.#turn = mine.catch(() => undefined);
    return await mine;
  }
}

/** A worker is made to start an instance. */
const BEFORE_THE_FIRST: InstanceStatus = {
  state: "Starting",
  details: "EstablishingSiteNetworks",
  lastError: null,
  lastErrorTimestamp: null,
  lastErrorDetails: null,
};
