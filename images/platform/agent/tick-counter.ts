import type { DaprMetrics, Deliveries } from "./metrics-text.ts";

/** One delivery of an input binding, as far as a counter can tell. */
export interface Tick {
  readonly component: string;
  /** Deliveries with this outcome since daprd's process began, this one included. */
  readonly count: number;
  readonly success: boolean;
  /** The mean where one reading saw more than one. 0 when daprd has no latency histogram. */
  readonly latencyMs: number;
}

/** Turns successive readings of daprd's counters into ticks; counters begin at zero again with each daprd process. */
export class TickCounter {
  #startedAt: number | null = null;
  readonly #before = new Map<string, Deliveries>();

  /** The ticks since the reading before, each once. */
  advance({ startedAt, deliveries }: DaprMetrics): Tick[] {
    if (startedAt !== this.#startedAt) this.processEnded();
    this.#startedAt = startedAt;
    return deliveries.flatMap((now) => this.#ticksOf(now));
  }

  /** daprd is known to be gone: the next reading counts from zero. */
  processEnded(): void {
    this.#before.clear();
  }

  #ticksOf(now: Deliveries): Tick[] {
    const { component, success, count } = now;
    const key = `${success} ${component}`;
    const last = this.#before.get(key);
    this.#before.set(key, now);
    // A count that went down is another process's, whatever the start time says.
    const base = last && last.count <= count ? last : { count: 0, latencySumMs: 0 };
    const seen = count - base.count;
    const latencyMs = ((now.latencySumMs ?? 0) - (base.latencySumMs ?? 0)) / seen;
    return Array.from({ length: seen }, (_, index) => ({
      component,
      success,
      count: base.count + index + 1,
      latencyMs: Math.round(latencyMs * 1000) / 1000,
    }));
  }
}
