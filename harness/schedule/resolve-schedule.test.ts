import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { LATEST_MS } from "./check-moment.ts";
import { resolveSchedule } from "./resolve-schedule.ts";
import type { ScheduleInput } from "./schedule.ts";

const CONTAINERS = ["main", "dapr", "proxy"];

function resolve(input: ScheduleInput | undefined, storage = true): [string, number | null][] {
  return resolveSchedule(input, CONTAINERS, storage).starts.map(({ container, atMs }) => [container, atMs]);
}

describe("resolveSchedule", () => {
  it("starts all at 0 by default, and leaves storage to be up before", () => {
    expect(resolve(undefined)).toEqual([
      ["main", 0],
      ["dapr", 0],
      ["proxy", 0],
    ]);
  });

  it("takes an order as it is and puts what it does not name first, in the site's own order", () => {
    expect(resolve(["dapr", "main"]).map(([container]) => container)).toEqual(["proxy", "dapr", "main"]);
    expect(resolve(["dapr", "storage"]).map(([container]) => container)).toEqual([
      "main",
      "proxy",
      "dapr",
      "storage",
    ]);
  });

  it("starts what a record does not name at 0, and sorts by time with starts by hand last", () => {
    expect(resolve({ dapr: 12_000, storage: "never", main: 5 })).toEqual([
      ["proxy", 0],
      ["main", 5],
      ["dapr", 12_000],
      ["storage", null],
    ]);
  });

  it("keeps the site's own order, not the record's, for what starts together", () => {
    expect(resolve({ proxy: 0, main: 0 }).map(([container]) => container)).toEqual(["main", "dapr", "proxy"]);
  });

  it("keeps a full schedule's own order for what starts together", () => {
    const starts = [
      { container: "proxy", atMs: 7 },
      { container: "dapr", atMs: 7 },
      { container: "main", atMs: null },
      { container: "storage", atMs: 0 },
    ];
    expect(resolve({ starts })).toEqual([
      ["storage", 0],
      ["proxy", 7],
      ["dapr", 7],
      ["main", null],
    ]);
  });

  it("suggests the nearest container and names all", () => {
    expect(() => resolve({ dapper: 1 })).toThrowError(
      /^SCHEDULE_UNKNOWN_CONTAINER: .*"dapper".* Did you mean "dapr"\?\n {2}known {3}storage, main, dapr, proxy\n/,
    );
    expect(() => resolve(["mian"])).toThrowError(/Did you mean "main"\?/);
  });

  it("tells that a site without a storage account has no storage to schedule", () => {
    expect(() => resolve({ storage: 1 }, false)).toThrowError(
      /^SCHEDULE_UNKNOWN_CONTAINER: .*The site has no storage account/,
    );
  });

  it.each([
    ["a negative time", { main: -1 }],
    ["no number", { main: Number.NaN }],
    ["more than a day", { main: LATEST_MS + 1 }],
    ["a container twice", ["main", "main"]],
    ["a full schedule with a container twice", { starts: [...all(), { container: "main", atMs: 1 }] }],
    [
      "a full schedule without a container",
      { starts: all().filter(({ container }) => container !== "main") },
    ],
    ["a text for a time", JSON.parse('{"main":"soon"}')],
  ] as [string, ScheduleInput][])("refuses %s", (_, input) => {
    expect(() => resolve(input)).toThrowError(/^SCHEDULE_INVALID: /);
  });

  it("names everything once, sorted, whatever is given", () => {
    const names = ["storage", ...CONTAINERS];
    const time = fc.oneof(fc.integer({ min: 0, max: LATEST_MS }), fc.constant("never" as const));
    const input = fc.oneof(
      fc.shuffledSubarray(names),
      fc.dictionary(fc.constantFrom(...names), time),
      fc.constant(undefined),
    );
    fc.assert(
      fc.property(input, (schedule) => {
        const starts = resolve(schedule);
        const namesStorage = Array.isArray(schedule)
          ? schedule.includes("storage")
          : Object.hasOwn(schedule ?? {}, "storage");
        const expected = namesStorage ? names : CONTAINERS;
        expect(starts.map(([container]) => container).toSorted()).toEqual(expected.toSorted());
        const times = starts.map(([, atMs]) => atMs ?? Number.MAX_SAFE_INTEGER);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        // A resolved schedule is a full schedule and means itself.
        const full = { starts: starts.map(([container, atMs]) => ({ container, atMs })) };
        expect(resolveSchedule(full, CONTAINERS, true)).toEqual(full);
      }),
    );
  });
});

function all(): { container: string; atMs: number }[] {
  return ["storage", ...CONTAINERS].map((container) => ({ container, atMs: 0 }));
}
