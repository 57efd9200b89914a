import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { Random } from "../shared/random.ts";
import { featuresOf, orderToTry } from "./sample.ts";
import { lengthOf } from "./schedule-length.ts";
import { parseShard, pointsOfShard } from "./shard.ts";
import { makeSpace } from "./space.ts";
import { SITE, siteOf } from "./test-support/simulated-site.ts";

const SPACE = makeSpace(SITE, { tickIntervalMs: 1000 });
const LARGE = makeSpace(siteOf(["main", "a", "b", "c", "dapr"]), { tickIntervalMs: 1000 });
const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 });

const lengths = (complete: boolean) =>
  orderToTry(SPACE.points, 1, { complete })
    .slice(60)
    .map(({ schedule }) => lengthOf(schedule));

describe("orderToTry", () => {
  it.each([
    ["all", SPACE],
    ["some of many", LARGE],
  ])("has %s points, each once", (_, { points }) => {
    const order = orderToTry(points, 1);
    expect(new Set(order)).toEqual(new Set(points));
    expect(order).toHaveLength(points.length);
  });

  it("is the same for the same seed, however the points come, and another for another seed", () => {
    fc.assert(
      fc.property(seeds, seeds, (seed, other) => {
        const shuffled = new Random(other).shuffled(SPACE.points);
        expect(orderToTry(shuffled, seed)).toEqual(orderToTry(SPACE.points, seed));
      }),
      { numRuns: 10 },
    );
    expect(orderToTry(SPACE.points, 1)).not.toEqual(orderToTry(SPACE.points, 2));
  });

  it("covers every order, pair, delay and disturbance before it tries anything again", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const order = orderToTry(SPACE.points, seed);
        const all = new Set(SPACE.points.flatMap(featuresOf));
        const seen = new Set<string>();
        const covering = order.findIndex((point) => {
          for (const feature of featuresOf(point)) seen.add(feature);
          return seen.size === all.size;
        });
        expect(covering).toBeGreaterThan(0);
        // 36 delays between two containers, two of them in a point, and 10 disturbances: about 28 points; 168 are there.
        expect(covering).toBeLessThan(45);
      }),
      { numRuns: 10 },
    );
  });

  it("goes on with short points; with long ones where all will be tried", () => {
    expect(lengths(false)).toEqual(lengths(false).toSorted((one, other) => one - other));
    expect(lengths(true)).toEqual(lengths(true).toSorted((one, other) => other - one));
  });
});

describe("pointsOfShard", () => {
  it("deals out every point to one shard, whatever order they come in, and about as much time to each", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), seeds, (of, seed) => {
        const shuffled = new Random(seed).shuffled(SPACE.points);
        const shards = Array.from({ length: of }, (_, index) =>
          pointsOfShard(shuffled, { index: index + 1, of }),
        );
        expect(
          shards
            .flat()
            .map(({ key }) => key)
            .toSorted(),
        ).toEqual(SPACE.points.map(({ key }) => key).toSorted());
        expect(shards[0]).toEqual(pointsOfShard(SPACE.points, { index: 1, of }));
        const counts = shards.map((shard) => shard.length);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        const times = shards.map((shard) => shard.reduce((sum, { schedule }) => sum + lengthOf(schedule), 0));
        const longest = Math.max(...SPACE.points.map(({ schedule }) => lengthOf(schedule)));
        expect(Math.max(...times) - Math.min(...times)).toBeLessThanOrEqual(longest);
      }),
      { numRuns: 20 },
    );
  });
});

describe("parseShard", () => {
  it("reads which of how many", () => {
    expect(parseShard("2/8")).toEqual({ index: 2, of: 8 });
    expect(parseShard("1/1")).toEqual({ index: 1, of: 1 });
  });

  it.each(["0/8", "9/8", "2", "2/", "/8", "a/b", "-1/8", "1.5/8", ""])("refuses %j", (text) => {
    expect(() => parseShard(text)).toThrowError(/^USAGE: .*is no shard/);
  });
});
