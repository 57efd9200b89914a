import { monitorEventLoopDelay } from "node:perf_hooks";

const RESOLUTION_MS = 10;

/** Measures how late this process is with what it has to do, from its making until `close`. */
export class EventLoopLateness {
  readonly #histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

  constructor() {
    this.#histogram.enable();
  }

  /** Milliseconds, so far. */
  get mostMs(): number {
    const { max } = this.#histogram;
    // The time between two looks counts as delay there; without a look there is no maximum.
    return Math.max(0, Math.round(max / 1e6 - RESOLUTION_MS)) || 0;
  }

  close(): void {
    this.#histogram.disable();
  }
}
