import { describe, expect, test } from "vitest";
import { clockTime, DaprdClock, dateAfterClock, dateOfClock, type ClockRequest } from "./daprd-clock.ts";

/** A clock that gives this answer, and keeps what it was asked. */
function clockThatAnswers(status: number | null, body: string) {
  const asked: ClockRequest[] = [];
  const clock = new DaprdClock((request) => {
    asked.push(request);
    return Promise.resolve({ status, body });
  });
  return { clock, asked };
}

const NOW = "2026-03-28T00:00:00.000000000Z";
const STATE = { now: NOW, next: null, bindings: [] };

describe("a clock", () => {
  test("is asked over HTTP, and waited for longer than it waits itself", async () => {
    const advance = { now: NOW, next: null, ticks: [], stopped: null };
    const { clock, asked } = clockThatAnswers(200, JSON.stringify(advance));
    expect(await clock.advance(NOW, { await: "started", withinMs: 60_000 })).toEqual(advance);
    expect(asked).toEqual([
      {
        method: "POST",
        path: "/clock/advance",
        body: JSON.stringify({ to: NOW, await: "started", withinMs: 60_000 }),
        withinMs: 65_000,
      },
    ]);
  });

  test("that gives no answer, or was not told the time, is told of", async () => {
    const gone = clockThatAnswers(null, "ECONNREFUSED").clock;
    expect(await gone.state()).toEqual({ trouble: "gone", detail: "ECONNREFUSED" });
    const untold = clockThatAnswers(409, '{"error":"the clock was not told what time it is"}').clock;
    expect(await untold.count(NOW, 1)).toMatchObject({ trouble: "untold" });
  });

  test.each([
    [400, '{"error":"cannot parse"}'],
    [200, "no JSON"],
    [200, JSON.stringify({ ...STATE, now: 5 })],
    [200, JSON.stringify({ now: NOW, next: null })],
    [409, '{"error":"the clock can\'t go back"}'],
  ])("that answers %d %s has failed", async (status, body) => {
    await expect(clockThatAnswers(status, body).clock.tell(NOW)).rejects.toMatchObject({
      code: "CLOCK_FAILED",
    });
  });
});

test("times of clocks sort as texts, and are dates to the millisecond", () => {
  const date = new Date("2026-03-28T01:02:03.045Z");
  expect(clockTime(date)).toBe("2026-03-28T01:02:03.045000000Z");
  expect(dateOfClock("2026-03-28T01:02:03.045999999Z")).toEqual(date);
  expect(dateOfClock("2026-03-28T01:02:03.000000000Z").toISOString()).toBe("2026-03-28T01:02:03.000Z");
  expect(dateAfterClock("2026-03-28T01:02:03.045000000Z")).toEqual(date);
  expect(dateAfterClock("2026-03-28T01:02:03.044000001Z")).toEqual(date);
});
