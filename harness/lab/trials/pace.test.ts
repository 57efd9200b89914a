import { describe, expect, it } from "vitest";
import { Pace, type MachineLook } from "./pace.ts";

const GIB = 1024 ** 3;
const idle: MachineLook = { busy: 0.3, availableBytes: 12 * GIB, totalBytes: 16 * GIB };
const rather: MachineLook = { ...idle, busy: 0.7 };

function after(pace: Pace, latenesses: readonly number[], machine = idle): number {
  for (const lateness of latenesses) pace.ended(lateness, 0, machine);
  return pace.atOnce;
}

describe("Pace", () => {
  const options = { latenessBoundMs: 100, first: 4 };

  it("grows by one after every trial in time while the machine has room", () => {
    const pace = new Pace(options);
    expect(after(pace, [10])).toBe(5);
    expect(after(pace, [20, 30])).toBe(7);
  });

  it("grows by one after each round without a late trial on a machine that is rather busy", () => {
    const pace = new Pace(options);
    expect(after(pace, [10, 20, 30], rather)).toBe(4);
    expect(after(pace, [40], rather)).toBe(5);
    // The next round is as long as there are trials at a time.
    expect(after(pace, [10, 10, 10, 10], rather)).toBe(5);
    expect(after(pace, [10], rather)).toBe(6);
  });

  it("shrinks at once when a trial was too late, and leaves those out that ran beside it", () => {
    const pace = new Pace({ ...options, first: 8 });
    pace.ended(150, 3, rather);
    expect(pace.atOnce).toBe(6);
    expect(after(pace, [500, 500, 500], rather)).toBe(6);
    expect(after(pace, [500], rather)).toBe(4);
    expect(pace.most).toBe(8);
  });

  it("shrinks by one where the machine had room, and goes on growing", () => {
    const pace = new Pace({ ...options, first: 8 });
    pace.ended(150, 3, idle);
    expect(pace.atOnce).toBe(7);
    expect(after(pace, [10, 10])).toBe(9);
  });

  it("shrinks once for a moment that made all late that ran then, and again for one that began later", () => {
    const pace = new Pace({ ...options, first: 8 });
    pace.ended(150, 3, idle);
    expect(pace.atOnce).toBe(7);
    expect(after(pace, [150, 10, 150])).toBe(8);
    expect(after(pace, [150])).toBe(7);
  });

  it("never gets below one", () => {
    const pace = new Pace({ ...options, first: 1 });
    expect(after(pace, [900, 900])).toBe(1);
  });

  it.each([
    ["trials were nearly too late and the processors rather busy", [10, 85, 10, 10], rather],
    ["the processors are busy", [10], { ...idle, busy: 0.95 }],
    ["there is no memory for another bench", [10], { ...idle, availableBytes: 2.6 * GIB }],
  ])("stays where %s", (_, latenesses, machine) => {
    expect(after(new Pace(options), latenesses, machine)).toBe(4);
  });

  it("shrinks where memory runs short", () => {
    expect(after(new Pace(options), [10], { ...idle, availableBytes: GIB })).toBe(3);
  });

  it("keeps to the most that the caller allows", () => {
    expect(new Pace({ ...options, mostAtOnce: 2 }).atOnce).toBe(2);
    expect(after(new Pace({ ...options, mostAtOnce: 4 }), [1, 1, 1, 1, 1, 1, 1, 1])).toBe(4);
  });
});
