import { describe, expect, test } from "vitest";

import { blobFile, cronFile } from "./test-support/files.ts";
import { judged, judgementsOf, run, troubles } from "./test-support/judged.ts";
import { at, exited, healthz, started, ticks, type Moment } from "./test-support/moments.ts";

const CONTRACT = 'ticksDelivered("batch")';

/** Ticks before an outage, one just after it, and one that fails at this time. */
function failing(firstMs: number): readonly Moment[] {
  return [
    ...ticks({ firstMs: 3000, count: 2 }),
    ...ticks({ firstMs: 6200, count: 1 }),
    ...ticks({ firstMs, count: 1, success: false }),
  ];
}

describe("ticksDelivered", () => {
  test("one delivery fails", () => {
    const fired = [
      ...ticks({ firstMs: 3000, count: 2 }),
      ...ticks({ firstMs: 5000, count: 1, success: false }),
      ...ticks({ firstMs: 6000, count: 2 }),
    ];
    expect(troubles(run(fired))).toEqual([`broken ${CONTRACT}: ticks of "batch" fail`]);
    expect(judgementsOf(run(fired), CONTRACT)[0]?.evidence).toEqual([
      "1 of 5 deliveries failed, called at +5.00 s",
    ]);
  });

  test("a delivery that only daprd's last counters have fails", () => {
    const account = { delivered: { batch: { success: 5, failed: 1 } }, posts: { 200: 5, 500: 1 } };
    expect(judged(run(ticks({ firstMs: 3000, count: 5 }), { account, untilMs: 8_100 }), CONTRACT)).toEqual([
      `broken ${CONTRACT}: ticks of "batch" fail`,
    ]);
  });

  test.for([
    ["the first", [4000, 5000, 6000, 7000]],
    ["one in the middle", [3000, 4000, 6000, 7000]],
    ["two at the end", [3000, 4000, 5000]],
    ["all", []],
  ] as const)("%s of its ticks missed", ([, times]) => {
    const fired = times.flatMap((firstMs) => ticks({ firstMs, count: 1 }));
    expect(judged(run(fired, { untilMs: 7_600 }), CONTRACT)).toEqual([
      `broken ${CONTRACT}: ticks of "batch" are missed`,
    ]);
  });

  test("how many were missed, and when", () => {
    const fired = [...ticks({ firstMs: 3000, count: 2 }), ...ticks({ firstMs: 8000, count: 1 })];
    expect(judgementsOf(run(fired, { untilMs: 8_500 }), CONTRACT)[0]?.evidence).toEqual([
      "3 due ticks were not delivered, the first at about +5.04 s",
    ]);
  });

  test("one of the wall clock's is missed", () => {
    const files = [cronFile({ schedule: "*/2 * * * * *" }), blobFile()];
    const fired = [4000, 8000].flatMap((firstMs) => ticks({ firstMs, count: 1 }));
    expect(judged(run(fired, { files, untilMs: 9_500 }), CONTRACT)).toEqual([
      `broken ${CONTRACT}: ticks of "batch" are missed`,
    ]);
  });

  test("the wall clock is that of the zone which the schedule, or the container's TZ, names", () => {
    // The run begins at 12:00 UTC; it is 17:30 in Kolkata.
    const judge = (schedule: string, zone: string, firstMs: number | undefined): readonly string[] => {
      const files = [cronFile({ schedule }), blobFile()];
      const definition = { appSettings: [{ name: "TZ", value: zone }] };
      const fired = firstMs === undefined ? [] : ticks({ firstMs, count: 1 });
      return judged(run(fired, { files, definition, untilMs: 9_500 }), CONTRACT);
    };
    const missed = [`broken ${CONTRACT}: ticks of "batch" are missed`];
    expect(judge("TZ=Asia/Kolkata 5 30 17 * * *", "UTC", 5000)).toEqual([`held ${CONTRACT}`]);
    expect(judge("TZ=Asia/Kolkata 5 30 17 * * *", "UTC", undefined)).toEqual(missed);
    expect(judge("5 30 17 * * *", "Asia/Kolkata", undefined)).toEqual(missed);
    expect(judge("5 30 17 * * *", "No/Where", undefined)).toEqual([`unknown ${CONTRACT}`]);
  });

  test("ticks that stop after an outage are missed, though those in it are not", () => {
    const moments = [
      at(4500, { type: "container.paused", container: "main" }),
      at(6000, { type: "container.resumed", container: "main" }),
    ];
    const fired = ticks({ firstMs: 3000, count: 2 });
    const judge = (untilMs: number) => judged(run(fired, { moments, untilMs }), CONTRACT);
    expect(judge(7_300)).toEqual([`held ${CONTRACT}`]);
    expect(judge(9_000)).toEqual([`broken ${CONTRACT}: ticks of "batch" are missed`]);
  });

  test("failures after an outage count, one interval after its end", () => {
    const moments = [
      at(4500, { type: "container.paused", container: "main" }),
      at(6000, { type: "container.resumed", container: "main" }),
    ];
    expect(judged(run(failing(7200), { moments, untilMs: 8_000 }), CONTRACT)).toEqual([`held ${CONTRACT}`]);
    expect(judged(run(failing(7600), { moments, untilMs: 8_000 }), CONTRACT)).toEqual([
      `broken ${CONTRACT}: ticks of "batch" fail`,
    ]);
  });

  test("failures that follow from main's own end", () => {
    const moments = [exited(4500, "main"), started(4600, "main")];
    const fired = [
      ...ticks({ firstMs: 3000, count: 2 }),
      ...ticks({ firstMs: 5000, count: 1, success: false }),
      ...ticks({ firstMs: 6000, count: 2 }),
    ];
    expect(judged(run(fired, { moments }), CONTRACT)).toEqual([
      `broken ${CONTRACT}: ticks of "batch" fail <= nothingExits("main")`,
    ]);
  });

  test("a policy posts again what was answered 204", () => {
    const account = { posts: { 204: 15 } };
    expect(troubles(run(ticks({ firstMs: 3000, count: 5 }), { account }))).toEqual([
      `broken ${CONTRACT}: ticks of "batch" are posted again`,
    ]);
  });

  test("a retry after a failure is none", () => {
    const account = { posts: { 200: 5, 500: 3 } };
    expect(troubles(run(ticks({ firstMs: 3000, count: 5 }), { account }))).toEqual([]);
  });

  test("a handler slower than the interval overlaps, and misses nothing", () => {
    const fired = ticks({ firstMs: 3000, count: 6, latencyMs: 3500 });
    const account = { pending: 4 };
    expect(judged(run(fired, { account, untilMs: 12_100 }), CONTRACT)).toEqual([
      `broken ${CONTRACT}: ticks of "batch" overlap`,
    ]);
  });

  test("a handler that never answers overlaps, though no tick was counted", () => {
    expect(judged(run([], { account: { pending: 5 } }), CONTRACT)).toEqual([
      `broken ${CONTRACT}: ticks of "batch" overlap`,
    ]);
  });

  test("calls that were read together have one mean time, and none is missed for that", () => {
    // Called at 5, 6, 7 and 8 s; the counters were read when the first and the last had been answered.
    const fired = [
      ...ticks({ firstMs: 3000, count: 2 }),
      ...[1, 2].flatMap(() => ticks({ firstMs: 6500, count: 1, latencyMs: 1600 })),
      ...[1, 2].flatMap(() => ticks({ firstMs: 7500, count: 1, latencyMs: 900 })),
    ];
    expect(judged(run(fired, { untilMs: 9_300 }), CONTRACT)).toEqual([
      `broken ${CONTRACT}: ticks of "batch" overlap`,
    ]);
  });

  test("of a daprd that was started again, its own ticks count", () => {
    const moments = [
      exited(5420, "dapr", { exitCode: 137, asked: true }),
      healthz(5430, null),
      started(6000, "dapr"),
      healthz(6500, 204),
    ];
    const account = { delivered: { batch: { success: 2, failed: 0 } }, posts: { 200: 2 } };
    const fired = [...ticks({ firstMs: 3000, count: 3 }), ...ticks({ firstMs: 7500, count: 1 })];
    const record = run(fired, { moments, account, untilMs: 9_000 });
    // The counters have one tick more than the timeline tells of since the second start.
    expect(judgementsOf(record, CONTRACT)).toMatchObject([
      { verdict: "held", evidence: ["5 ticks, each due one delivered once"] },
    ]);
  });

  test("slow calls do not hide that most ticks are missed", () => {
    const fired = [3000, 4000, 9000].flatMap((firstMs) => ticks({ firstMs, count: 1, latencyMs: 900 }));
    expect(judged(run(fired, { untilMs: 12_000 }), CONTRACT)).toEqual([
      `broken ${CONTRACT}: ticks of "batch" are missed`,
    ]);
  });

  test("without the last counters, a tick may be under way", () => {
    const judge = (count: number) =>
      judged(run(ticks({ firstMs: 3000, count }), { account: null }), CONTRACT);
    expect(judge(5)).toEqual([`held ${CONTRACT}`]);
    expect(judge(3)).toEqual([`unknown ${CONTRACT}`]);
  });

  test("where the metrics could not be observed, nothing is said to be missed", () => {
    const moments = [
      at(4500, {
        type: "observer.failed",
        observer: "platform container: dapr metrics",
        detail: "GET /metrics answered 500",
      }),
    ];
    const fired = [...ticks({ firstMs: 3000, count: 1 }), ...ticks({ firstMs: 6000, count: 2 })];
    expect(judged(run(fired, { moments }), CONTRACT)).toEqual([`unknown ${CONTRACT}`]);
  });

  test("with an app health check, daprd finds the app healthy a little later", () => {
    const moments = [
      exited(4500, "main", { exitCode: 137, asked: true }),
      started(5000, "main"),
      at(5500, { type: "port.opened", port: 9000, address: "0.0.0.0", container: "main" }),
    ];
    const fired = [...ticks({ firstMs: 3000, count: 2 }), ...ticks({ firstMs: 11_200, count: 3 })];
    const judge = (account: object) => judged(run(fired, { moments, account, untilMs: 13_900 }), CONTRACT);
    expect(judge({ appHealthProbes: 3 })).toEqual([`held ${CONTRACT}`]);
    expect(judge({})).toEqual([`broken ${CONTRACT}: ticks of "batch" are missed`]);
  });
});
