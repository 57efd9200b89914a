import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { Random } from "./random.ts";

const draw = (seed: number) => {
  const random = new Random(seed);
  return Array.from({ length: 20 }, () => random.below(1000));
};

function sorted(list: readonly number[]): readonly number[] {
  return list.toSorted((one, other) => one - other);
}

describe("Random", () => {
  it("is the same for the same seed, and another for another", () => {
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it("shuffles into another order with the same things, and leaves the list as it is", () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(fc.nat()), (seed, items) => {
        const before = [...items];
        const shuffled = new Random(seed).shuffled(items);
        expect(sorted(shuffled)).toEqual(sorted(items));
        expect(items).toEqual(before);
      }),
    );
  });

  it("puts every item in every place about equally often", () => {
    const random = new Random(1);
    const firsts = new Map<string, number>();
    for (let count = 0; count < 3000; count++) {
      const [first = ""] = random.shuffled(["a", "b", "c"]);
      firsts.set(first, (firsts.get(first) ?? 0) + 1);
    }
    for (const times of firsts.values()) expect(Math.abs(times - 1000)).toBeLessThan(120);
    expect(firsts.size).toBe(3);
  });
});
