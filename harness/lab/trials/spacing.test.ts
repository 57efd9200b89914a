import { describe, expect, it } from "vitest";
import { Spacing } from "./spacing.ts";

describe("Spacing", () => {
  it("leaves a part of the processors' time free", () => {
    const spacing = new Spacing(2);
    spacing.learn(1.7);
    expect([spacing.take(0), spacing.take(0), spacing.take(500)]).toEqual([0, 1000, 2000]);
  });

  it("is no farther apart than it must be", () => {
    const spacing = new Spacing(4);
    spacing.learn(1.7);
    expect([spacing.take(0), spacing.take(10_000), spacing.take(10_100)]).toEqual([0, 10_000, 10_500]);
  });
});
