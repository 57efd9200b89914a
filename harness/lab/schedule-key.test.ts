import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { Schedule } from "../schedule/schedule.ts";
import { keyOf } from "./schedule-key.ts";

const start = fc.record({
  container: fc.constantFrom("storage", "main", "dapr"),
  atMs: fc.option(fc.nat(40_000)),
});
const starts = fc.uniqueArray(start, { selector: ({ container }) => container, minLength: 1 });

describe("keyOf", () => {
  it("is readable", () => {
    const schedule: Schedule = {
      starts: [
        { container: "main", atMs: 4500 },
        { container: "storage", atMs: 0 },
        { container: "dapr", atMs: null },
      ],
    };
    expect(keyOf(schedule)).toBe("storage 0, main 4500, dapr never");
  });

  it("does not depend on when the schedule's first start is, nor on how the list is sorted by time", () => {
    fc.assert(
      fc.property(starts, fc.nat(1000), (list, by) => {
        const later = list.map(({ container, atMs }) => ({
          container,
          atMs: atMs === null ? null : atMs + by,
        }));
        // Stable: what starts together stays in its order.
        const sorted = list.toSorted((one, other) => (one.atMs ?? Infinity) - (other.atMs ?? Infinity) || 0);
        expect(keyOf({ starts: later })).toBe(keyOf({ starts: list }));
        expect(keyOf({ starts: sorted, steps: [] })).toBe(keyOf({ starts: list }));
      }),
    );
  });

  it("tells apart what is started in another order or at another time", () => {
    fc.assert(
      fc.property(starts, starts, (one, other) => {
        const normal = (list: typeof one) => {
          const sorted = list.toSorted((a, b) => (a.atMs ?? Infinity) - (b.atMs ?? Infinity) || 0);
          return sorted.map(({ container, atMs }) => [
            container,
            atMs === null ? null : atMs - (sorted[0]?.atMs ?? 0),
          ]);
        };
        const same = JSON.stringify(normal(one)) === JSON.stringify(normal(other));
        expect(keyOf({ starts: one }) === keyOf({ starts: other })).toBe(same);
      }),
    );
  });

  it("counts steps, however their attributes are sorted, and leaves the times that they are told by", () => {
    const begin = [{ container: "main", atMs: 0 }];
    const fault = { when: { atMs: 0 }, inject: { fault: "storage-status", status: 503, first: 3 } };
    const same = { inject: { first: 3, status: 503, fault: "storage-status" }, when: { atMs: 0 } };
    expect(keyOf({ starts: begin, steps: [fault] })).toBe(keyOf({ starts: begin, steps: [same] }));
    expect(keyOf({ starts: begin, steps: [fault] })).not.toBe(keyOf({ starts: begin }));
    expect(keyOf({ starts: [{ container: "main", atMs: 500 }], steps: [fault] })).not.toBe(
      keyOf({ starts: begin, steps: [fault] }),
    );
  });
});
