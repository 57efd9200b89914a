import { delay } from "../shared/clock.ts";
import type { Timeline } from "../timeline/timeline.ts";
import type { BlobReader } from "./blob-reader.ts";

export interface BlobWatcherOptions {
  readonly timeline: Timeline;
  /**
   * Readers of the accounts to watch. Asked at the beginning and again after every failure, because storage has
   * another port after it was restarted; may wait until storage listens. The watcher closes none of them.
   */
  readonly readers: (signal: AbortSignal) => Promise<readonly BlobReader[]>;
  /** Pause between the end of one look and the begin of the next. Default 250. */
  readonly intervalMs?: number;
}

/**
 * Looks into all containers of the watched accounts again and again and records each blob once as `blob.created`; one
 * that was overwritten or created anew counts again when storage gives it another creation time (whole seconds).
 * The event's time is when it was seen, at most one interval and one look after its creation.
 */
export class BlobWatcher {
  readonly #options: BlobWatcherOptions;
  readonly #seen = new Set<string>();
  #readers: readonly BlobReader[] | undefined;
  #failing = false;

  constructor(options: BlobWatcherOptions) {
    this.#options = options;
  }

  /**
   * Watches until `signal` aborts, then resolves. Never rejects: an outage is recorded once as `observer.failed`, and
   * the next one again.
   */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        this.#readers ??= await this.#options.readers(signal);
        await this.look(signal);
        this.#failing = false;
      } catch (error) {
        if (!signal.aborted) this.#failed(error);
      }
      try {
        await delay(this.#options.intervalMs ?? 250, signal);
      } catch {
        return;
      }
    }
  }

  /**
   * One look at everything, also for the end of a run, so that no blob is missed between the last interval and the stop.
   * @throws {SitecarError} STORAGE_UNREADABLE
   */
  async look(signal: AbortSignal): Promise<void> {
    this.#readers ??= await this.#options.readers(signal);
    for (const reader of this.#readers) {
      for (const container of await reader.containers({ signal })) {
        for (const blob of await reader.blobs(container, { signal })) {
          const createdOn = blob.createdOn.toISOString();
          const key = JSON.stringify([reader.account, container, blob.name, createdOn]);
          if (this.#seen.has(key)) continue;
          this.#seen.add(key);
          this.#options.timeline.record({
            type: "blob.created",
            account: reader.account,
            container,
            blob: blob.name,
            size: blob.size,
            createdOn,
          });
        }
      }
    }
  }

  #failed(error: unknown): void {
    this.#readers = undefined;
    if (this.#failing) return;
    this.#failing = true;
    this.#options.timeline.record({
      type: "observer.failed",
      observer: "blobs",
      detail: error instanceof Error ? error.message : String(error),
    });
  }
}
