import { describe, expect, it } from "vitest";
import { distributionOf, percentile } from "./distribution.ts";

describe("percentile", () => {
  it("is the value that the share is not above", () => {
    const values = Array.from({ length: 20 }, (_, index) => index + 1);
    expect([0.5, 0.95, 1].map((of) => percentile(values, of))).toEqual([10, 19, 20]);
    expect(percentile([], 0.95)).toBe(0);
    expect(percentile([7], 0.5)).toBe(7);
  });
});

describe("distributionOf", () => {
  it("says how values lie", () => {
    expect(distributionOf([3, 1, 2, 10])).toEqual({
      count: 4,
      mean: 4,
      least: 1,
      p50: 2,
      p90: 10,
      p99: 10,
      most: 10,
    });
    expect(distributionOf([])).toBeNull();
  });
});
