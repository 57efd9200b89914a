import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { Schedule } from "../../schedule/schedule.ts";
import type { ScheduledStep } from "../../schedule/step.ts";
import { keyOf } from "../space/schedule-key.ts";
import { compareSize, shrink, simpler } from "./shrink.ts";
import { ask, starts } from "../test-support/asking.ts";
import { lag } from "../test-support/simulated-laboratory.ts";

const CONTAINERS = ["storage", "main", "dapr", "proxy"];
const silent = () => undefined;

const kill: ScheduledStep = { when: { after: { seen: "site-ready" } }, do: "kill", container: "dapr" };
const start: ScheduledStep = {
  when: { after: { seen: "site-ready" }, plusMs: 2000 },
  do: "start",
  container: "dapr",
};
const slow: ScheduledStep = { when: { atMs: 0 }, inject: { fault: "identity-slow", delayMs: 8000 } };

const schedule = fc
  .record({
    order: fc.shuffledSubarray(CONTAINERS, { minLength: 4 }),
    gaps: fc.array(fc.constantFrom(0, 500, 4000, 7000), { minLength: 4, maxLength: 4 }),
    steps: fc.subarray([slow, kill, start]),
  })
  .map(({ order, gaps, steps }): Schedule => {
    let atMs = 0;
    const list = order.map((container, index) => ({
      container,
      atMs: (atMs += index === 0 ? 0 : (gaps[index] ?? 0)),
    }));
    return steps.length === 0 ? { starts: list } : { starts: list, steps };
  });

const pair = fc.shuffledSubarray(CONTAINERS.slice(1), { minLength: 2, maxLength: 2 });

describe("simpler", () => {
  it("is smaller each time, never the same twice, and the plainest first", () => {
    fc.assert(
      fc.property(schedule, (one) => {
        const candidates = simpler(one, CONTAINERS);
        expect(candidates.every((candidate) => compareSize(candidate, one, CONTAINERS) < 0)).toBe(true);
        const keys = candidates.map(keyOf);
        expect(new Set(keys).size).toBe(keys.length);
        const plain = "main 0, dapr 0, proxy 0";
        expect(keyOf(one) === plain ? plain : keys[0]).toBe(plain);
      }),
    );
  });

  it("takes a kill away only together with the start that ends it", () => {
    const { starts: list } = starts({ main: 0, dapr: 0, proxy: 0 });
    const rests = simpler({ starts: list, steps: [slow, kill, start] }, CONTAINERS).map(
      ({ steps = [] }) => steps,
    );
    expect(rests).toEqual([[], [slow], [kill, start]]);
  });
});

