import { describe, expect, test } from "vitest";

import { BUILT_IN_CONTRACTS } from "../built-in.ts";
import type { RunRecord } from "../run-record.ts";
import { checked } from "../test-support/checked.ts";
import { run } from "../test-support/judged.ts";
import { healthz, started } from "../test-support/moments.ts";
import { brokenBy, countedAt, judgeCadence, onWire, REGULAR } from "../test-support/on-wire.ts";
import { exchanged, posts, readTime, tapped } from "../test-support/wire.ts";
import { cadenceOf } from "./cadence-figures.ts";
import { cadence } from "./cadence.ts";

const CONTRACT = 'cadence("batch")';

/** The first tick was posted before, and had this answer. */
function postedBefore(status: number): RunRecord {
  const first = exchanged({ id: 50, startMs: 2990, status, headers: [["readtimeutc", readTime(2999)]] });
  return onWire(REGULAR, { moments: [first] });
}

describe("cadence on the wire", () => {
  test("of a good site holds, with its figures", () => {
    const judgement = judgeCadence(onWire(REGULAR));
    expect(judgement).toMatchObject({
      contract: CONTRACT,
      verdict: "held",
      evidence: [
        "5 ticks on the wire: 0 missed, 0 too many, 0 overlapping, 0 failed",
        "first tick 1.00 s after daprd began to read the binding, due after 1.00 s",
        "interval mean 1001, p50 1001, p90 1001, p99 1001, 1001 to 1001 ms",
        "distance from when due mean 1, p50 1, p90 1, p99 1, 1 to 1 ms",
        "answered on the wire: 5 with success, 0 without; daprd counted 5 and 0",
      ],
      figures: [
        {
          component: "batch",
          instance: "0-1",
          schedule: "@every 1s",
          seen: "wire",
          ticks: 5,
          mostAtOnce: 1,
          firstTicks: [{ afterMs: 1000, dueAfterMs: 1000 }],
          intervalMs: { count: 4, mean: 1001, p99: 1001 },
          phases: [],
        },
      ],
    });
    expect(judgement?.figures).toEqual(cadenceOf(onWire(REGULAR), "batch"));
  });

  test.for<readonly [string, readonly number[], string]>([
    ["one is missed", [2999, 4000, 6002, 7003], 'ticks of "batch" are missed'],
    ["the last are missed", [2999, 4000], 'ticks of "batch" are missed'],
    ["one comes late", [2999, 4000, 5301, 6302, 7303], 'ticks of "batch" are irregular'],
    ["one comes twice", [2999, 4000, 4003, 5001, 6002, 7003], 'ticks of "batch" are posted again'],
  ])("%s", ([, times, symptom]) => {
    expect(brokenBy(onWire(times, { posted: { latencyMs: 2 } }))).toEqual([symptom]);
  });

  test("none comes at all, as the built-in contracts say too", () => {
    expect(brokenBy(onWire([]))).toEqual(['ticks of "batch" are missed']);
    const all = checked([...BUILT_IN_CONTRACTS, cadence("batch")], onWire([]));
    expect(all.find(({ contract }) => contract === CONTRACT)).toMatchObject({
      verdict: "broken",
      because: 'ticksDelivered("batch")',
    });
  });

  test("the first comes at once, or an interval late", () => {
    const first = 'the first tick of "batch" comes at another time';
    expect(brokenBy(onWire([2100, 3101, 4102, 5103, 6104, 7105]))).toEqual([first]);
    expect(brokenBy(onWire([3400, 4401, 5402, 6403, 7404]))).toEqual([first]);
  });

  test("a policy posts again what had its answer, but not what failed", () => {
    expect(brokenBy(postedBefore(204))).toEqual(['ticks of "batch" are posted again']);
    expect(judgeCadence(postedBefore(500))).toMatchObject({
      verdict: "held",
      figures: [{ ticks: 5, retried: 1, duplicated: 0 }],
    });
  });

  test("a daprd that posts twice what it counts once", () => {
    const twice = REGULAR.map((time, index) =>
      exchanged({ id: 50 + index, startMs: time + 30, headers: [["Readtimeutc", readTime(time + 30)]] }),
    );
    expect(brokenBy(onWire(REGULAR, { moments: twice }))).toEqual([
      'ticks of "batch" are posted again',
      'ticks of "batch" are posted that daprd does not count',
    ]);
  });

  test("the app's answers fail", () => {
    const record = onWire(REGULAR, { posted: { status: 500 } });
    expect(brokenBy(record)).toEqual(['ticks of "batch" fail']);
    expect(brokenBy(record, { failed: 5 })).toEqual([]);
  });

  test("an answer of success that daprd takes for a failure", () => {
    const counted = countedAt(REGULAR, { success: false });
    expect(brokenBy(onWire(REGULAR, { counted, posted: { status: 204 } }))).toEqual([
      'daprd takes ticks of "batch" for failures that the app has answered with success',
    ]);
  });

  test("a connection that is reset is no success", () => {
    const record = onWire(REGULAR, {
      counted: countedAt(REGULAR, { success: false }),
      posted: { end: { how: "reset", by: "to" } },
    });
    expect(brokenBy(record)).toEqual(['ticks of "batch" fail']);
  });

  test("posts that found nobody listening are failures, not missed", () => {
    const reached = [2999, 4000, 7003];
    const counted = [...countedAt(reached), ...countedAt([5001, 6002], { success: false, latencyMs: 1 })];
    const record = onWire(reached, { counted });
    expect(brokenBy(record)).toEqual(['ticks of "batch" fail']);
    expect(cadenceOf(record, "batch")).toMatchObject([{ ticks: 3, unreached: 2, failed: 2, missed: 0 }]);
  });

  test("a handler slower than the interval overlaps", () => {
    const record = onWire(REGULAR, {
      posted: { latencyMs: 2500 },
      counted: [],
      account: { delivered: { batch: { success: 2, failed: 0 } }, pending: 3 },
      untilMs: 7_500,
    });
    expect(brokenBy(record)).toEqual(['ticks of "batch" overlap']);
    expect(cadenceOf(record, "batch")).toMatchObject([{ overlapping: 4, mostAtOnce: 3 }]);
  });

  test("a handler that never answers overlaps, and has not failed yet", () => {
    const record = onWire(REGULAR, { posted: { latencyMs: null }, counted: [], account: { pending: 5 } });
    expect(brokenBy(record)).toEqual(['ticks of "batch" overlap']);
    expect(cadenceOf(record, "batch")).toMatchObject([{ ticks: 5, failed: 0, mostAtOnce: 5 }]);
  });

  test("a tick that is under way at the end holds", () => {
    const last = exchanged({
      id: 9,
      startMs: 7900,
      latencyMs: null,
      headers: [["Readtimeutc", readTime(7900)]],
    });
    const record = onWire([2900, 3900, 4900, 5900, 6900], { moments: [last], account: { pending: 1 } });
    expect(judgeCadence(record)).toMatchObject({ verdict: "held", figures: [{ ticks: 6 }] });
  });

  test("what the app is asked besides, and what others post, is no tick", () => {
    const moments = [
      exchanged({ id: 50, startMs: 2500, method: "OPTIONS" }),
      exchanged({ id: 51, startMs: 3500, from: "main", to: "dapr", path: "/v1.0/bindings/blob" }),
      exchanged({ id: 52, startMs: 3600, from: null }),
      exchanged({ id: 54, startMs: 3650, from: "other" }),
      exchanged({ id: 53, startMs: 3700, path: "/.internal/other" }),
    ];
    // daprd asks for the binding, and reads it from then on.
    expect(cadenceOf(onWire([3520, 4521], { moments }), "batch")).toMatchObject([
      { ticks: 2, firstTicks: [{ afterMs: 1000 }] },
    ]);
  });

  test("over gRPC", () => {
    const times = REGULAR.map((startMs, index) =>
      exchanged({
        id: 50 + index,
        startMs,
        path: "/dapr.proto.runtime.v1.AppCallback/OnBindingEvent",
        grpc: {
          service: "dapr.proto.runtime.v1.AppCallback",
          method: "OnBindingEvent",
          requests: [
            { atMs: startMs, size: 9, json: { name: "batch", metadata: { readTimeUTC: readTime(startMs) } } },
          ],
          responses: [],
          status: index === 4 ? 13 : 0,
        },
      }),
    );
    const counted = [...countedAt(REGULAR.slice(0, 4)), ...countedAt(REGULAR.slice(4), { success: false })];
    const record = run(counted, { moments: [...tapped(), ...times] });
    expect(brokenBy(record)).toEqual(['ticks of "batch" fail']);
    expect(cadenceOf(record, "batch")).toMatchObject([{ ticks: 5, failed: 1, missed: 0 }]);
  });
});

test("several instances have figures of their own", () => {
  const record = run([...countedAt(REGULAR), ...countedAt(REGULAR, { instance: "1-1" })], {
    moments: [
      ...["main", "dapr"].map((name) => started(110, name, "1-1")),
      healthz(2000, 204, "1-1"),
      ...tapped(),
      ...tapped({ instance: "1-1" }),
      ...posts(REGULAR),
      ...posts([2999, 4000], { instance: "1-1" }),
    ],
  });
  const [judgement] = checked([cadence("batch")], record);
  expect(judgement?.figures).toMatchObject([{ instance: "0-1" }, { instance: "1-1", ticks: 2 }]);
  expect(judgement?.evidence).toEqual(expect.arrayContaining([expect.stringContaining("in instance 1-1")]));
});
