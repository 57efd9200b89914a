import { SitecarError, type Observation } from "../errors/index.ts";
import type { Deadline } from "../shared/clock.ts";
import type { EventOf, EventType, Happening, TimelineEvent } from "./events.ts";

export interface WaitForEventOptions {
  readonly deadline: Deadline;
  readonly signal?: AbortSignal;
  /** What is waited for, as the error will say it: `waited 5 s for <description>`. */
  readonly description: string;
  /** Facts for the error's observations, taken when the deadline passes. */
  readonly observe?: () => readonly Observation[];
}

/**
 * Append-only record of a run. Events carry a monotonic time since the run began and the wall time; both come from
 * one pair of clock readings taken at the beginning, so their differences agree.
 */
export class Timeline {
  readonly #events: TimelineEvent[] = [];
  readonly #listeners = new Set<(event: TimelineEvent) => void>();
  /** How many events the listeners have been told of. */
  #told = 0;
  #telling = false;
  readonly #originMonotonicMs = performance.now();
  readonly #originWallMs = performance.timeOrigin + this.#originMonotonicMs;
  #virtualNow: (() => Date) | undefined;

  /** Milliseconds since the run began. */
  now(): number {
    return performance.now() - this.#originMonotonicMs;
  }

  /** Milliseconds since the run began at a wall time (milliseconds since the epoch). */
  at(wallMs: number): number {
    return wallMs - this.#originWallMs;
  }

  /** From now on every event says what the virtual clock shows: the run has virtual time. */
  followVirtualTime(now: () => Date): void {
    this.#virtualNow = now;
  }

  get events(): readonly TimelineEvent[] {
    return this.#events;
  }

  /**
   * @param wallMs when it happened by the source's wall clock (milliseconds since the epoch); default now.
   * @param instance where it happened; given by an instance's own view, see `InstanceTimeline`.
   */
  record(happening: Happening, wallMs?: number, instance?: string): TimelineEvent {
    const tMs = wallMs === undefined ? this.now() : this.at(wallMs);
    const event: TimelineEvent = {
      seq: this.#events.length,
      tMs: Math.round(tMs * 1000) / 1000,
      wall: new Date(this.#originWallMs + tMs).toISOString(),
      ...(instance === undefined ? {} : { instance }),
      ...(this.#virtualNow === undefined ? {} : { virtual: this.#virtualNow().toISOString() }),
      ...happening,
    };
    this.add(event);
    return event;
  }

  /** Appends an event as it is, and tells everybody, in the record's order: also of what a listener records meanwhile. */
  protected add(event: TimelineEvent): void {
    this.#events.push(event);
    if (this.#telling) return;
    this.#telling = true;
    try {
      for (let next = this.#events[this.#told]; next !== undefined; next = this.#events[this.#told]) {
        this.#told++;
        for (const listener of this.#listeners) listener(next);
      }
    } finally {
      this.#telling = false;
    }
  }

  /** Calls `listener` for every event from now on. Returns the way to stop it. */
  subscribe(listener: (event: TimelineEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** All events of one type so far, in the order they were recorded. */
  of<T extends EventType>(type: T): EventOf<T>[] {
    return this.#events.filter((event): event is EventOf<T> => event.type === type);
  }

  /**
   * Resolves with what `match` makes of the record as soon as that is not `undefined`; it is asked at once and after
   * every event.
   * @throws {SitecarError} WAIT_TIMED_OUT when the deadline passes first; when `signal` aborts, its reason if that is a
   *   SitecarError, else RUN_STOPPED.
   */
  waitFor<T>(
    match: (events: readonly TimelineEvent[]) => T | undefined,
    options: WaitForEventOptions,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const timeout = options.deadline.signal();
      const settle = (action: () => void): void => {
        unsubscribe();
        timeout.removeEventListener("abort", onTimeout);
        options.signal?.removeEventListener("abort", onAbort);
        action();
      };
      const look = (): void => {
        try {
          const value = match(this.#events);
          if (value !== undefined) settle(() => resolve(value));
        } catch (error) {
          settle(() => reject(error));
        }
      };
      const onTimeout = (): void =>
        settle(() =>
          reject(
            new SitecarError("WAIT_TIMED_OUT", {
              message: `waited ${(options.deadline.budgetMs / 1000).toFixed(1)} s for ${options.description}; it did not happen.`,
              observations: [
                ...(options.observe?.() ?? []),
                { label: "last events", value: this.describeLast(5) },
              ],
              remedy: "read the run's timeline from the last events on, or allow more time.",
            }),
          ),
        );
      const onAbort = (): void => settle(() => reject(stopped(options.signal?.reason, options.description)));
      const unsubscribe = this.subscribe(look);
      timeout.addEventListener("abort", onTimeout, { once: true });
      options.signal?.addEventListener("abort", onAbort, { once: true });
      if (options.signal?.aborted) onAbort();
      else look();
    });
  }

  /** The last `count` events, one line each, for error messages. */
  describeLast(count: number): string {
    return this.#events
      .slice(-count)
      .map(
        ({ seq: _seq, wall: _wall, tMs, type, ...rest }) =>
          `+${(tMs / 1000).toFixed(2)} s ${type} ${JSON.stringify(rest)}`,
      )
      .join("\n");
  }
}

/** What ended the run, where that is an error of its own (the engine is gone), is the better answer. */
function stopped(reason: unknown, description: string): SitecarError {
  if (reason instanceof SitecarError) return reason;
  return new SitecarError("RUN_STOPPED", {
    message: `the run was stopped while waiting for ${description}.`,
    remedy: "nothing to mend: something else ended the run.",
    cause: reason,
  });
}
