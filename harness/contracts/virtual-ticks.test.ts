import { describe, expect, test } from "vitest";
import type { EventOf } from "../timeline/events.ts";
import { cronFile, blobFile } from "./test-support/files.ts";
import { judgementsOf, judged, run } from "./test-support/judged.ts";
import { at, type Moment } from "./test-support/moments.ts";

const CONTRACT = 'ticksDelivered("batch")';
const FROM = "2026-03-28T00:00:00.000Z";
const VIRTUAL = {
  plan: { virtualTimeFrom: new Date(FROM) },
  files: [cronFile({ schedule: "0 0 3 * * *" }), blobFile()],
};

/** The nth night's tick. */
function night(nth: number, more: Partial<EventOf<"virtual.tick">> = {}, instance?: string): Moment {
  const { outcome = "succeeded", detail } = more;
  const due = new Date(Date.parse(FROM) + (nth * 24 + 3) * 3_600_000).toISOString();
  return at(
    3000 + nth * 10,
    {
      type: "virtual.tick",
      container: "dapr",
      component: "batch",
      due,
      outcome,
      latencyMs: 2,
      ...(detail === undefined ? {} : { detail }),
    },
    ...(instance === undefined ? [] : [instance]),
  );
}

const advanced = at(
  3500,
  {
    type: "virtual.advanced",
    from: FROM,
    to: "2026-04-01T00:00:00.000Z",
    ticks: 4,
  },
  null,
);

describe("in virtual time", () => {
  test("ticks are counted by the clock: a night's schedule misses none in seconds of a day", () => {
    const record = run([night(0), night(1), night(2), night(3), advanced], VIRTUAL);
    expect(judged(record, CONTRACT)).toEqual([`held ${CONTRACT}`]);
  });

  test("each verdict says so, and until when", () => {
    const [judgement] = judgementsOf(run([night(0), advanced], VIRTUAL), CONTRACT);
    expect(judgement).toMatchObject({
      time: "virtual",
      evidence: [
        "1 ticks, each due one delivered once",
        `virtual time: cron followed sitecar's clock, from ${FROM} to 2026-04-01T00:00:00.000Z`,
      ],
    });
    expect(judgementsOf(run([night(0)], VIRTUAL), "").every(({ time }) => time === "virtual")).toBe(true);
    expect(judgementsOf(run([]), "").some(({ time }) => time !== undefined)).toBe(false);
  });

  test("one that fails breaks it, with what daprd says", () => {
    const failed = night(1, { outcome: "failed", detail: "status code: 500" });
    const record = run([night(0), failed, night(2)], VIRTUAL);
    expect(judged(record, CONTRACT)).toEqual([`broken ${CONTRACT}: ticks of "batch" fail`]);
    expect(judgementsOf(record, CONTRACT)[0]?.evidence.slice(0, 2)).toEqual([
      "1 of 3 deliveries failed, due at 2026-03-29T03:00:00.000Z (virtual time)",
      "daprd says: status code: 500",
    ]);
  });

  test.each(["started", "unanswered", "dropped"] as const)(
    "of one that was %s nothing is known",
    (outcome) => {
      expect(judged(run([night(0), night(1, { outcome })], VIRTUAL), CONTRACT)).toEqual([
        `unknown ${CONTRACT}`,
      ]);
    },
  );

  test("without a tick nothing is known either", () => {
    expect(judged(run([], VIRTUAL), CONTRACT)).toEqual([`unknown ${CONTRACT}`]);
  });

  test("recovering within an interval can't be judged", () => {
    const moments = [
      at(4500, { type: "container.paused", container: "main" }),
      at(5000, { type: "container.resumed", container: "main" }),
    ];
    expect(judged(run([night(0)], { ...VIRTUAL, moments }), "recovers")).toEqual([
      'unknown recovers("batch")',
    ]);
  });
});
