import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { firstFreeZero, Timetable, type Span } from "./timetable.ts";

const span = fc
  .tuple(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 1, max: 300 }))
  .map(([fromMs, length]): Span => ({ fromMs, toMs: fromMs + length }));

function overlap(one: Span, other: Span): boolean {
  return one.fromMs < other.toMs && other.fromMs < one.toMs;
}

describe("firstFreeZero", () => {
  it("begins at once where nothing is in the way, and right behind what is", () => {
    expect(firstFreeZero([{ fromMs: 0, toMs: 100 }], [], 50)).toBe(50);
    expect(firstFreeZero([{ fromMs: 0, toMs: 100 }], [{ fromMs: 0, toMs: 120 }], 50)).toBe(120);
    // Fits exactly between two.
    const taken = [
      { fromMs: 0, toMs: 100 },
      { fromMs: 200, toMs: 300 },
    ];
    expect(firstFreeZero([{ fromMs: 0, toMs: 100 }], taken, 0)).toBe(100);
    expect(firstFreeZero([{ fromMs: 0, toMs: 101 }], taken, 0)).toBe(300);
  });

  it("never lets two overlap, and takes no later time than it must", () => {
    fc.assert(
      fc.property(
        fc.array(span, { minLength: 1, maxLength: 4 }),
        fc.array(span, { maxLength: 12 }),
        fc.integer({ min: 0, max: 3_000 }),
        (spans, taken, earliestMs) => {
          const zeroMs = firstFreeZero(spans, taken, earliestMs);
          const collides = (at: number): boolean =>
            spans.some(({ fromMs, toMs }) =>
              taken.some((one) => overlap({ fromMs: fromMs + at, toMs: toMs + at }, one)),
            );
          expect(zeroMs).toBeGreaterThanOrEqual(earliestMs);
          expect(collides(zeroMs)).toBe(false);
          // All numbers are whole, so are all times that could have been taken.
          for (let at = earliestMs; at < zeroMs; at++) expect(collides(at)).toBe(true);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe("Timetable", () => {
  const spans = [
    { fromMs: 0, toMs: 100 },
    { fromMs: 2_000, toMs: 2_100 },
  ];

  it("keeps what was booked apart until it is released", () => {
    const timetable = new Timetable();
    const first = timetable.book(spans, { earliestMs: 1_000 });
    expect(first.zeroMs).toBe(1_000);
    expect(timetable.book(spans, { earliestMs: 1_000 }).zeroMs).toBe(1_100);
    first.release();
    expect(timetable.book(spans, { earliestMs: 900 }).zeroMs).toBe(900);
  });

  it("keeps quiet around the spans of a trial that asks for it, before and after", () => {
    const timetable = new Timetable();
    timetable.book(spans, { earliestMs: 1_000, quietMs: 300 });
    // Between the two of it, and far enough from both.
    expect(timetable.book([{ fromMs: 0, toMs: 100 }], { earliestMs: 800 }).zeroMs).toBe(1_400);
    expect(timetable.bookWork(1_350, { earliestMs: 1_350 }).zeroMs).toBe(3_400);
  });

  it("keeps the longer quiet between two trials, once", () => {
    const timetable = new Timetable();
    const start = [{ fromMs: 0, toMs: 100 }];
    timetable.book(start, { earliestMs: 1_000, quietMs: 300 });
    expect(timetable.book(start, { earliestMs: 1_000, quietMs: 300 }).zeroMs).toBe(1_400);
    expect(timetable.book(start, { earliestMs: 1_500, quietMs: 700 }).zeroMs).toBe(2_200);
    timetable.bookWork(50, { earliestMs: 3_100 });
    expect(timetable.book(start, { earliestMs: 3_000, quietMs: 300 }).zeroMs).toBe(3_450);
  });

  it("lets work fall into work, and neither into a trial", () => {
    const timetable = new Timetable();
    timetable.book([{ fromMs: 0, toMs: 100 }], { earliestMs: 1_000 });
    const works = [
      timetable.bookWork(200, { earliestMs: 900 }),
      timetable.bookWork(200, { earliestMs: 900 }),
    ];
    expect(works.map(({ zeroMs }) => zeroMs)).toEqual([1_100, 1_100]);
    expect(timetable.book([{ fromMs: 0, toMs: 100 }], { earliestMs: 1_050 }).zeroMs).toBe(1_300);
  });

  it("lets work that can't wait begin when its time is over", () => {
    const timetable = new Timetable();
    timetable.book([{ fromMs: 0, toMs: 1_000 }], { earliestMs: 1_000 });
    expect(timetable.bookWork(200, { earliestMs: 1_100, latestMs: 1_500 }).zeroMs).toBe(1_500);
    expect(timetable.bookWork(200, { earliestMs: 1_800, latestMs: 2_500 }).zeroMs).toBe(2_000);
  });
});
