import type { SitePlan } from "../plan/site-plan.ts";
import { IdentityControl } from "../platform/identity-control.ts";
import { PortControl } from "../platform/port-control.ts";
import { StandInControl } from "../platform/stand-in/stand-in-control.ts";
import type { EngineContainer } from "../runtime/container.ts";
import { watchContainers } from "../runtime/container-events.ts";
import { OutOfMemoryEvents } from "../runtime/limits/out-of-memory-events.ts";
import { createNetwork } from "../runtime/network.ts";
import { STORAGE } from "../schedule/schedule.ts";
import type { RunParts } from "./run-parts.ts";
import { SharedTrees } from "./shared-trees.ts";
import { SiteContainer } from "./site-container.ts";
import { createStorage, storageAccess } from "./site-parts.ts";
import { StorageSide } from "./storage-side.ts";

/**
 * What stands around a run's instances, once for all of them: the engine's events, the network, and storage. Storage is
 * started here unless a schedule says when.
 */
export class Surroundings {
  readonly network: string;
  /** Tells which container ran out of memory; those under an instance's limits are added to it. */
  readonly memory: OutOfMemoryEvents;
  /** The directories that all instances share. */
  readonly trees: SharedTrees;
  /** The identity service of all instances. */
  readonly identity: IdentityControl;
  /** Ports of all instances that something else listens on. */
  readonly ports = new PortControl();
  /** The stand-in main of all instances, where the run has one. */
  readonly standIn = new StandInControl();
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
  }

  /** Storage is still being made when this resolves: see {@link createStorage}. */
  static async create(parts: RunParts): Promise<Surroundings> {
    const { host, run, timeline, stack, life } = parts;
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
    return new Surroundings(parts, { network: network.name, handles, memory });
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

  async createStorage(plan: SitePlan): Promise<void> {
    const { host, run, timeline, stack, trust, life } = this.#parts;
    const accounts = storageAccess(plan);
    if (accounts.length === 0) return;
    const storage = await createStorage(host, run, { network: this.network, trust, accounts });
    stack.defer("storage container", () => storage.remove());
    const { container } = storage;
    const handle = new SiteContainer(container, timeline, {
      graceSeconds: plan.settings.stopTimeLimitSeconds,
      firstStart: () => storage.start(),
    });
    this.adopt(container, handle, STORAGE);
    timeline.record({
      type: "container.created",
      container: STORAGE,
      id: container.id,
      imageId: host.images.storage.id,
    });
    const side = new StorageSide({
      storage,
      handle,
      accounts,
      timeline,
      authorityPem: trust.certificateAuthorityPem,
    });
    stack.defer("blob watcher", () => side.close());
    this.#storage = side;
    this.#storageHandle = handle;
    side.watch(life.signal);
    // Up while the rest is being created, unless a schedule says when.
    if (!namesStorage(plan)) await handle.start();
  }

  /** Storage listens, unless a schedule says when it starts. @throws {SitecarError} STORAGE_FAILED */
  async storageUp(plan: SitePlan): Promise<void> {
    if (!namesStorage(plan)) await this.#storage?.up(this.#parts.life.signal);
  }
}

function namesStorage(plan: SitePlan): boolean {
  return plan.schedule.starts.some(({ container }) => container === STORAGE);
}
