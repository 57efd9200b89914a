import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseCronSchedule, type CronFields } from "./cron-schedule.ts";
import { neverFires, nextTick } from "./cron-ticks.ts";
import table from "./test-support/cron-table.json" with { type: "json" };
import zones from "./test-support/zone-table.json" with { type: "json" };

function fields(text: string): CronFields {
  const schedule = parseCronSchedule(text);
  if (schedule.kind !== "fields") throw new Error(`${text}: ${JSON.stringify(schedule)}`);
  return schedule;
}

/** What it does in the table's terms: `null` when refused, else its next ticks in seconds from the base. */
function ticksOf(text: string): number[] | null {
  const schedule = parseCronSchedule(text);
  if (schedule.kind === "fault") return null;
  const ticks: number[] = [];
  for (let at: number | undefined = table.base; ticks.length < 3;) {
    at = nextTick(schedule, at);
    if (at === undefined) break;
    ticks.push((at - table.base) / 1000);
  }
  return ticks;
}

/** Its next ticks, to the minute in UTC. */
function nextOf(schedule: string, from: string, count: number): string[] {
  const ticks: string[] = [];
  for (let at: number | undefined = Date.parse(from); ticks.length < count;) {
    at = nextTick(fields(schedule), at);
    if (at === undefined) break;
    ticks.push(new Date(at).toISOString().slice(0, 16));
  }
  return ticks;
}

describe("daprd's own parser", () => {
  test("agrees on each schedule of the table, refused or not, and on its ticks", () => {
    expect(table.rows.length).toBeGreaterThan(900);
    const own = table.rows.map(({ schedule }) => ({ schedule, ticks: ticksOf(schedule) }));
    expect(own).toEqual(table.rows);
  });

  test("agrees on those that never fire", () => {
    const byFields = table.rows.flatMap(({ schedule, ticks }) => {
      const parsed = parseCronSchedule(schedule);
      return parsed.kind === "fields" ? [{ schedule, ticks, never: neverFires(parsed) }] : [];
    });
    expect(byFields.filter(({ never }) => never).length).toBeGreaterThan(5);
    expect(byFields.filter(({ never, ticks }) => never !== (ticks?.length === 0))).toEqual([]);
  });
});

test.each([
  ["* * * *", "it has 4 fields instead of 5 or 6", "* * * *"],
  ["0 0 31 2 7", "day of week 7 is above 6", "7"],
  ["0 25 * * *", "hour 25 is above 23", "25"],
  ["0 0 L * *", '"L" is no day of month', "L"],
  ["@reboot", 'there is no descriptor "@reboot"', "@reboot"],
  ["@every 1d", '"1d" is no Go duration', "1d"],
  ["TZ=Europe/Atlantis 0 3 * * *", 'there is no time zone "Europe/Atlantis"', "Europe/Atlantis"],
  ["TZ=UTC", "nothing follows the time zone", "TZ=UTC"],
  ["5-1 * * * *", 'the minute range "5-1" ends before it begins', "5-1"],
])("%j is refused: %s", (text, message, part) => {
  expect(parseCronSchedule(text)).toEqual({ kind: "fault", message, part });
});

test("a time zone is kept, and those that Go has no file for are refused", () => {
  expect(fields("CRON_TZ=Europe/Berlin 0 3 * * *").zone).toBe("Europe/Berlin");
  expect(fields("0 3 * * *")).not.toHaveProperty("zone");
  expect(parseCronSchedule("TZ=+01:00 0 3 * * *").kind).toBe("fault");
});

test("a day of month and a day of week: either will do, unless one is a star", () => {
  expect(fields("0 0 13 * 5").bothDays).toBe(false);
  expect(fields("0 0 13 * *").bothDays).toBe(true);
  expect(fields("0 0 */2 * 1").bothDays).toBe(false);
});

test("a schedule without a zone of its own follows the container's", () => {
  const midnight = Date.parse("2026-11-25T00:00:00Z");
  expect(nextTick(fields("0 3 * * *"), midnight, "Europe/Berlin")).toBe(Date.parse("2026-11-25T02:00:00Z"));
  expect(nextTick(fields("TZ=UTC 0 3 * * *"), midnight, "Europe/Berlin")).toBe(
    Date.parse("2026-11-25T03:00:00Z"),
  );
  expect(nextTick(fields("TZ=Local 0 3 * * *"), midnight, "Europe/Berlin")).toBe(
    Date.parse("2026-11-25T02:00:00Z"),
  );
});

test("any text is a schedule or a fault, never an exception", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9*?,\-/ @TZ=a-z]{0,30}$/)), (text) => {
      expect(["interval", "fields", "fault"]).toContain(parseCronSchedule(text).kind);
    }),
  );
});

test("a tick comes after the time asked for, matches the schedule, and none lies between", () => {
  const schedule = fields("*/20 3,4 * * * *");
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4e12 }), (after) => {
      const tick = nextTick(schedule, after) ?? Number.NaN;
      expect(tick).toBeGreaterThan(after);
      expect(tick - after).toBeLessThanOrEqual(3_600_000);
      const date = new Date(tick);
      expect([3, 4]).toContain(date.getUTCMinutes());
      expect([0, 20, 40]).toContain(date.getUTCSeconds());
      expect(nextTick(schedule, tick - 1)).toBe(tick);
    }),
  );
});

describe("the clock of a schedule's own time zone", () => {
  test("agrees with daprd's cron on each schedule of the table, around the changes of clocks", () => {
    expect(zones.rows.length).toBeGreaterThan(700);
    const own = zones.rows.map(({ schedule, from, ticks }) => {
      const found: number[] = [];
      for (let at: number | undefined = from * 1000; found.length < ticks.length;) {
        at = nextTick(fields(schedule), at);
        if (at === undefined) break;
        found.push(at / 1000 - from);
      }
      return { schedule, from, ticks: found };
    });
    expect(own).toEqual(zones.rows);
  });

  test("a time that is skipped has no tick, one that comes twice has two", () => {
    const schedule = "CRON_TZ=Europe/Berlin 0 30 2 * * *";
    expect(nextOf(schedule, "2026-03-28T12:00Z", 1)).toEqual(["2026-03-30T00:30"]);
    expect(nextOf(schedule, "2026-10-24T12:00Z", 3)).toEqual([
      "2026-10-25T00:30",
      "2026-10-25T01:30",
      "2026-10-26T01:30",
    ]);
  });

  // Seen with dapr/kit v0.18.2: it counts hours from the last change, and days by their midnights.
  test.each([
    ["half an hour", "CRON_TZ=Australia/Lord_Howe 0 0 3 * * *", "2026-04-04T12:00Z", "2026-04-04T16:30"],
    ["at midnight", "CRON_TZ=Asia/Beirut 0 0 12 * * 0", "2019-03-30T12:00Z", "2019-03-31T09:00"],
  ])(
    "where clocks change by or at what few do, %s, daprd leaves a tick out that is due",
    (_, schedule, from, due) => {
      expect(nextOf(schedule, from, 1)).toEqual([due]);
    },
  );
});
