import type { Timetable } from "./timetable.ts";

/**
 * Work that makes the machine busy and has time: creating, removing and clearing. So much of it at a time, in the order in which
 * it was asked for, each at a time of the timetable in which no start is due.
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

  /** As {@link Timetable.doWork}, when there is a lane. */
  async do<T>(typicallyMs: number, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.#busy >= this.#lanes) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#busy++;
    try {
      signal?.throwIfAborted();
      return await this.#timetable.doWork(typicallyMs, work, { signal });
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#busy--;
      else next();
    }
  }
}
