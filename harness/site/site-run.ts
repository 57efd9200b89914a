import type { BlobReader } from "../azure/blob-reader.ts";
import type { ComponentFile } from "../dapr/component-files.ts";
import type { DaprReader } from "../dapr/dapr-reader.ts";
import type { SiteDefinition } from "../definition/site-definition.ts";
import { SitecarError } from "../errors/index.ts";
import type { SitePlan } from "../plan/site-plan.ts";
import { didYouMean } from "../shared/nearest.ts";
import type { Timeline } from "../timeline/timeline.ts";
import type { CreatedSite, SiteParts } from "./create-site.ts";
import { untilDaprReady } from "./dapr-readiness.ts";
import type { RunningSite } from "./running-site.ts";
import { runSchedule } from "./run-schedule.ts";
import type { SiteContainer } from "./site-container.ts";
import { untilStarted, type StartOfSite } from "./start-of-site.ts";
import { stopSite, type StopOutcome } from "./stop-site.ts";

const READY_WITHIN_MS = 60_000;

/** {@link RunningSite} from the inside. Its schedule begins when it is made. */
export class SiteRun implements RunningSite {
  readonly definition: SiteDefinition;
  readonly #parts: SiteParts;
  readonly #created: CreatedSite;
  readonly #started: Promise<void>;
  /** Ends the schedule before the run: a site that is being stopped starts nothing more. */
  readonly #schedule = new AbortController();
  readonly #scheduled: Promise<void>;

  constructor(definition: SiteDefinition, parts: SiteParts, created: CreatedSite) {
    this.definition = definition;
    this.#parts = parts;
    this.#created = created;
    this.#scheduled = this.#begin();
    this.#started = untilStarted(this.#startOfSite());
    // Who asks gets the failure; that nobody asks is no fault.
    this.#started.catch(() => undefined);
  }

  get plan(): SitePlan {
    return this.#parts.plan;
  }

  get timeline(): Timeline {
    return this.#parts.timeline;
  }

  get runId(): string {
    return this.plan.runId;
  }

  get runDirectory(): string {
    return this.#parts.directory.path;
  }

  get signal(): AbortSignal {
    return this.#parts.life.signal;
  }

  get url(): string {
    return `http://127.0.0.1:${this.publishedPort(this.plan.mainPort)}`;
  }

  container(name: string): SiteContainer {
    const { containers } = this.#created;
    const found = containers.get(name);
    if (found !== undefined) return found;
    throw new SitecarError("CONTAINER_UNKNOWN", {
      message: `the site has no container "${name}".${didYouMean(name, [...containers.keys()])}`,
      observations: [{ label: "known", value: [...containers.keys()].join(", ") }],
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

  async blobs(account?: string): Promise<BlobReader> {
    const { storage } = this.#created;
    if (storage !== undefined) return await storage.reader(account, this.signal);
    throw new SitecarError("CONTAINER_UNKNOWN", {
      message: `the site "${this.plan.site}" has no storage account.`,
      remedy: "name one in the site's storageAccounts.",
    });
  }

  dapr(container?: string): DaprReader {
    return this.#created.dapr.reader(container);
  }

  componentFiles(container?: string): readonly ComponentFile[] {
    return this.#created.dapr.files(container);
  }

  async untilStarted(): Promise<void> {
    await this.#started;
  }

  async untilReady({ withinMs = READY_WITHIN_MS }: { readonly withinMs?: number } = {}): Promise<void> {
    await this.untilStarted();
    await untilDaprReady(this.#startOfSite(), this.#created.dapr, withinMs);
    this.timeline.record({ type: "phase", name: "site ready" });
  }

  async stop(): Promise<readonly StopOutcome[]> {
    this.#schedule.abort(new DOMException("the site is being stopped", "AbortError"));
    // A start call that was made already is waited for, so that its container is stopped too.
    await this.#scheduled;
    const containers = this.plan.containers.map(({ name }) => this.container(name));
    return await stopSite(containers, this.timeline);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#parts.life.abort(new DOMException("the site was disposed", "AbortError"));
    await this.#parts.stack[Symbol.asyncDispose]();
  }

  /** Resolves when the schedule has ended, whatever ended it. */
  async #begin(): Promise<void> {
    const { schedule } = this.plan;
    const beganMs = this.timeline.record({ type: "schedule.began" }).tMs;
    const times = new Map(schedule.starts.map(({ container, atMs }) => [container, atMs ?? 0]));
    try {
      await runSchedule(
        schedule,
        async (name) => await this.container(name).start({ atMs: times.get(name) ?? 0, beganMs }),
        AbortSignal.any([this.signal, this.#schedule.signal]),
      );
    } catch (error) {
      if (!this.#schedule.signal.aborted) this.#parts.life.abort(error);
    }
  }

  #startOfSite(): StartOfSite {
    return {
      plan: this.plan,
      timeline: this.timeline,
      containers: this.#created.containers,
      url: this.url,
      runDirectory: this.runDirectory,
      signal: this.signal,
    };
  }
}
