import { BlobReader } from "../azure/blob-reader.ts";
import { BlobWatcher } from "../azure/blob-watcher.ts";
import { SitecarError } from "../errors/index.ts";
import type { StorageContainer, StorageEndpoint } from "../runtime/storage-container.ts";
import { Deadline } from "../shared/clock.ts";
import { didYouMean } from "../shared/nearest.ts";
import type { Timeline } from "../timeline/timeline.ts";
import type { GatedContainer } from "./gated-container.ts";
import type { StorageAccountAccess } from "./site-parts.ts";

export interface StorageSideParts {
  readonly storage: StorageContainer;
  readonly handle: GatedContainer;
  readonly accounts: readonly StorageAccountAccess[];
  readonly timeline: Timeline;
  readonly authorityPem: string;
}

const LISTENING_MS = 60_000;

/** A storage that does not answer does not keep a run from its end; one on a busy machine has its time. */
const LAST_LOOK_MS = 10_000;

interface Connection {
  readonly endpoint: StorageEndpoint;
  readonly readers: ReadonlyMap<string, BlobReader>;
}

/** The run's storage as the harness reaches it, past the gate and all failures: waits for it, reads its blobs, and watches them. */
export class StorageSide {
  readonly #parts: StorageSideParts;
  readonly #watcher: BlobWatcher;
  /** `life`: how often the engine had started the container by then; after a restart the engine publishes another port. */
  #connection: { readonly life: number; readonly made: Promise<Connection> } | undefined;
  #watching: Promise<void> = Promise.resolve();

  constructor(parts: StorageSideParts) {
    this.#parts = parts;
    this.#watcher = this.#watch();
  }

  /** Resolves when storage listens. @throws {SitecarError} STORAGE_FAILED */
  async up(signal: AbortSignal): Promise<StorageEndpoint> {
    return (await this.#connect(signal)).endpoint;
  }

  /** @param account needed only when there are several. @throws {SitecarError} STORAGE_FAILED, CONTAINER_UNKNOWN */
  async reader(account: string | undefined, signal: AbortSignal): Promise<BlobReader> {
    const name = account ?? this.#onlyAccount();
    const reader = (await this.#connect(signal)).readers.get(name);
    if (reader !== undefined) return reader;
    throw this.#unknownAccount(name);
  }

  /** Records blobs as they appear, from the container's first start until `signal` aborts. */
  watch(signal: AbortSignal): void {
    this.#watching = this.#watcher.run(signal);
  }

  /** Looks once more, so that no blob is missed between the last interval and a run's end; where storage runs. */
  async look(signal: AbortSignal): Promise<void> {
    const { timeline, handle } = this.#parts;
    if (handle.state !== "running") return;
    try {
      await this.#watcher.look(AbortSignal.any([signal, Deadline.in(LAST_LOOK_MS).signal()]));
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      timeline.record({ type: "observer.failed", observer: "blobs", detail });
    }
  }

  /** Nothing is the first of its kind to it any more. @throws {SitecarError} STORAGE_UNREADABLE, STORAGE_FAILED */
  async tryOut(signal: AbortSignal): Promise<void> {
    const { readers } = await this.#connect(signal);
    for (const reader of readers.values()) await reader.tryOut({ signal });
  }

  /** Removes everything in all accounts. @throws {SitecarError} STORAGE_UNREADABLE, STORAGE_FAILED */
  async empty(signal: AbortSignal): Promise<void> {
    const { readers } = await this.#connect(signal);
    for (const reader of readers.values()) await reader.empty({ signal });
  }

  #watch(): BlobWatcher {
    const { timeline, handle } = this.#parts;
    return new BlobWatcher({
      timeline,
      readers: async (stop) => {
        // A storage that is not to run yet, or was stopped, is no failure to observe it.
        await timeline.waitFor(() => (handle.state === "running" ? true : undefined), {
          deadline: Deadline.in(24 * 60 * 60_000),
          description: "storage to run",
          signal: stop,
        });
        return [...(await this.#connect(stop)).readers.values()];
      },
    });
  }

  /** The watch has ended and no connection is open. Its signal has to be aborted before. */
  async close(): Promise<void> {
    await this.#watching;
    await this.#disconnect();
  }

  /** One for all who ask, also while it is being made: a second would close the first one's readers under their calls. */
  async #connect(signal: AbortSignal): Promise<Connection> {
    // Who asks before the first start gets the first life's.
    const life = Math.max(1, this.#parts.handle.lives);
    if (this.#connection?.life !== life) {
      const connection = { life, made: this.#make(this.#disconnect(), signal) };
      this.#connection = connection;
      connection.made.catch(() => {
        if (this.#connection === connection) this.#connection = undefined;
      });
    }
    return await this.#connection.made;
  }

  async #make(disconnected: Promise<void>, signal: AbortSignal): Promise<Connection> {
    const { storage, accounts, authorityPem } = this.#parts;
    await disconnected;
    const endpoint = await storage.listening({ deadline: Deadline.in(LISTENING_MS), signal });
    const readers = accounts.map(
      ({ name, key }) =>
        [
          name,
          new BlobReader({
            origin: endpoint.origin,
            account: name,
            accountKey: key,
            authorityPem,
          }),
        ] as const,
    );
    return { endpoint, readers: new Map(readers) };
  }

  async #disconnect(): Promise<void> {
    const before = this.#connection;
    this.#connection = undefined;
    // One that could not be made has nothing open.
    const connection = await before?.made.catch(() => undefined);
    for (const reader of connection?.readers.values() ?? []) reader.close();
  }

  #onlyAccount(): string {
    const [only, ...others] = this.#parts.accounts;
    if (only === undefined || others.length > 0) throw this.#unknownAccount(undefined);
    return only.name;
  }

  #unknownAccount(name: string | undefined): SitecarError {
    const known = this.#parts.accounts.map((account) => account.name);
    return new SitecarError("CONTAINER_UNKNOWN", {
      message:
        name === undefined
          ? "the site has several storage accounts; name one."
          : `the site has no storage account "${name}".${didYouMean(name, known)}`,
      observations: [{ label: "known", value: known.join(", ") }],
      remedy: "use the name of one of the site's storageAccounts.",
    });
  }
}
