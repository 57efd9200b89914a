import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { resolveSchedule } from "../../schedule/resolve-schedule.ts";
import { KNOWN_TIMES, makeGrid } from "./grid.ts";
import { keyOf } from "./schedule-key.ts";
import { makeSpace, scheduleOf } from "./space.ts";
import { SITE, siteOf } from "../test-support/simulated-site.ts";

describe("makeGrid", () => {
  it("has a value between each two known times, and says which it passes", () => {
    const values = makeGrid();
    const times = [...new Set(KNOWN_TIMES.map(({ ms }) => ms))];
    // 10 and 10.2 s, and 30 and 30.7 s, are told apart by bisection.
    const apart = times.filter((ms, index) => ms - (times[index - 1] ?? 0) > 1000 || ms === 100);
    for (const [index, ms] of apart.entries()) {
      const next = apart[index + 1] ?? Infinity;
      expect(values.some((value) => value.ms > ms && value.ms < next)).toBe(true);
    }
    expect(values.slice(1).flatMap(({ reason }) => reason.match(/[\w.-]+\.md/g) ?? []).length).toBe(
      KNOWN_TIMES.length,
    );
  });

  it("takes other values, each once, with 0 among them", () => {
    expect(makeGrid([7000, 2000, 7000, 0]).map(({ ms }) => ms)).toEqual([0, 2000, 7000]);
    expect(makeGrid([7000])[1]?.reason).toMatch(/5 s.*daprd\.md §1\.3/);
  });
});

const namesOf = (site: typeof SITE, tickIntervalMs?: number) =>
  makeSpace(site, tickIntervalMs === undefined ? {} : { tickIntervalMs }).points.flatMap(
    ({ disturbance }) => disturbance ?? [],
  );

describe("makeSpace", () => {
  it("has all orders of storage and the containers with all delays, storage before the others once", () => {
    const { points, containers } = makeSpace(SITE, { disturbances: false });
    expect(containers).toEqual(["storage", "main", "dapr"]);
    // 4 orders with storage not first have 6 × 6 delays; 2 with it first only 6 behind it, and right after it or before.
    expect(points).toHaveLength(4 * 36 + 2 * 2 * 6);
    expect(new Set(points.map(({ order }) => order.join(" "))).size).toBe(6);
  });

  it("has every pair of delays of an order whose storage is not first", () => {
    const { points, grid } = makeSpace(SITE, { disturbances: false });
    const delays = points
      .filter(({ order }) => order.join(" ") === "dapr storage main")
      .map(({ gapsMs }) => gapsMs.join());
    expect(delays.toSorted()).toEqual(
      grid.flatMap((first) => grid.map((second) => `${first.ms},${second.ms}`)).toSorted(),
    );
  });

  it("has no schedule twice, and only such as the site can be started by", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.uniqueArray(fc.integer({ min: 1, max: 60_000 }), { minLength: 1, maxLength: 3 }),
        fc.boolean(),
        (count, delaysMs, disturbances) => {
          const site = siteOf(Array.from({ length: count }, (_, index) => `c${index}`));
          const { points } = makeSpace(site, { delaysMs, disturbances });
          expect(new Set(points.map(({ schedule }) => keyOf(schedule))).size).toBe(points.length);
          expect(new Set(points.map(({ key }) => key)).size).toBe(points.length);
          const names = site.siteContainers.map(({ name }) => name);
          const changed = points.filter(
            ({ schedule }) => resolveSchedule(schedule, names, true).starts.length !== schedule.starts.length,
          );
          expect(changed).toEqual([]);
        },
      ),
      { numRuns: 20 },
    );
  });

  it("takes some orders of many containers, with each first and last and each two in both orders, and says so", () => {
    const names = Array.from({ length: 10 }, (_, index) => `c${index}`);
    const { points, sampled, containers } = makeSpace(siteOf(names), { disturbances: false, seed: 3 });
    expect(sampled).toMatch(/^11 containers have too many orders/);
    expect(points.length).toBeLessThan(5000);
    const orders = points.map(({ order }) => order);
    for (const one of containers) {
      expect(orders.some((order) => order[0] === one)).toBe(true);
      expect(orders.some((order) => order.at(-1) === one)).toBe(true);
      for (const other of containers.filter((name) => name !== one)) {
        expect(orders.some((order) => order.indexOf(one) < order.indexOf(other))).toBe(true);
      }
    }
    expect(makeSpace(siteOf(names), { disturbances: false, seed: 3 })).toEqual(
      makeSpace(siteOf(names), { disturbances: false, seed: 3 }),
    );
  });

  it("has only the disturbances that fit the site, each on the plain start", () => {
    expect(namesOf(SITE, 1000)).toEqual([
      "dapr killed and started again",
      "main killed and started again",
      "dapr paused for 3 s",
      "storage refused for 1.5 s",
      "storage answers 503 to the first 3 requests",
      "identity answers after 8 s",
      "identity answers 500 to the first 2 requests",
      "stopped 400 ms before a tick is counted",
      "stopped 250 ms before a tick is counted",
      "stopped 100 ms before a tick is counted",
      "stopped 5 ms after a tick is counted",
      "stopped 150 ms after a tick is counted",
    ]);
    const bare = { ...SITE, identity: { type: "None" as const }, storageAccounts: [], daprSidecars: [] };
    expect(namesOf(bare)).toEqual(["main killed and started again"]);
  });

  it("takes a user's faults, on from before the first start", () => {
    const { points } = makeSpace(SITE, {
      disturbances: false,
      faults: [{ fault: "port-taken", port: 9090 }],
      describeFault: ({ fault, port }) => `${fault} ${String(port)}`,
    });
    expect(points.at(-1)).toMatchObject({
      disturbance: "port-taken 9090",
      schedule: { steps: [{ when: { atMs: 0 }, inject: { fault: "port-taken", port: 9090 } }] },
    });
  });
});

describe("scheduleOf", () => {
  it("leaves out storage that comes first and alone: nothing waits for it", () => {
    expect(scheduleOf(["storage", "dapr", "main"], [7000, 500])).toEqual({
      starts: [
        { container: "dapr", atMs: 0 },
        { container: "main", atMs: 500 },
      ],
    });
    expect(scheduleOf(["storage", "dapr", "main"], [0, 500]).starts.map(({ atMs }) => atMs)).toEqual([
      0, 0, 500,
    ]);
  });
});
