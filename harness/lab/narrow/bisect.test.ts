import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { bisect, type Axis } from "./bisect.ts";
import type { Schedule } from "../../schedule/schedule.ts";
import { ask, starts, type AskedSite } from "../test-support/asking.ts";

const silent = () => undefined;

const axis = (holds: number, breaks: number, more: Partial<Axis> = {}): Axis => ({
  at: (value) => starts({ dapr: 0, main: value }),
  holds,
  breaks,
  counted: false,
  ...more,
});

function mainAt({ starts: list }: Schedule): number {
  return list.find(({ container }) => container === "main")?.atMs ?? 0;
}

/** Breaks from the threshold on. */
function withThreshold(threshold: number): AskedSite {
  return ask((schedule) => mainAt(schedule) >= threshold);
}

describe("bisect", () => {
  it("ends within 100 ms on both sides of the threshold, wherever it is, by few trials", async () => {
    const range = fc.record({
      breaks: fc.integer({ min: 2, max: 60_000 }),
      part: fc.double({ min: 0.0001, max: 1, noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(range, async ({ breaks, part }) => {
        const threshold = Math.max(1, Math.ceil(breaks * part));
        const { asking, laboratory } = withThreshold(threshold);
        const found = await bisect(axis(0, breaks), asking, silent);
        expect(found.found).toBe("sharp");
        expect(laboratory.ranQuietly).toEqual(laboratory.ran);
        expect(found.holds).toBeLessThan(threshold);
        expect(found.breaks).toBeGreaterThanOrEqual(threshold);
        expect(found.breaks - found.holds).toBeLessThanOrEqual(100);
        // Nine values at once part a minute by ten three times.
        expect(laboratory.ran.length).toBeLessThanOrEqual(27);
      }),
      { numRuns: 100 },
    );
  });

  it("finds a value above which it holds as well", async () => {
    const { asking } = ask((schedule) => mainAt(schedule) < 2500);
    const found = await bisect(axis(35_000, 0), asking, silent);
    expect(found.found).toBe("sharp");
    expect(found.holds).toBeGreaterThanOrEqual(2500);
    expect(found.breaks).toBeLessThan(2500);
    expect(found.holds - found.breaks).toBeLessThanOrEqual(100);
  });

  it("does not ask again what the map knows", async () => {
    const { asking, laboratory } = withThreshold(5200);
    const known = [500, 4000, 7000, 12_000];
    await asking.ask(known.map((value) => axis(0, 1).at(value)));
    const before = laboratory.ran.length;
    await bisect(axis(0, 35_000, { known }), asking, silent);
    const asked = laboratory.ran.slice(before).map(mainAt);
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.every((value) => value > 4000 && value < 7000)).toBe(true);
  });

  it("counts down to neighbours where something is counted", async () => {
    const { asking } = withThreshold(4);
    expect(await bisect(axis(1, 9, { counted: true }), asking, silent)).toMatchObject({
      holds: 3,
      breaks: 4,
    });
  });

  it("says that there are several thresholds, and takes the one next to what holds", async () => {
    const { asking } = ask((schedule) => {
      const value = mainAt(schedule);
      return (value >= 3000 && value < 5000) || value >= 9000;
    });
    const found = await bisect(axis(0, 12_000), asking, silent);
    expect(found.found).toBe("several");
    expect(found.holds).toBeLessThan(3000);
    expect(found.breaks).toBeGreaterThanOrEqual(3000);
    expect(found.breaks - found.holds).toBeLessThanOrEqual(100);
  });

  it("takes answers that alternate over a wide range for a race", async () => {
    const { asking } = ask((_, random) => random.below(2) === 0);
    expect(await bisect(axis(0, 35_000), asking, silent)).toMatchObject({ found: "race" });
  });

  it("takes answers that alternate right at the threshold for the machine's own jitter", async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { asking } = ask((schedule) => mainAt(schedule) >= 5000, { jitterMs: 150, seed });
      const found = await bisect(axis(0, 12_000), asking, silent);
      expect(found.found).toBe("sharp");
      expect(found.holds).toBeGreaterThan(4500);
      expect(found.breaks).toBeLessThan(5500);
    }
  });

  it("keeps the values around those that alternate, if they are near each other", async () => {
    const calls = new Map<number, number>();
    const { asking } = ask(
      (schedule) => {
        const value = mainAt(schedule);
        const call = (calls.get(value) ?? 0) + 1;
        calls.set(value, call);
        // The lower one breaks it first and the upper one holds first: they contradict each other, and then themselves.
        return value < 4950 ? false : value > 5150 ? true : value < 5050 ? call % 2 === 1 : call % 2 === 0;
      },
      { atOnce: 9 },
    );
    expect(await bisect(axis(4000, 7000), asking, silent)).toEqual({
      holds: 4900,
      breaks: 5200,
      found: "sharp",
    });
  });

  it("keeps what it has when the time is up, and when no answer counts", async () => {
    const late = ask((schedule) => mainAt(schedule) >= 5000, {}, 1);
    expect(await bisect(axis(0, 12_000), late.asking, silent)).toEqual({
      holds: 0,
      breaks: 12_000,
      found: "cut-short",
    });
    expect(late.laboratory.ran).toEqual([]);
    const busy = ask((schedule) => mainAt(schedule) >= 5000, { busyPercent: 100 });
    expect(await bisect(axis(0, 12_000), busy.asking, silent)).toMatchObject({ found: "cut-short" });
  });
});
