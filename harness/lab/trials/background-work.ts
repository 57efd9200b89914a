import { delay } from "../../shared/clock.ts";
import type { Timetable } from "./timetable.ts";

/**
 * Work that makes the machine busy and has time: creating, removing and clearing. So much of it at a time, in the order in which
 * it was asked for, and none begins shortly before a start is due.
 */
export class BackgroundWork {
  readonly #timetable: Timetable;
  readonly #lanes: number;
  readonly #waiting: (() => void)[] = [];
  #busy = 0;

  constructor(timetable: Timetable, lanes: number) {
    this.#timetable = timetable;
    this.#lanes = lanes;
  }

  /**
   * @param typicallyMs how long the work keeps the machine busy: it begins when no start is due for so long.
   * @throws what `work` throws; the signal's reason before the work has begun.
   */
  async do<T>(typicallyMs: number, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.#busy >= this.#lanes) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#busy++;
    try {
      signal?.throwIfAborted();
      for (let waitMs = this.#waitMs(typicallyMs); waitMs > 0; waitMs = this.#waitMs(typicallyMs)) {
        await delay(waitMs, signal);
      }
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#busy--;
      else next();
    }
  }

  #waitMs(typicallyMs: number): number {
    const now = performance.now();
    return this.#timetable.quietFrom(now, typicallyMs) - now;
  }
}
