import type { SitePlan } from "../plan/site-plan.ts";
import { IdentityControl } from "../platform/identity-control.ts";
import { StorageControl } from "../platform/storage-control.ts";
import type { EngineContainer } from "../runtime/container.ts";
import { watchContainers } from "../runtime/container-events.ts";
import { OutOfMemoryEvents } from "../runtime/limits/out-of-memory-events.ts";
import { createNetwork } from "../runtime/network.ts";
import { STORAGE } from "../schedule/schedule.ts";
import type { RunParts } from "./run-parts.ts";
import { SharedTrees } from "./shared-trees.ts";
import { GatedContainer } from "./gated-container.ts";
import type { SiteContainer } from "./site-container.ts";
import { createStorage, storageAccess, wayToStorage, type WayToStorage } from "./site-parts.ts";
import { StorageSide } from "./storage-side.ts";

/**
 * What stands around a run's instances, once for all of them: the engine's events, the network, and storage. Storage is
 * brought up here; when the site can reach it is its start in the schedule, or before the schedule where that says nothing.
 */
export class Surroundings {
  readonly network: string;
  /** Tells which container ran out of memory; those under an instance's limits are added to it. */
  readonly memory: OutOfMemoryEvents;
  /** The directories that all instances share. */
  readonly trees: SharedTrees;
  /** The identity service of all instances. */
  readonly identity: IdentityControl;
  /** The way to storage in all instances. */
  readonly storageControl: StorageControl;
  /** `null`: the site has no storage account. */
  readonly way: WayToStorage | null;
  readonly #parts: RunParts;
  /** By the engine's id. */
  readonly #handles: Map<string, SiteContainer>;
  #storage: StorageSide | undefined;
  #storageHandle: SiteContainer | undefined;

  private constructor(
    parts: RunParts,
    made: {
      readonly network: string;
      readonly handles: Map<string, SiteContainer>;
      readonly memory: OutOfMemoryEvents;
      readonly way: WayToStorage | null;
      readonly accounts: readonly string[];
    },
  ) {
    this.#parts = parts;
    this.network = made.network;
    this.#handles = made.handles;
    this.memory = made.memory;
    const { host, run, home, stack } = parts;
    this.trees = new SharedTrees({ engine: host.engine, run, ...(home === undefined ? {} : { home }) });
    stack.defer("volumes", () => this.trees.remove());
    this.identity = new IdentityControl();
    this.way = made.way;
    this.storageControl = new StorageControl(made.accounts);
  }

  /** Storage is still being made when this resolves: see {@link createStorage}. */
  static async create(parts: RunParts, plan: SitePlan): Promise<Surroundings> {
    const { host, run, timeline, stack, life, trust } = parts;
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
    const way = await wayToStorage(plan, trust);
    return new Surroundings(parts, {
      network: network.name,
      handles,
      memory,
      way,
      accounts: plan.storageAccounts,
    });
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
    this.#handles.set(container.id, handle);
    const log = this.#parts.directory.log(logName);
    container.output.subscribe(({ stream, text, wallMs }) => log.write(stream, `${text}\n`, wallMs));
  }

  /** Storage is up when this resolves, and nothing of the site can reach it. @throws {SitecarError} STORAGE_FAILED */
  async createStorage(plan: SitePlan): Promise<void> {
    const { host, run, timeline, stack, life } = this.#parts;
    const { way } = this;
    if (way === null) return;
    const accounts = storageAccess(plan);
    const storage = await createStorage(host, run, { network: this.network, way, accounts });
    stack.defer("storage container", () => storage.remove());
    const { container } = storage;
    const handle = new GatedContainer(container, timeline, {
      graceSeconds: plan.settings.stopTimeLimitSeconds,
      firstStart: () => storage.start(),
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
    side.watch(life.signal);
    await handle.startBehindGate();
    await side.up(life.signal);
  }

  /** Storage can be reached, unless a schedule says when. @throws {SitecarError} STORAGE_FAILED */
  async reachStorage(plan: SitePlan): Promise<void> {
    if (!namesStorage(plan)) await this.#storageHandle?.start();
  }
}

function namesStorage(plan: SitePlan): boolean {
  return plan.schedule.starts.some(({ container }) => container === STORAGE);
}
