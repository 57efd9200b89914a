import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DaprMetrics } from "./metrics-text.ts";
import { TickCounter } from "./tick-counter.ts";

function reading(startedAt: number | null, count: number, latencySumMs = count * 10): DaprMetrics {
  const deliveries = [{ component: "batch", success: true, count, latencySumMs }];
  return { startedAt, deliveries, componentsMark: "" };
}

describe("ticks out of counters", () => {
  test("each delivery is one tick, with the mean latency of a reading", () => {
    const counter = new TickCounter();
    expect(counter.advance(reading(1, 1, 20))).toEqual([
      { component: "batch", success: true, count: 1, latencyMs: 20 },
    ]);
    expect(counter.advance(reading(1, 1, 20))).toEqual([]);
    expect(counter.advance(reading(1, 3, 80))).toEqual([
      { component: "batch", success: true, count: 2, latencyMs: 30 },
      { component: "batch", success: true, count: 3, latencyMs: 30 },
    ]);
  });

  test("outcomes are counted apart", () => {
    const counter = new TickCounter();
    const both = {
      ...reading(1, 2),
      deliveries: [
        { component: "batch", success: true, count: 1, latencySumMs: 5 },
        { component: "batch", success: false, count: 1, latencySumMs: 7 },
      ],
    };
    expect(counter.advance(both).map(({ success, latencyMs }) => [success, latencyMs])).toEqual([
      [true, 5],
      [false, 7],
    ]);
  });

  test("a restarted daprd counts from zero, even when it has already counted further than the one before", () => {
    const counter = new TickCounter();
    counter.advance(reading(1, 2));
    expect(counter.advance(reading(2, 3)).map(({ count }) => count)).toEqual([1, 2, 3]);
  });

  test("a count that went down is a restart, also where daprd does not say when it began", () => {
    const counter = new TickCounter();
    counter.advance(reading(null, 5));
    expect(counter.advance(reading(null, 1, 10))).toEqual([
      { component: "batch", success: true, count: 1, latencyMs: 10 },
    ]);
  });

  test("a daprd known to be gone leaves nothing behind", () => {
    const counter = new TickCounter();
    counter.advance(reading(null, 1));
    counter.processEnded();
    expect(counter.advance(reading(null, 1))).toHaveLength(1);
  });

  test("whatever the readings, no delivery is lost or told twice", () => {
    const lives = fc.array(fc.array(fc.nat(4), { minLength: 1 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(lives, (processes) => {
        const counter = new TickCounter();
        for (const [startedAt, steps] of processes.entries()) {
          let total = 0;
          const told = steps.flatMap((step) => counter.advance(reading(startedAt, (total += step))));
          expect(told.map(({ count }) => count)).toEqual(Array.from({ length: total }, (_, at) => at + 1));
        }
      }),
    );
  });
});
