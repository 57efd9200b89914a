import type { BlobReader } from "../azure/blob-reader.ts";
import type { ComponentFile } from "../dapr/component-files.ts";
import type { DaprReader } from "../dapr/dapr-reader.ts";
import type { SiteDefinition } from "../definition/site-definition.ts";
import { SitecarError } from "../errors/index.ts";
import type { SitePlan } from "../plan/site-plan.ts";
import { AgentReader } from "../platform/agent-reader.ts";
import type { EngineContainer } from "../runtime/container.ts";
import { watchContainers } from "../runtime/container-events.ts";
import { createNetwork } from "../runtime/network.ts";
import type { StorageContainer } from "../runtime/storage-container.ts";
import { STORAGE } from "../schedule/start-schedule.ts";
import { Deadline } from "../shared/clock.ts";
import { didYouMean } from "../shared/nearest.ts";
import type { ReleaseStack } from "../shared/release-stack.ts";
import type { RunDirectory } from "../timeline/run-directory.ts";
import type { Timeline } from "../timeline/timeline.ts";
import { DaprSide } from "./dapr-side.ts";
import { untilDaprReady } from "./dapr-readiness.ts";
import type { Host } from "./host.ts";
import { publishedPorts } from "./published-ports.ts";
import { writeRecord } from "./record.ts";
import type { RunningSite } from "./running-site.ts";
import { runSchedule } from "./run-schedule.ts";
import { SiteContainer } from "./site-container.ts";
import {
  createPlatform,
  createSiteContainer,
  createStorage,
  PLATFORM,
  storageAccess,
  type Trust,
} from "./site-parts.ts";
import { untilStarted, type StartOfSite } from "./start-of-site.ts";
import { stopSite, type StopOutcome } from "./stop-site.ts";
import { StorageSide } from "./storage-side.ts";

export interface SiteRunParts {
  readonly definition: SiteDefinition;
  readonly plan: SitePlan;
  readonly host: Host;
  readonly timeline: Timeline;
  readonly directory: RunDirectory;
  readonly trust: Trust;
  /** Owns everything of the run; disposing the site disposes it. */
  readonly stack: ReleaseStack;
}

const PLATFORM_READY_MS = 30_000;

/** {@link RunningSite} from the inside: {@link create}, then {@link begin}. */
export class SiteRun implements RunningSite {
  readonly definition: SiteDefinition;
  readonly plan: SitePlan;
  readonly timeline: Timeline;
  readonly runId: string;
  readonly runDirectory: string;
  readonly #parts: SiteRunParts;
  readonly #life = new AbortController();
  /** By name; the site's own, `storage`, and the platform's, which users do not get. */
  readonly #containers = new Map<string, SiteContainer>();
  #ports: ReadonlyMap<number, number> = new Map();
  #storage: StorageSide | undefined;
  #dapr: DaprSide | undefined;
  #started: Promise<void> | undefined;

  constructor(parts: SiteRunParts, signal?: AbortSignal) {
    this.#parts = parts;
    this.definition = parts.definition;
    this.plan = parts.plan;
    this.timeline = parts.timeline;
    this.runId = parts.plan.runId;
    this.runDirectory = parts.directory.path;
    const onAbort = (): void => this.#life.abort(signal?.reason);
    signal?.addEventListener("abort", onAbort, { once: true });
    parts.stack.defer("stop signal", () => signal?.removeEventListener("abort", onAbort));
  }

  get signal(): AbortSignal {
    return this.#life.signal;
  }

  get url(): string {
    return `http://127.0.0.1:${this.publishedPort(this.plan.mainPort)}`;
  }

