import { describe, expect, it } from "vitest";
import { Spacing } from "./spacing.ts";

describe("Spacing", () => {
  it("leaves a part of the processors' time free", () => {
    const spacing = new Spacing(2, 2);
    spacing.learn(1.7);
    expect([spacing.take(0), spacing.take(0), spacing.take(500)]).toEqual([0, 1000, 2000]);
  });

  it("takes a site of more containers for a dearer one until it is known", () => {
    const [small, large] = [new Spacing(2, 2), new Spacing(4, 2)];
    small.take(0);
    large.take(0);
    expect(large.take(0)).toBeGreaterThan(1.5 * small.take(0));
  });

  it("is no farther apart than it must be", () => {
    const spacing = new Spacing(2, 4);
    spacing.learn(1.7);
    expect([spacing.take(0), spacing.take(10_000), spacing.take(10_100)]).toEqual([0, 10_000, 10_500]);
  });

  it("moves trials apart after one that was late, and together again after many in time, not nearer than they cost", () => {
    const spacing = new Spacing(2, 2);
    spacing.learn(1.7);
    spacing.ended(true);
    expect([spacing.take(0), spacing.take(0)]).toEqual([0, 1200]);
    for (let trial = 0; trial < 40; trial++) spacing.ended(false);
    spacing.take(10_000);
    expect(spacing.take(0)).toBe(11_000);
  });

  it("does not move them apart without end", () => {
    const spacing = new Spacing(2, 2);
    spacing.learn(1.7);
    for (let trial = 0; trial < 40; trial++) spacing.ended(true);
    spacing.take(0);
    expect(spacing.take(0)).toBeLessThan(3000);
  });
});
