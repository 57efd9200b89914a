import type { SitePlan } from "../plan/site-plan.ts";
import { AgentReader } from "../platform/agent-reader.ts";
import type { EngineContainer } from "../runtime/container.ts";
import { watchContainers } from "../runtime/container-events.ts";
import type { RunIdentity } from "../runtime/labels.ts";
import { createInstanceLimits, type InstanceLimits } from "../runtime/limits/instance-limits.ts";
import { OutOfMemoryEvents } from "../runtime/limits/out-of-memory-events.ts";
import { createNetwork } from "../runtime/network.ts";
import { STORAGE } from "../schedule/start-schedule.ts";
import { Deadline } from "../shared/clock.ts";
import type { ReleaseStack } from "../shared/release-stack.ts";
import type { RunDirectory } from "../timeline/run-directory.ts";
import type { Timeline } from "../timeline/timeline.ts";
import { DaprSide } from "./dapr-side.ts";
import type { Host } from "./host.ts";
import { publishedPorts } from "./published-ports.ts";
import { writeRecord } from "./record.ts";
import { SiteContainer } from "./site-container.ts";
import {
  createPlatform,
  createSiteContainer,
  createStorage,
  PLATFORM,
  storageAccess,
  type Trust,
} from "./site-parts.ts";
import { StorageSide } from "./storage-side.ts";

export interface SiteParts {
  readonly plan: SitePlan;
  readonly host: Host;
  readonly timeline: Timeline;
  readonly directory: RunDirectory;
  readonly trust: Trust;
  /** Everything that is created here registers its removal. */
  readonly stack: ReleaseStack;
  /** The run's life: aborted when it ends, and by what ends it (the engine going away). */
  readonly life: AbortController;
}

/** A site of which everything exists, and nothing of its own has been started. */
export interface CreatedSite {
  /** By name: the site's own, and `storage`. */
  readonly containers: ReadonlyMap<string, SiteContainer>;
  /** Container port → port on 127.0.0.1. */
  readonly ports: ReadonlyMap<number, number>;
  /** Absent: the site has no storage account. */
  readonly storage?: StorageSide;
  readonly dapr: DaprSide;
}

const PLATFORM_READY_MS = 30_000;

/** Creates everything; starts only what stands around the site: the platform, and storage if no schedule names it. */
export async function createSite(parts: SiteParts): Promise<CreatedSite> {
  return await new SiteBuilder(parts).build();
}

class SiteBuilder {
  readonly #parts: SiteParts;
  readonly #run: RunIdentity;
  /** With the platform's own, which users do not get. */
  readonly #handles = new Map<string, SiteContainer>();
  readonly #memory: OutOfMemoryEvents;

