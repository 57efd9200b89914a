import { describe, expect, it } from "vitest";
import { parseCronSchedule, type CronSchedule } from "../../dapr/cron-schedule.ts";
import { isBetweenTicks, type KnownTicks } from "./between-ticks.ts";

function scheduleOf(text: string): CronSchedule {
  const schedule = parseCronSchedule(text);
  if (schedule.kind === "fault") throw new TypeError(`a schedule with a fault: ${text}`);
  return schedule;
}

const EACH_SECOND = scheduleOf("@every 1s");
/** Posted between 4000 and 4050, so that the next one is due from 5000 on; seen answered at 4500. */
const SEEN: KnownTicks = {
  schedule: EACH_SECOND,
  underWay: 0,
  posted: { earliestMs: 4_000, latestMs: 4_050 },
  answeredMs: 4_500,
};
// 100 ms before a whole second of the wall's clock.
const ORIGIN = Date.UTC(2026, 0, 1) - 100;

function between(ticks: KnownTicks, nowMs: number): boolean {
  return isBetweenTicks(ticks, { nowMs, originWallMs: ORIGIN });
}

describe("isBetweenTicks", () => {
  it("is, from a tick's effect until a while before the next one is due at the earliest", () => {
    const times = [4_510, 4_549, 4_550, 4_750, 4_751, 4_999, 5_100, 5_500];
    expect(times.filter((nowMs) => between(SEEN, nowMs))).toEqual([4_550, 4_750]);
  });

  it("is not while a tick is under way", () => {
    expect(between({ ...SEEN, underWay: 1 }, 4_700)).toBe(false);
  });

  it("is not where nobody knows well enough when the next one is due", () => {
    const rough: KnownTicks = { ...SEEN, posted: { earliestMs: 3_800, latestMs: 4_050 } };
    expect([4_550, 4_551, 4_700, 4_800, 5_000].filter((nowMs) => between(rough, nowMs))).toEqual([4_550]);
  });

  it("is not when a tick is overdue, until it is clear that none comes", () => {
    expect([5_000, 5_400, 5_550, 5_551].filter((nowMs) => between(SEEN, nowMs))).toEqual([5_551]);
  });

  it("is where nothing ticks, or ticks so often that nothing lies between", () => {
    expect(between({ schedule: EACH_SECOND, underWay: 0 }, 4_700)).toBe(true);
    expect(between({ ...SEEN, schedule: scheduleOf("@every 100ms") }, 4_500)).toBe(true);
  });

  it("goes by the wall's clock where the schedule does", () => {
    const ticks: KnownTicks = { schedule: scheduleOf("* * * * * *"), underWay: 0 };
    const times = [5_099, 5_100, 5_149, 5_150, 5_849, 5_850, 5_851, 6_101];
    // Due at 5100, 6100, …
    expect(times.filter((nowMs) => between(ticks, nowMs))).toEqual([5_150, 5_849, 5_850]);
  });
});
