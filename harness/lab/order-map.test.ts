import { describe, expect, it } from "vitest";
import { orderMaps, type OrderMap } from "./order-map.ts";
import {
  exampleSite,
  exploration,
  fiveContainers,
  race,
  sampled,
  STORAGE_LATE,
  tried,
  twoContainers,
} from "./test-support/explorations.ts";

function marks({ rows }: OrderMap): readonly string[] {
  return rows.map(({ cells }) => cells.map(({ mark }) => mark || "_").join(""));
}

describe("a map of orders and delays", () => {
  it("has the orders of two containers as rows, and a schedule in each place that it stands for", () => {
    const [map, ...more] = orderMaps(twoContainers());
    expect(more).toEqual([]);
    expect(map?.rows.map(({ label }) => label)).toEqual(["storage → main", "main → storage"]);
    expect(map?.columns).toEqual(["next", "500 ms", "4 s", "7 s", "12 s"]);
    // Storage first and alone is as if it had been up before, however long: one trial for four places.
    expect(map === undefined ? [] : marks(map)).toEqual(["·····", "···AA"]);
  });

  it("has a table for each order of three containers, the first delay by the second", () => {
    const maps = orderMaps(exampleSite());
    expect(maps.map(({ title }) => title)).toEqual([
      "storage → main → dapr",
      "storage → dapr → main",
      "main → storage → dapr",
      "main → dapr → storage",
      "dapr → storage → main",
      "dapr → main → storage",
    ]);
    const last = maps.at(-1);
    expect(last).toMatchObject({ rowTitle: "main after dapr", columnTitle: "storage after main" });
    expect(last === undefined ? [] : marks(last)).toEqual(["oooAA", "oooAA", "ooAAA", "AAAAA", "AAAAA"]);
  });

  it("leads each cell to its trials", () => {
    const found = exampleSite();
    const [, , , , map] = orderMaps(found);
    const [index = -1] = map?.rows[3]?.cells[0]?.trials ?? [];
    expect(found.tried[index]).toMatchObject({ order: ["dapr", "storage", "main"], gapsMs: [7000, 0] });
  });

  it("does not show what every schedule breaks as if it were the order's", () => {
    const states = orderMaps(exampleSite()).flatMap(({ rows }) => rows.flatMap(({ cells }) => cells));
    expect(new Set(states.map(({ state }) => state))).toEqual(new Set(["everywhere", "broken", "unknown"]));
    expect(states.filter(({ state }) => state === "broken").every(({ mark }) => mark === "A")).toBe(true);
  });

  it("leaves places empty that were not tried, and says what is unknown", () => {
    const cells = orderMaps(sampled()).flatMap(({ rows }) => rows.flatMap((row) => row.cells));
    const counts = Map.groupBy(cells, ({ state }) => state);
    expect([...counts.keys()].toSorted()).toEqual(["empty", "held", "unknown"]);
    for (const { mark, trials } of counts.get("empty") ?? []) expect([mark, trials]).toEqual(["", []]);
  });

  it("has each container before each other one where there are more, small letters where not all break", () => {
    const [map, ...more] = orderMaps(fiveContainers());
    expect(more).toEqual([]);
    expect(map?.rows).toHaveLength(20);
    const collector = map?.rows.find(({ label }) => label === "collector → redis");
    expect(collector?.cells.map(({ mark }) => mark).join("")).toBe("·AAAA");
    const other = map?.rows.find(({ label }) => label === "storage → dapr");
    expect(other?.cells[0]).toMatchObject({ state: "mixed", mark: "a" });
  });

  it("marks a break of no known class, and a race as its class", () => {
    const broken = exploration({
      tried: [tried(["storage", "main", "dapr"], [0, 0], { verdict: "broken" })],
    });
    expect(orderMaps(broken)[0]?.rows[0]?.cells[0]).toMatchObject({ state: "broken", mark: "!" });
    expect(orderMaps(race())[0]?.rows[0]?.cells[0]).toMatchObject({ state: "broken", mark: "A" });
  });

  it("keeps disturbances out", () => {
    const disturbed = tried(["storage", "main", "dapr"], [0, 0], {
      verdict: "broken",
      classes: [STORAGE_LATE],
      disturbance: "x",
    });
    expect(orderMaps(exploration({ tried: [disturbed] }))).toEqual([]);
  });
});
