import type { SitePlan } from "../plan/site-plan.ts";
import { IdentityControl } from "../platform/identity-control.ts";
import { StorageControl } from "../platform/storage-control.ts";
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
import { GatedContainer } from "./gated-container.ts";
import type { SiteContainer } from "./site-container.ts";
import {
  createStorage,
  storageAccess,
  wayToStorage,
  type StorageAccountAccess,
  type WayToStorage,
} from "./site-parts.ts";
import { StorageSide } from "./storage-side.ts";

/** What is there once, however many runs have these surroundings one after the other. */
interface Ground {
  readonly network: string;
  /** By the engine's id. */
  readonly handles: Map<string, SiteContainer>;
  readonly memory: OutOfMemoryEvents;
  readonly trees: SharedTrees;
  /** To storage; `null`: the site has no storage account. */
  readonly way: WayToStorage | null;
  storage:
    { readonly storage: StorageContainer; readonly accounts: readonly StorageAccountAccess[] } | undefined;
}

/**
 * What stands around a run's instances, once for all of them: the engine's events, the network, and storage. Storage is
 * brought up here; when the site can reach it is its start in the schedule, or before the schedule where that says nothing.
 */
export class Surroundings {
  /** The identity service of all instances. */
  readonly identity = new IdentityControl();
  /** The way to storage in all instances. */
  readonly storageControl: StorageControl;
  /** Ports of all instances that something else listens on. */
  readonly ports = new PortControl();
  /** The stand-in main of all instances, where the run has one. */
  readonly standIn = new StandInControl();
  readonly #parts: RunParts;
  readonly #ground: Ground;
  readonly #logs: (() => void)[] = [];
  #storage: StorageSide | undefined;
  #storageHandle: GatedContainer | undefined;

  private constructor(parts: RunParts, ground: Ground) {
    this.#parts = parts;
    this.#ground = ground;
    this.storageControl = new StorageControl(ground.way?.hostNames ?? []);
  }

  /** Storage is still being made when this resolves: see {@link createStorage}. */
  static async create(parts: RunParts, plan: SitePlan): Promise<Surroundings> {
    const { host, run, home, timeline, stack, life, trust } = parts;
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
      way: await wayToStorage(plan, trust),
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

  /** To storage; `null`: the site has no storage account. */
  get way(): WayToStorage | null {
    return this.#ground.way;
  }

  /** `undefined`: the site has no storage account. */
  get storage(): StorageSide | undefined {
    return this.#storage;
  }

  get storageHandle(): GatedContainer | undefined {
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

  /**
   * Storage is up when this resolves, and nothing of the site can reach it.
   * @param options.blobs `watch` (default): each is recorded soon after it appears; `look`: when `storage.look` is called.
   * @throws {SitecarError} STORAGE_FAILED
   */
  async createStorage(
    plan: SitePlan,
    { blobs = "watch" }: { readonly blobs?: "watch" | "look" } = {},
  ): Promise<void> {
    const { host, timeline, stack, life } = this.#parts;
    const { way } = this;
    if (way === null) return;
    const there = this.#ground.storage;
    const { storage, accounts } = there ?? (await this.#makeStorage(plan, way));
    this.#ground.storage = { storage, accounts };
    const { container } = storage;
    const before = this.#ground.handles.get(container.id);
    const handle = new GatedContainer(container, timeline, {
      graceSeconds: plan.settings.stopTimeLimitSeconds,
      firstStart: () => (there === undefined ? storage.start() : container.start()),
      isUp: before instanceof GatedContainer && before.isUp,
      gate: {
        open: async () => {
          await side.up(life.signal);
          await this.storageControl.setOpen(true);
        },
        close: () => this.storageControl.setOpen(false),
      },
    });
    this.adopt(container, handle, STORAGE);
    timeline.record({
      type: "container.created",
      container: STORAGE,
      id: container.id,
      imageId: host.images.storage.id,
    });
    const side = new StorageSide({ storage, handle, accounts, timeline, authorityPem: way.authorityPem });
    stack.defer("blob watcher", () => side.close());
    this.#storage = side;
    this.#storageHandle = handle;
    if (blobs === "watch") side.watch(life.signal);
    if (!handle.isUp) await handle.startBehindGate();
    await side.up(life.signal);
  }

  async #makeStorage(plan: SitePlan, way: WayToStorage): Promise<NonNullable<Ground["storage"]>> {
    const { host, run, stack } = this.#parts;
    const accounts = storageAccess(plan);
    const storage = await createStorage(host, run, { network: this.network, way, accounts });
    stack.defer("storage container", () => storage.remove());
    return { storage, accounts };
  }

  /** Storage can be reached, unless a schedule says when. @throws {SitecarError} STORAGE_FAILED */
  async reachStorage(plan: SitePlan): Promise<void> {
    if (!namesStorage(plan)) await this.#storageHandle?.start();
  }
}

function namesStorage(plan: SitePlan): boolean {
  return plan.schedule.starts.some(({ container }) => container === STORAGE);
}
