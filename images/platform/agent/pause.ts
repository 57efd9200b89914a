import { delay } from "../../../harness/shared/clock.ts";

/** A pause between two looks that can be cut short. A call of `end` outside a pause makes the next one empty. */
export class Pause {
  #sleeping: AbortController | null = null;
  #skipNext = false;

  /** Resolves after `durationMs`, or as soon as {@link end} is called. */
  async for(durationMs: number): Promise<void> {
    if (this.#skipNext) {
      this.#skipNext = false;
      return;
    }
    const sleeping = new AbortController();
    this.#sleeping = sleeping;
    try {
      await delay(durationMs, sleeping.signal);
    } catch {
      // Ended early, which is what `end` is for.
    } finally {
      this.#sleeping = null;
    }
  }

  end(): void {
    if (this.#sleeping) this.#sleeping.abort();
    else this.#skipNext = true;
  }
}

export interface Repetition {
  readonly pause: Pause;
  readonly signal: AbortSignal;
  /** Called with whatever `look` throws; the repetition goes on. */
  readonly onError: (error: unknown) => void;
  /** Pause after a look that threw. */
  readonly intervalAfterErrorMs: number;
}

/** Calls `look` until `signal` aborts; `look` says how many milliseconds to pause before the next. */
export async function repeat(look: () => number | Promise<number>, options: Repetition): Promise<void> {
  const { pause, signal, onError, intervalAfterErrorMs } = options;
  const stop = (): void => pause.end();
  signal.addEventListener("abort", stop, { once: true });
  while (!signal.aborted) {
    let intervalMs: number;
    try {
      intervalMs = await look();
    } catch (error) {
      onError(error);
      intervalMs = intervalAfterErrorMs;
    }
    if (signal.aborted) break;
    await pause.for(intervalMs);
  }
  signal.removeEventListener("abort", stop);
}