  /** Creates everything; starts only what stands around the site: the platform, and storage if no schedule names it. */
  async create(): Promise<void> {
    const { host, plan, timeline, stack, trust, directory } = this.#parts;
    const run = { runId: plan.runId, site: plan.site };
    timeline.record({ type: "phase", name: "creating", detail: `${plan.containers.length} containers` });
    const events = await watchContainers(host.engine, plan.runId, {
      onEvent: (event) => this.#containers.get(event.label)?.follow(event),
      onLost: (error) => this.#life.abort(error),
    });
    stack.defer("engine events", () => events.close());
    const network = await createNetwork(host.engine, run);
    stack.defer("network", () => network.remove());

    // Storage takes longest to come up, so it is made first, and beside the platform.
    const accounts = storageAccess(plan);
    const [platform] = await Promise.all([
      this.#createPlatform(network.name),
      accounts.length === 0 ? undefined : this.#createStorage(network.name, accounts, trust),
    ]);
    const sites = plan.containers.map(async (container) => {
      const created = await createSiteContainer(host, run, container, platform);
      this.#adopt(created, new SiteContainer(created, timeline));
      return created;
    });
    // All of them, so that a failure leaves none behind that is not in the stack yet.
    const created = await Promise.allSettled(sites);
    stack.defer("containers", () =>
      removeAll(created.filter((one) => one.status === "fulfilled").map(({ value }) => value)),
    );
    const failure = created.find((one) => one.status === "rejected");
    if (failure !== undefined) throw failure.reason;

    const dapr = await DaprSide.create({
      plan,
      ports: this.#ports,
      containers: new Map(
        created.filter((one) => one.status === "fulfilled").map(({ value }) => [value.label, value]),
      ),
    });
    stack.defer("dapr readers", () => dapr.close());
    this.#dapr = dapr;
    await writeRecord(directory, {
      host,
      plan,
      componentFiles: dapr.allFiles(),
    });
    if (!this.#scheduleNamesStorage()) await this.#storage?.up(this.signal);
  }

  /** Begins the schedule and the platform's pings; returns at once. */
  begin(): void {
    const { timeline, plan } = this.#parts;
    const beganMs = timeline.record({ type: "schedule.began" }).tMs;
    const times = new Map(plan.schedule.starts.map(({ container, atMs }) => [container, atMs ?? 0]));
    runSchedule(
      plan.schedule,
      async (name) => {
        await this.container(name).start({ atMs: times.get(name) ?? 0, beganMs });
      },
      this.signal,
    ).catch((error: unknown) => this.#life.abort(error));
    this.#started = untilStarted(this.#startOfSite());
    // Who asks gets the failure; that nobody asks is no fault.
    this.#started.catch(() => undefined);
  }

  container(name: string): SiteContainer {
    const found = name === PLATFORM ? undefined : this.#containers.get(name);
    if (found !== undefined) return found;
    const known = [...this.#containers.keys()].filter((one) => one !== PLATFORM);
    throw new SitecarError("CONTAINER_UNKNOWN", {
      message: `the site has no container "${name}".${didYouMean(name, known)}`,
      observations: [{ label: "known", value: known.join(", ") }],
      remedy: "use the name of one of the site's containers.",
    });
  }

  publishedPort(port: number): number {
    const published = this.#ports.get(port);
    if (published !== undefined) return published;
    throw new SitecarError("CONTAINER_UNKNOWN", {
      message: `port ${port} of the namespace is not published.`,
      observations: [{ label: "published", value: this.plan.publishedPorts.join(", ") }],
      remedy: "name the port in the site's observedPorts.",
    });
  }

  async blobs(account?: string): Promise<BlobReader> {
    const storage = this.#storage;
    if (storage === undefined) {
      throw new SitecarError("STORAGE_FAILED", {
        message: `the site "${this.plan.site}" has no storage account.`,
        remedy: "name one in the site's storageAccounts.",
      });
    }
    return await storage.reader(account, this.signal);
  }

  dapr(container?: string): DaprReader {
    return this.#daprSide().reader(container);
  }

  componentFiles(container?: string): readonly ComponentFile[] {
    return this.#daprSide().files(container);
  }

  async untilStarted(): Promise<void> {
    await this.#started;
  }

  async untilReady(options: { readonly withinMs?: number } = {}): Promise<void> {
    await this.untilStarted();
    await untilDaprReady(this.#startOfSite(), this.#daprSide(), options.withinMs ?? 60_000);
    this.timeline.record({ type: "phase", name: "site ready" });
  }

  async stop(): Promise<readonly StopOutcome[]> {
    const containers = this.plan.containers.map(({ name }) => this.container(name));
    return await stopSite(containers, this.plan.settings.stopTimeLimitSeconds, this.timeline);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#expectEnd();
    this.#life.abort(new DOMException("the site was disposed", "AbortError"));
    await this.#parts.stack[Symbol.asyncDispose]();
  }

  async #createPlatform(network: string): Promise<EngineContainer> {
    const { host, plan, timeline, stack } = this.#parts;
    const platform = await createPlatform(host, { runId: plan.runId, site: plan.site }, plan, network);
    stack.defer("platform container", () => platform.remove());
    const agent = new AgentReader({ plan, timeline });
    platform.output.subscribe(({ stream, text }) => stream === "stdout" && agent.write(`${text}\n`));
    const handle = this.#adopt(platform, new SiteContainer(platform, timeline));
    await handle.start();
    await agent.waitUntilReady({ deadline: Deadline.in(PLATFORM_READY_MS), signal: this.signal });
    this.#ports = await publishedPorts(platform, plan.publishedPorts);
    return platform;
  }

  async #createStorage(
    network: string,
    accounts: ReturnType<typeof storageAccess>,
    trust: Trust,
  ): Promise<void> {
    const { host, plan, timeline, stack } = this.#parts;
    const storage: StorageContainer = await createStorage(
      host,
      { runId: plan.runId, site: plan.site },
      { network, trust, accounts },
    );
    stack.defer("storage container", () => storage.remove());
    const handle = this.#adopt(
      storage.container,
      new SiteContainer(storage.container, timeline, () => storage.start()),
    );
    this.#storage = new StorageSide({
      storage,
      handle,
      accounts,
      timeline,
      authorityPem: trust.certificateAuthorityPem,
    });
    stack.defer("blob watcher", () => this.#storage?.close());
    this.#storage.watch(this.signal);
    // Up while the rest is being created, unless a schedule says when.
    if (!this.#scheduleNamesStorage()) await handle.start();
  }

  #adopt(container: EngineContainer, handle: SiteContainer): SiteContainer {
    const { directory, timeline } = this.#parts;
    this.#containers.set(container.label, handle);
    const log = directory.log(container.label);
    container.output.subscribe(({ stream, text, wallMs }) => log.write(stream, `${text}\n`, wallMs));
    timeline.record({
      type: "container.created",
      container: container.label,
      id: container.id,
      imageId: this.#imageId(container.label),
    });
    return handle;
  }

  #imageId(label: string): string {
    const { images } = this.#parts.host;
    if (label === PLATFORM) return images.platform.id;
    if (label === STORAGE) return images.storage.id;
    const planned = this.plan.containers.find(({ name }) => name === label);
    return planned === undefined ? "" : images.of(planned.image).id;
  }

  #scheduleNamesStorage(): boolean {
    return this.plan.schedule.starts.some(({ container }) => container === STORAGE);
  }

  #startOfSite(): StartOfSite {
    return {
      plan: this.plan,
      timeline: this.timeline,
      containers: new Map([...this.#containers].filter(([name]) => name !== PLATFORM)),
      url: this.url,
      runDirectory: this.runDirectory,
      signal: this.signal,
    };
  }

  #daprSide(): DaprSide {
    if (this.#dapr === undefined) throw new Error("unreachable: the site is used before it was created");
    return this.#dapr;
  }

  #expectEnd(): void {
    for (const container of this.#containers.values()) container.expectEnd();
  }
}

async function removeAll(containers: readonly EngineContainer[]): Promise<void> {
  const outcomes = await Promise.allSettled(containers.map((container) => container.remove()));
  const failure = outcomes.find((outcome) => outcome.status === "rejected");
  if (failure !== undefined) throw failure.reason;
}
