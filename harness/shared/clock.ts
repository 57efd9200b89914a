/** The only file that sets timers. Everything else waits for an observation with a deadline. */

/** A point in time that a wait must not pass, shared by everything that happens under one budget. */
export class Deadline {
  readonly budgetMs: number;
  readonly #startedAt: number;

  private constructor(budgetMs: number) {
    this.budgetMs = budgetMs;
    this.#startedAt = performance.now();
  }

  /** A deadline `budgetMs` milliseconds from now. */
  static in(budgetMs: number): Deadline {
    return new Deadline(budgetMs);
  }

  get remainingMs(): number {
    return Math.max(0, this.budgetMs - this.elapsedMs);
  }

  get elapsedMs(): number {
    return performance.now() - this.#startedAt;
  }

  get passed(): boolean {
    return this.remainingMs === 0;
  }

  /** Aborts when the deadline passes. */
  signal(): AbortSignal {
    // The engine's timers may fire up to a millisecond early; whoever hears the signal must find the deadline passed.
    return AbortSignal.timeout(Math.ceil(this.remainingMs) + 1);
  }
}

/**
 * Resolves after `durationMs`, at once when the duration is not positive. Rejects with the signal's reason when aborted.
 */
export function delay(durationMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const timer = setTimeout(
      () => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      },
      Math.max(0, Math.ceil(durationMs)),
    );
    function onAbort(): void {
      clearTimeout(timer);
      reject(signal?.reason);
    }
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

export interface PollOptions {
  readonly deadline: Deadline;
  /** Pause between the end of one look and the begin of the next. Default 100. */
  readonly intervalMs?: number;
  readonly signal?: AbortSignal;
}

/** What {@link poll} ended with: the value, or the last failure and how often it was seen. */
export type PollOutcome<T> =
  | { readonly met: true; readonly value: T }
  | { readonly met: false; readonly lastFailure: unknown; readonly looks: number };

/**
 * Looks again and again until `look` gives something other than `undefined`. A `look` that throws counts as
 * "not yet"; its last failure is handed back, never swallowed. Rejects only when `signal` aborts.
 */
export async function poll<T>(
  look: () => Promise<T | undefined>,
  options: PollOptions,
): Promise<PollOutcome<T>> {
  let lastFailure: unknown;
  for (let looks = 1; ; looks++) {
    options.signal?.throwIfAborted();
    try {
      const value = await look();
      if (value !== undefined) return { met: true, value };
    } catch (error) {
      lastFailure = error;
    }
    if (options.deadline.passed) return { met: false, lastFailure, looks };
    await delay(Math.min(options.intervalMs ?? 100, options.deadline.remainingMs), options.signal);
  }
}
