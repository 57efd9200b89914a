import type { SitePlan } from "../plan/site-plan.ts";
import { IdentityControl } from "../platform/identity-control.ts";
import { PortControl } from "../platform/port-control.ts";
import { StandInControl } from "../platform/stand-in/stand-in-control.ts";
import type { EngineContainer } from "../runtime/container.ts";
import { watchContainers } from "../runtime/container-events.ts";
import { OutOfMemoryEvents } from "../runtime/limits/out-of-memory-events.ts";
import { createNetwork } from "../runtime/network.ts";
import type { StorageContainer } from "../runtime/storage-container.ts";
import { STORAGE } from "../schedule/schedule.ts";
import type { RunParts } from "./run-parts.ts";
import { SharedTrees } from "./shared-trees.ts";
import { SiteContainer } from "./site-container.ts";
import { createStorage, storageAccess, type StorageAccountAccess } from "./site-parts.ts";
import { StorageSide } from "./storage-side.ts";

/** What is there once, however many runs have these surroundings one after the other. */
interface Ground {
  readonly network: string;
  /** By the engine's id. */
  readonly handles: Map<string, SiteContainer>;
  readonly memory: OutOfMemoryEvents;
  readonly trees: SharedTrees;
  storage:
    { readonly storage: StorageContainer; readonly accounts: readonly StorageAccountAccess[] } | undefined;
}

/**
 * What stands around a run's instances, once for all of them: the engine's events, the network, and storage. Storage is
 * started here unless a schedule says when.
 */
export class Surroundings {
  /** The identity service of all instances. */
  readonly identity = new IdentityControl();
  /** Ports of all instances that something else listens on. */
  readonly ports = new PortControl();
  /** The stand-in main of all instances, where the run has one. */
  readonly standIn = new StandInControl();
  readonly #parts: RunParts;
  readonly #ground: Ground;
  readonly #logs: (() => void)[] = [];
  #storage: StorageSide | undefined;
  #storageHandle: SiteContainer | undefined;

  private constructor(parts: RunParts, ground: Ground) {
    this.#parts = parts;
    this.#ground = ground;
  }

  /** Storage is still being made when this resolves: see {@link createStorage}. */
  static async create(parts: RunParts): Promise<Surroundings> {
    const { host, run, home, timeline, stack, life } = parts;
    const handles = new Map<string, SiteContainer>();
    const memory = new OutOfMemoryEvents({
      onEvent: (event) => handles.get(event.id)?.follow(event),
      onFailure: (error) =>
        timeline.record({ type: "observer.failed", observer: "memory", detail: String(error) }),
    });
    const events = await watchContainers(host.engine, run.runId, {
      onEvent: (event) => memory.take(event),
      onLost: (error) => life.abort(error),
    });
    stack.defer("engine events", () => events.close());
    // The harness's removals are no ends that the site has to answer for. Runs before any of them.
    const expectEnds = (): void => {
      for (const handle of handles.values()) handle.expectEnd();
    };
    life.signal.addEventListener("abort", expectEnds, { once: true });
    const network = await createNetwork(host.engine, run);
    stack.defer("network", () => network.remove());
    const trees = new SharedTrees({ engine: host.engine, run, ...(home === undefined ? {} : { home }) });
    stack.defer("volumes", () => trees.remove());
    return new Surroundings(parts, {
      network: network.name,
      handles,
      memory,
      trees,
      storage: undefined,
    });
  }

  /**
   * The same surroundings for another run, whose record has what happens from now on; one run at a time. They outlive it, and
   * its end leaves nothing of it here.
   */
  lend(parts: RunParts): Surroundings {
    const lent = new Surroundings(parts, this.#ground);
    const { handles } = this.#ground;
    const before = new Map(handles);
    parts.stack.defer("lent surroundings", () => {
      for (const end of lent.#logs) end();
      handles.clear();
      for (const [id, handle] of before) handles.set(id, handle);
    });
    return lent;
  }

  get network(): string {
    return this.#ground.network;
  }

  /** Tells which container ran out of memory; those under an instance's limits are added to it. */
  get memory(): OutOfMemoryEvents {
    return this.#ground.memory;
  }

  /** The directories that all instances share. */
  get trees(): SharedTrees {
    return this.#ground.trees;
  }

  /** `undefined`: the site has no storage account. */
  get storage(): StorageSide | undefined {
    return this.#storage;
  }

  get storageHandle(): SiteContainer | undefined {
    return this.#storageHandle;
  }

  /** The engine's events of this container are the handle's from now on, and its output is in the run's folder. */
  adopt(container: EngineContainer, handle: SiteContainer, logName: string): void {
    this.#ground.handles.set(container.id, handle);
    const log = this.#parts.directory.log(logName);
    this.#logs.push(
      container.output.subscribe(({ stream, text, wallMs }) => log.write(stream, `${text}\n`, wallMs)),
    );
  }

  /** @param options.blobs `watch` (default): each is recorded soon after it appears; `look`: when `storage.look` is called. */
  async createStorage(
    plan: SitePlan,
    { blobs = "watch" }: { readonly blobs?: "watch" | "look" } = {},
  ): Promise<void> {
    const { host, timeline, stack, trust, life } = this.#parts;
    const there = this.#ground.storage;
    const made = there ?? (await this.#makeStorage(plan));
    if (made === undefined) return;
    this.#ground.storage = made;
    const { storage, accounts } = made;
    const { container } = storage;
    const state = this.#ground.handles.get(container.id)?.state;
    const handle = new SiteContainer(container, timeline, {
      graceSeconds: plan.settings.stopTimeLimitSeconds,
      firstStart: () => (there === undefined ? storage.start() : container.start()),
      ...(state === undefined ? {} : { state }),
    });
    this.adopt(container, handle, STORAGE);
    timeline.record({
      type: "container.created",
      container: STORAGE,
      id: container.id,
      imageId: host.images.storage.id,
    });
    const authorityPem = trust.certificateAuthorityPem;
    const side = new StorageSide({ storage, handle, accounts, timeline, authorityPem });
    stack.defer("blob watcher", () => side.close());
    this.#storage = side;
    this.#storageHandle = handle;
    if (blobs === "watch") side.watch(life.signal);
    // Up while the rest is being created, unless a schedule says when.
    if (namesStorage(plan) && handle.state === "running") await handle.kill();
    else if (!namesStorage(plan) && handle.state !== "running") await handle.start();
  }

  async #makeStorage(plan: SitePlan): Promise<Ground["storage"]> {
    const { host, run, stack, trust } = this.#parts;
    const accounts = storageAccess(plan);
    if (accounts.length === 0) return undefined;
    const storage = await createStorage(host, run, { network: this.network, trust, accounts });
    stack.defer("storage container", () => storage.remove());
    return { storage, accounts };
  }

  /** Storage listens, unless a schedule says when it starts. @throws {SitecarError} STORAGE_FAILED */
  async storageUp(plan: SitePlan): Promise<void> {
    if (!namesStorage(plan)) await this.#storage?.up(this.#parts.life.signal);
  }
}

function namesStorage(plan: SitePlan): boolean {
  return plan.schedule.starts.some(({ container }) => container === STORAGE);
}