  constructor(parts: SiteParts) {
    this.#parts = parts;
    const { plan, host, timeline } = parts;
    this.#run = { runId: plan.runId, site: plan.site, reaperSession: host.reaperSession };
    this.#memory = new OutOfMemoryEvents({
      onEvent: (event) => this.#handles.get(event.label)?.follow(event),
      onFailure: (error) =>
        timeline.record({ type: "observer.failed", observer: "memory", detail: String(error) }),
    });
  }

  async build(): Promise<CreatedSite> {
    const { host, plan, timeline, stack, directory, life } = this.#parts;
    timeline.record({ type: "phase", name: "creating", detail: `${plan.containers.length} containers` });
    const events = await watchContainers(host.engine, plan.runId, {
      onEvent: (event) => this.#memory.take(event),
      onLost: (error) => life.abort(error),
    });
    stack.defer("engine events", () => events.close());
    // The harness's removals are no ends that the site has to answer for. Runs before any of them.
    const expectEnds = (): void => {
      for (const handle of this.#handles.values()) handle.expectEnd();
    };
    life.signal.addEventListener("abort", expectEnds, { once: true });
    const network = await createNetwork(host.engine, this.#run);
    stack.defer("network", () => network.remove());

    // Storage takes longest to come up, so it is made beside the platform.
    const [{ platform, ports }, storage, limits] = await settled([
      this.#createPlatform(network.name),
      this.#createStorage(network.name),
      this.#createLimits(),
    ]);
    const created = await this.#createContainers(platform, limits);
    const dapr = await DaprSide.create({ plan, ports, containers: created });
    stack.defer("dapr readers", () => dapr.close());
    await writeRecord(directory, { host, plan, componentFiles: dapr.allFiles() });
    if (!this.#scheduleNamesStorage()) await storage?.up(life.signal);
    const containers = new Map([...this.#handles].filter(([name]) => name !== PLATFORM));
    return { containers, ports, dapr, ...(storage === undefined ? {} : { storage }) };
  }

  async #createPlatform(
    network: string,
  ): Promise<{ readonly platform: EngineContainer; readonly ports: ReadonlyMap<number, number> }> {
    const { host, plan, timeline, stack, life } = this.#parts;
    const platform = await createPlatform(host, this.#run, plan, network);
    stack.defer("platform container", () => platform.remove());
    const agent = new AgentReader({ plan, timeline });
    platform.output.subscribe(({ stream, text }) => stream === "stdout" && agent.write(`${text}\n`));
    await this.#adopt(platform, new SiteContainer(platform, timeline, this.#grace())).start();
    await agent.waitUntilReady({ deadline: Deadline.in(PLATFORM_READY_MS), signal: life.signal });
    return { platform, ports: await publishedPorts(platform, plan.publishedPorts) };
  }

  async #createStorage(network: string): Promise<StorageSide | undefined> {
    const { host, plan, timeline, stack, trust, life } = this.#parts;
    const accounts = storageAccess(plan);
    if (accounts.length === 0) return undefined;
    const storage = await createStorage(host, this.#run, { network, trust, accounts });
    stack.defer("storage container", () => storage.remove());
    const { container } = storage;
    const handle = this.#adopt(
      container,
      new SiteContainer(container, timeline, { ...this.#grace(), firstStart: () => storage.start() }),
    );
    const side = new StorageSide({
      storage,
      handle,
      accounts,
      timeline,
      authorityPem: trust.certificateAuthorityPem,
    });
    stack.defer("blob watcher", () => side.close());
    side.watch(life.signal);
    // Up while the rest is being created, unless a schedule says when.
    if (!this.#scheduleNamesStorage()) await handle.start();
    return side;
  }

  /** What all site containers share (A3.10); the platform's own and storage stand on Azure's machines, not in the plan. */
  async #createLimits(): Promise<InstanceLimits | undefined> {
    const { host, plan, stack } = this.#parts;
    if (plan.resources === undefined) return undefined;
    const limits = await createInstanceLimits(host.engine, this.#run, {
      instance: "0-1",
      image: host.images.platform.reference,
      resources: plan.resources,
    });
    stack.defer("limits", () => limits.remove());
    return limits;
  }

  /** Side by side; a failure leaves none behind that the stack does not know. */
  async #createContainers(
    platform: EngineContainer,
    limits: InstanceLimits | undefined,
  ): Promise<ReadonlyMap<string, EngineContainer>> {
    const { host, plan, timeline, stack } = this.#parts;
    const created = new Map<string, EngineContainer>();
    stack.defer("containers", () => removeAll(created.values()));
    await settled(
      plan.containers.map(async (container) => {
        const one = await createSiteContainer(host, this.#run, container, platform, limits);
        created.set(container.name, one);
        if (limits !== undefined) this.#memory.add(one, limits);
        this.#adopt(one, new SiteContainer(one, timeline, this.#grace()));
      }),
    );
    return created;
  }

  #adopt(container: EngineContainer, handle: SiteContainer): SiteContainer {
    const { directory, timeline } = this.#parts;
    const { label, id } = container;
    this.#handles.set(label, handle);
    const log = directory.log(label);
    container.output.subscribe(({ stream, text, wallMs }) => log.write(stream, `${text}\n`, wallMs));
    timeline.record({ type: "container.created", container: label, id, imageId: this.#imageId(label) });
    return handle;
  }

  #imageId(label: string): string {
    const { host, plan } = this.#parts;
    if (label === PLATFORM) return host.images.platform.id;
    if (label === STORAGE) return host.images.storage.id;
    const planned = plan.containers.find(({ name }) => name === label);
    return planned === undefined ? "" : host.images.of(planned.image).id;
  }

  #grace(): { readonly graceSeconds: number } {
    return { graceSeconds: this.#parts.plan.settings.stopTimeLimitSeconds };
  }

  #scheduleNamesStorage(): boolean {
    return this.#parts.plan.schedule.starts.some(({ container }) => container === STORAGE);
  }
}

/** Like Promise.all, but nothing is still under way when it rejects: what was made is known to the stack by then. */
async function settled<T extends readonly unknown[]>(promises: {
  [K in keyof T]: Promise<T[K]>;
}): Promise<T> {
  await Promise.allSettled(promises);
  // Each is settled now, so this only hands out the values or the first failure.
  return await Promise.all(promises);
}

async function removeAll(containers: Iterable<EngineContainer>): Promise<void> {
  await settled([...containers].map((container) => container.remove()));
}