describe("shrink", () => {
  it("finds the one delay between two containers that counts, from whatever it began with", async () => {
    await fc.assert(
      fc.asyncProperty(schedule, pair, async (failing, [one = "", other = ""]) => {
        fc.pre(lag(failing, one, other) >= 3000);
        const { asking } = ask((tried) => lag(tried, one, other) >= 3000);
        const { schedule: smallest, flaky } = await shrink([failing], CONTAINERS, asking, silent);
        expect(flaky).toBe(false);
        expect(smallest.steps).toBeUndefined();
        // Two times: that of the one, and that of the other with whatever else.
        expect(new Set(smallest.starts.map(({ atMs }) => atMs)).size).toBe(2);
        expect(lag(smallest, one, other)).toBeGreaterThanOrEqual(3000);
        expect(smallest.starts.some(({ container }) => container === "storage")).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  it("finds the order of two containers that counts, all else in the site's own", async () => {
    await fc.assert(
      fc.asyncProperty(schedule, pair, async (failing, [one = "", other = ""]) => {
        fc.pre(lag(failing, one, other) > 0);
        const { asking } = ask((tried) => lag(tried, one, other) > 0);
        const { schedule: smallest } = await shrink([failing], CONTAINERS, asking, silent);
        expect(smallest.starts.every(({ atMs }) => atMs === 0)).toBe(true);
        expect(smallest.steps).toBeUndefined();
        const order = smallest.starts.map(({ container }) => container);
        const inverted = order.flatMap((name, index) =>
          order.slice(index + 1).filter((later) => CONTAINERS.indexOf(later) < CONTAINERS.indexOf(name)),
        );
        // Neighbours are exchanged one by one: an order in which nothing more can be is reached, with no more pairs than needed.
        const apart = Math.abs(CONTAINERS.indexOf(one) - CONTAINERS.indexOf(other));
        const inOwnOrder = CONTAINERS.indexOf(other) < CONTAINERS.indexOf(one);
        expect(inverted.length).toBeLessThanOrEqual(inOwnOrder ? 0 : 2 * apart - 1);
      }),
      { numRuns: 60 },
    );
  });

  it("keeps the fault that counts and drops the others and all delays", async () => {
    await fc.assert(
      fc.asyncProperty(schedule, async (failing) => {
        fc.pre((failing.steps ?? []).includes(slow));
        const { asking } = ask(({ steps = [] }) => steps.some((step) => "inject" in step));
        const { schedule: smallest } = await shrink([failing], CONTAINERS, asking, silent);
        expect(smallest).toEqual({ ...starts({ main: 0, dapr: 0, proxy: 0 }), steps: [slow] });
      }),
      { numRuns: 40 },
    );
  });

  it("moves to 0 what is late for nothing, also where the order and a fault count", async () => {
    const failing = { ...starts({ storage: 0, dapr: 7000, main: 7000, proxy: 7000 }), steps: [slow] };
    const { asking } = ask((tried) => (tried.steps ?? []).length > 0 && lag(tried, "main", "dapr") > 0);
    const { schedule: smallest } = await shrink([failing], CONTAINERS, asking, silent);
    expect(smallest).toEqual({ ...starts({ dapr: 0, main: 0, proxy: 0 }), steps: [slow] });
  });

  it("begins with the next schedule where the smallest breaks it by chance", async () => {
    const near = starts({ dapr: 0, main: 4000 });
    const far = starts({ dapr: 0, main: 12_000 });
    let asked = 0;
    const { asking } = ask((tried) => {
      const late = lag(tried, "main", "dapr");
      return late === 4000 ? asked++ % 2 === 0 : late > 4000;
    });
    expect(await shrink([near, far], ["main", "dapr"], asking, silent)).toEqual({
      schedule: far,
      flaky: false,
    });
  });

  it("says that a class comes by chance, and makes it smaller all the same", async () => {
    const failing = starts({ storage: 0, dapr: 500, main: 4500, proxy: 4500 });
    const { asking } = ask((_, random) => random.below(2) === 0, { seed: 5 });
    const { schedule: smallest, flaky } = await shrink([failing], CONTAINERS, asking, silent);
    expect(flaky).toBe(true);
    expect(compareSize(smallest, failing, CONTAINERS)).toBeLessThan(0);
  });

  it("of a class that comes by chance takes the schedule in which it comes most often, and keeps what makes it do so", async () => {
    const plain = starts({ main: 0, dapr: 0 });
    const likely = { ...starts({ storage: 0, main: 0, dapr: 4000 }), steps: [slow] };
    let [plainRuns, likelyRuns] = [0, 0];
    const { asking } = ask(({ steps = [] }) =>
      steps.length > 0 ? likelyRuns++ % 4 < 3 : plainRuns++ % 6 === 0,
    );
    expect(await shrink([plain, likely], ["storage", "main", "dapr"], asking, silent)).toEqual({
      schedule: { ...starts({ main: 0, dapr: 0 }), steps: [slow] },
      flaky: true,
    });
  });

  it("leaves the schedule as it is when there is no time", async () => {
    const failing = starts({ dapr: 0, main: 4000 });
    const { asking, laboratory } = ask(() => true, {}, 1);
    expect((await shrink([failing], CONTAINERS, asking, silent)).schedule).toEqual(failing);
    expect(laboratory.ran).toEqual([]);
    expect(asking.cutShort).toBe(true);
  });
});
