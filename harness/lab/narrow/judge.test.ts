import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { judge, judgementOf, repeatsOf, type JudgeOptions } from "./judge.ts";
import { ask, starts } from "../test-support/asking.ts";
import { lag } from "../test-support/simulated-laboratory.ts";

const at = (main: number) => starts({ dapr: 0, main });

/** Both sides of a threshold as bisection found them. */
function around(holds: number, breaks: number, wide = 12_000, runs = 20): JudgeOptions {
  return {
    runs,
    wide: at(wide),
    pairAt: (wantedMs) => {
      const further = Math.min(wantedMs, wide - breaks);
      const before = Math.min(wantedMs, holds);
      return {
        breaks: { schedule: at(breaks + further), marginMs: further },
        holds: { schedule: at(holds - before), marginMs: before },
      };
    },
  };
}

/** Main's own start takes up to so much longer: more than the sides of a threshold are apart. */
const jittery = { jitterMs: 300 };

describe("judge", () => {
  it("calls it order-determined where one side always breaks and the other never does", async () => {
    const { asking, laboratory } = ask((schedule) => lag(schedule, "main", "dapr") >= 5000);
    const judged = await judge(asking, around(4960, 5040));
    expect(judged).toMatchObject({
      judgement: "order-determined",
      repeats: { runs: 20, broken: 20 },
      heldRepeats: { runs: 20, broken: 0 },
      brokenMarginMs: 0,
      heldMarginMs: 0,
    });
    expect(laboratory.ran).toHaveLength(40);
    expect(laboratory.ranQuietly).toHaveLength(40);
  });

  it("moves both sides away from a threshold at which starts are late by some ten milliseconds", async () => {
    for (let seed = 1; seed <= 10; seed++) {
      const { asking } = ask((schedule) => lag(schedule, "main", "dapr") >= 5000, { jitterMs: 80, seed });
      const judged = await judge(asking, around(4970, 5010));
      expect(judged.judgement).toBe("order-determined");
      expect(judged.heldMarginMs + judged.brokenMarginMs).toBeLessThanOrEqual(350);
    }
  });

  it("calls a race what breaks by chance, whatever the share", async () => {
    for (const share of [15, 50, 85]) {
      for (let seed = 1; seed <= 20; seed++) {
        const { asking } = ask((_, random) => random.below(100) < share, { seed });
        // What breaks in 85 of 100 runs breaks 28 times in a row once in a hundred; the other side tells it apart even then.
        const judged = await judge(asking, around(4960, 5040));
        expect(judged.judgement).toBe("race");
      }
    }
  });

  it("moves both sides away also where the program's own start differs by more than they are apart", async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { asking } = ask((schedule) => lag(schedule, "main", "dapr") >= 5000, { ...jittery, seed });
      const judged = await judge(asking, around(4930, 5000));
      expect(judged.judgement).toBe("order-determined");
      expect(judged.repeats).toMatchObject({ runs: 20, broken: 20 });
      expect(judged.heldRepeats).toMatchObject({ runs: 20, broken: 0 });
    }
  });

  it("moves a side to the end that is known where a whole margin would be beyond it", async () => {
    for (let seed = 1; seed <= 20; seed++) {
      // Main's own start takes up to 300 ms longer: only with none of the 180 ms does it hold for sure.
      const { asking } = ask((schedule) => lag(schedule, "main", "dapr") >= 400, { ...jittery, seed });
      const judged = await judge(asking, around(180, 420));
      expect(judged.judgement).toBe("order-determined");
      expect(judged.heldMarginMs).toBeLessThanOrEqual(180);
    }
  });

  it("does not call a threshold's jitter a race when there is no time to move the sides apart", async () => {
    const seen = new Set<string>();
    for (let seed = 1; seed <= 20; seed++) {
      // Time for both sides once, and little more: a trial takes some 13 s, eight at a time.
      const { asking } = ask(
        (schedule) => lag(schedule, "main", "dapr") >= 5000,
        { ...jittery, seed },
        80_000,
      );
      const { judgement } = await judge(asking, around(4930, 5000));
      seen.add(judgement);
      expect(judgement).not.toBe("race");
    }
    expect(seen).toContain("unknown");
  });

  it("gives the share of a race over all runs that were wanted", async () => {
    const { asking } = ask((_, random) => random.below(100) < 50);
    const { judgement, repeats } = await judge(asking, around(4960, 5040));
    expect(judgement).toBe("race");
    expect(repeats.runs).toBe(20);
  });

  it("calls it always where nothing holds", async () => {
    const { asking } = ask(() => true);
    const judged = await judge(asking, {
      runs: 20,
      wide: at(0),
      pairAt: () => ({ breaks: { schedule: at(0), marginMs: 0 } }),
    });
    expect(judged).toMatchObject({ judgement: "always", repeats: { runs: 20, broken: 20 } });
    expect(judged.heldRepeats).toBeUndefined();
  });

  it("does not count trials of a busy machine as either", async () => {
    const { asking } = ask((schedule) => lag(schedule, "main", "dapr") >= 5000, { busyPercent: 40 });
    const { judgement, repeats, heldRepeats } = await judge(asking, around(4000, 6000));
    expect(judgement).toBe("order-determined");
    expect(repeats.runs).toBeLessThan(20);
    expect(repeats.broken).toBe(repeats.runs);
    expect(heldRepeats?.broken).toBe(0);
  });

  it("does not know when there was no time to repeat it", async () => {
    const { asking } = ask((schedule) => lag(schedule, "main", "dapr") >= 5000);
    expect((await judge(asking, around(4000, 6000, 12_000, 3))).judgement).toBe("unknown");
    expect((await judge(asking, around(4000, 6000, 12_000, 0))).judgement).toBe("unknown");
  });
});

const repeats = (broken: number, runs: number) =>
  repeatsOf([...Array<string>(broken).fill("breaks"), ...Array<string>(runs - broken).fill("holds")]);

describe("judgementOf", () => {
  it("needs five runs of each side, and for a race a single one that differs", () => {
    const counts = fc
      .integer({ min: 0, max: 30 })
      .chain((runs) => fc.record({ runs: fc.constant(runs), broken: fc.integer({ min: 0, max: runs }) }));
    fc.assert(
      fc.property(counts, fc.option(counts), (broken, held) => {
        const judgement = judgementOf(
          repeats(broken.broken, broken.runs),
          held === null ? undefined : repeats(held.broken, held.runs),
        );
        const mixed = broken.broken < broken.runs || (held?.broken ?? 0) > 0;
        expect(judgement === "race").toBe(mixed);
        const enough = Math.min(broken.runs, held?.runs ?? broken.runs) >= 5;
        expect(["always", "order-determined"].includes(judgement)).toBe(!mixed && enough);
        expect(judgement === "always").toBe(!mixed && enough && held === null);
      }),
    );
  });

  it("leaves out what says nothing", () => {
    expect(repeatsOf(["breaks", "unknown", "holds", "unknown"])).toMatchObject({ runs: 2, broken: 1 });
    expect(repeatsOf(["unknown"])).toEqual({ runs: 0, broken: 0, interval: [0, 1] });
  });
});
