import type { SitePlan } from "../plan/site-plan.ts";
import { Deadline } from "../shared/clock.ts";
import type { RunDirectory } from "../timeline/run-directory.ts";
import type { Timeline } from "../timeline/timeline.ts";
import type { ComponentText } from "./dapr-side.ts";
import type { Instance } from "./instance.ts";
import type { Namespace } from "./namespace.ts";
import { earliestBegin } from "./run-schedule.ts";
import { SiteRun, type SiteRunParts } from "./site-run.ts";
import type { StorageSide } from "./storage-side.ts";

const EMPTY_WITHIN_MS = 30_000;

/** A trial of which everything is created and nothing has begun. */
export class PreparedTrial {
  readonly #parts: SiteRunParts;
  readonly #namespaces: readonly Namespace[];
  #site: SiteRun | undefined;

  constructor(parts: SiteRunParts, namespaces: readonly Namespace[]) {
    this.#parts = parts;
    this.#namespaces = namespaces;
  }

  get plan(): SitePlan {
    return this.#first.plan;
  }

  /** How many run its schedule. */
  get workers(): number {
    return this.#parts.serving.workers.length;
  }

  get timeline(): Timeline {
    return this.#parts.run.timeline;
  }

  get directory(): RunDirectory {
    return this.#parts.run.directory;
  }

  /** What `--resources-path` holds in each Dapr sidecar of the first worker's instance, as text. */
  async componentFiles(): Promise<ReadonlyMap<string, readonly ComponentText[]>> {
    return await this.#first.componentTexts();
  }

  /** Where its blobs are looked at; `undefined`: the site has no storage account. */
  get storage(): StorageSide | undefined {
    return this.#parts.surroundings.storage;
  }

  /** So long after {@link begin} its schedule begins: start calls are made ahead of their times. */
  get leadMs(): number {
    const { startTimes } = this.#parts.run.host;
    return earliestBegin(this.plan.schedule, (container) => startTimes.leadMs(container));
  }

  /** Its schedule begins in {@link leadMs}. */
  begin(): SiteRun {
    this.#site ??= new SiteRun(this.#parts);
    return this.#site;
  }

  /** Removes the trial's containers; its record is finished. @throws {SitecarError} CLEANUP_FAILED */
  async remove(): Promise<void> {
    const { life, stack } = this.#parts.run;
    life.abort(new DOMException("the trial has ended", "AbortError"));
    await stack[Symbol.asyncDispose]();
  }

  /**
   * As {@link remove}, and makes the bench as new: storage is up and empty, nothing of the trial is in the namespaces, in
   * their directories, or with their agents.
   * @throws {SitecarError} what could not be done: the bench must then be disposed.
   */
  async clear(): Promise<void> {
    try {
      await this.#site?.steps.heal();
      // While its readers are there.
      await this.#emptyStorage();
    } finally {
      await this.remove();
    }
    await Promise.all(this.#namespaces.map((namespace) => namespace.clear()));
  }

  get #first(): Instance {
    const [first] = this.#parts.serving.workers;
    if (first === undefined) throw new TypeError("a site has at least one worker");
    return first.instance;
  }

  async #emptyStorage(): Promise<void> {
    const { storage, storageHandle: handle } = this.#parts.surroundings;
    if (storage === undefined || handle === undefined) return;
    const signal = Deadline.in(EMPTY_WITHIN_MS).signal();
    if (handle.state === "paused") await handle.resume();
    // Its data are in memory: one that has ended has none.
    if (!handle.isUp) await handle.startBehindGate();
    await storage.up(signal);
    await storage.empty(signal);
  }
}
