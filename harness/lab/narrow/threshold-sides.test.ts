import { describe, expect, it } from "vitest";
import { starts } from "../test-support/asking.ts";
import { pairsOf, type Located } from "./threshold-sides.ts";

const at = (main: number) => starts({ dapr: 0, main });

/** Main's delay, known to hold at 0 and to break at 6 s, or the other way round, with the sides that bisection found. */
function located(holds: number, breaks: number, counted = false): Located {
  const [least, most] = holds < breaks ? [0, 6_000] : [6_000, 0];
  return {
    axis: { what: "main's delay", holds: least, breaks: most, counted, at },
    bisected: { holds, breaks, found: "sharp" },
  };
}

describe("pairsOf", () => {
  it("moves the sides away from each other, and not beyond what is known", () => {
    const pairAt = pairsOf(at(6_000), undefined, located(180, 260));
    expect(pairAt(0)).toEqual({
      breaks: { schedule: at(260), marginMs: 0 },
      holds: { schedule: at(180), marginMs: 0 },
    });
    expect(pairAt(100)).toEqual({
      breaks: { schedule: at(360), marginMs: 100 },
      holds: { schedule: at(80), marginMs: 100 },
    });
    expect(pairAt(250)).toEqual({
      breaks: { schedule: at(510), marginMs: 250 },
      holds: { schedule: at(0), marginMs: 180 },
    });
  });

  it("does so too where the less breaks", () => {
    expect(pairsOf(at(0), undefined, located(5_900, 5_800))(250)).toEqual({
      breaks: { schedule: at(5_550), marginMs: 250 },
      holds: { schedule: at(6_000), marginMs: 100 },
    });
  });

  it("moves nothing that is counted, and nothing without a threshold", () => {
    const sides = { breaks: { schedule: at(2), marginMs: 0 }, holds: { schedule: at(1), marginMs: 0 } };
    expect(pairsOf(at(6_000), undefined, located(1, 2, true))(100)).toEqual(sides);
    expect(pairsOf(at(2), at(1), undefined)(100)).toEqual(sides);
    expect(pairsOf(at(2), undefined, undefined)(100)).toEqual({ breaks: sides.breaks });
  });
});
