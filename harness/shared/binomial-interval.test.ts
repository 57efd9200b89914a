import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { clopperPearson } from "./binomial-interval.ts";

describe("clopperPearson", () => {
  // Where all or none hit, the ends have a closed form: (α/2)^(1/n).
  it.each([1, 5, 19, 20, 100, 2000])("has the closed form for none and all of %i", (runs) => {
    const edge = 0.025 ** (1 / runs);
    expect(clopperPearson(runs, runs)[0]).toBeCloseTo(edge, 6);
    expect(clopperPearson(runs, runs)[1]).toBe(1);
    expect(clopperPearson(0, runs)[0]).toBe(0);
    expect(clopperPearson(0, runs)[1]).toBeCloseTo(1 - edge, 6);
  });

  it.each([
    // As tables and other programs give them.
    [10, 20, 0.27196, 0.72804],
    [1, 10, 0.00253, 0.44502],
    [19, 20, 0.75127, 0.99873],
    [4, 20, 0.05733, 0.43661],
  ])("of %i in %i is %f to %f", (hits, runs, low, high) => {
    const interval = clopperPearson(hits, runs);
    expect(interval[0]).toBeCloseTo(low, 4);
    expect(interval[1]).toBeCloseTo(high, 4);
  });

  it("contains the share that was seen, mirrors, and is wider for more confidence", () => {
    const runsWithHits = fc
      .integer({ min: 1, max: 300 })
      .chain((runs) => fc.record({ runs: fc.constant(runs), hits: fc.integer({ min: 0, max: runs }) }));
    fc.assert(
      fc.property(runsWithHits, ({ runs, hits }) => {
        const [low, high] = clopperPearson(hits, runs);
        expect(low).toBeLessThanOrEqual(hits / runs);
        expect(high).toBeGreaterThanOrEqual(hits / runs);
        const [mirroredLow, mirroredHigh] = clopperPearson(runs - hits, runs);
        expect(mirroredLow).toBeCloseTo(1 - high, 6);
        expect(mirroredHigh).toBeCloseTo(1 - low, 6);
        const [wideLow, wideHigh] = clopperPearson(hits, runs, 0.99);
        expect(wideLow).toBeLessThanOrEqual(low);
        expect(wideHigh).toBeGreaterThanOrEqual(high);
      }),
    );
  });
});
