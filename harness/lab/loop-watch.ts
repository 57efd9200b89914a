import { monitorEventLoopDelay } from "node:perf_hooks";
import { delay } from "../shared/clock.ts";

/** So fine is what it can tell, in ms. */
const RESOLUTION_MS = 10;
const WINDOW_MS = 500;
const KEPT_WINDOWS = 2_400;

interface Window {
  readonly endMs: number;
  readonly mostMs: number;
}

/** How late the harness's own event loop was, over the time that it watches. */
export class LoopWatch {
  readonly #histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  readonly #windows: Window[] = [];
  readonly #stop = new AbortController();

  constructor() {
    this.#histogram.enable();
    void this.#run();
  }

  /** The most since a time on the clock of `performance.now()`, in ms. */
  since(fromMs: number): number {
    const before = this.#windows.filter(({ endMs }) => endMs >= fromMs).map(({ mostMs }) => mostMs);
    return Math.max(0, ...before, this.#now());
  }

  close(): void {
    this.#stop.abort();
    this.#histogram.disable();
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await delay(WINDOW_MS, this.#stop.signal).catch(() => undefined);
      this.#windows.push({ endMs: performance.now(), mostMs: this.#now() });
      if (this.#windows.length > KEPT_WINDOWS) this.#windows.shift();
      this.#histogram.reset();
    }
  }

  /** The histogram counts from one tick of its timer to the next, the resolution included; empty it says 0. */
  #now(): number {
    return Math.max(0, this.#histogram.max / 1e6 - RESOLUTION_MS);
  }
}
