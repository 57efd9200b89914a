import { describe, expect, test } from "vitest";

import { blobFile, cronFile } from "../test-support/files.ts";
import { at, exited, healthz, started } from "../test-support/moments.ts";
import { brokenBy, countedAt, judgeCadence, onWire } from "../test-support/on-wire.ts";
import { exchanged } from "../test-support/wire.ts";
import type { CadenceBounds } from "./cadence-bounds.ts";

describe("bounds of the user's", () => {
  test.for<readonly [string, CadenceBounds, string]>([
    ["too few", { count: { least: 6 } }, 'too few ticks of "batch"'],
    ["too many", { count: { most: 4 } }, 'too many ticks of "batch"'],
    ["the first tick", { firstTickMs: { most: 500 } }, 'the first tick of "batch" comes at another time'],
    ["the mean", { intervalMs: { mean: { most: 999 } } }, 'the interval of "batch" is out of bounds'],
    ["a percentile", { intervalMs: { p99: { least: 1100 } } }, 'the interval of "batch" is out of bounds'],
    ["jitter", { jitterMs: 10 }, 'ticks of "batch" are irregular'],
    ["jitter's percentile", { jitterMs: { p90: 10 } }, 'ticks of "batch" are irregular'],
    ["tolerance", { toleranceMs: 15 }, 'ticks of "batch" are irregular'],
  ])("%s", ([, bounds, symptom]) => {
    const record = onWire([2999, 4000, 5020, 6021, 7022]);
    expect(brokenBy(record)).toEqual([]);
    expect(brokenBy(record, bounds)).toEqual([symptom]);
  });

  test("false takes a default away", () => {
    const record = onWire([2100, 3601, 3602, 7005], { posted: { status: 500, latencyMs: 0.5 } });
    expect(brokenBy(record)).toHaveLength(5);
    const none = {
      failed: false,
      missed: false,
      duplicated: false,
      firstTickMs: false,
      jitterMs: false,
    } as const;
    expect(judgeCadence(record, none)).toMatchObject({ verdict: "held" });
  });
});

describe("a schedule of the wall clock", () => {
  const everyTwo = [cronFile({ schedule: "TZ=Asia/Kolkata */2 * * * * *" }), blobFile()];

  test("has its ticks when they are due", () => {
    const record = onWire([4002, 6001, 8003], { files: everyTwo, untilMs: 9_000 });
    expect(judgeCadence(record)).toMatchObject({
      verdict: "held",
      figures: [{ jitterMs: { most: 3 }, intervalMs: { mean: 2000.5 }, firstTicks: [{ dueAfterMs: 2001 }] }],
    });
  });

  test.for<readonly [string, readonly number[], string]>([
    ["one is late", [4002, 6400, 8003], 'ticks of "batch" are irregular'],
    ["one is missed", [4002, 8003], 'ticks of "batch" are missed'],
    ["one comes twice", [4002, 4700, 6001, 8003], 'ticks of "batch" are posted again'],
  ])("%s", ([, times, symptom]) => {
    expect(brokenBy(onWire(times, { files: everyTwo, untilMs: 9_000 }))).toEqual([symptom]);
  });
});

describe("an outage or a restart", () => {
  const mainIsKilled = [
    exited(4500, "main", { exitCode: 137, asked: true }),
    started(5500, "main"),
    at(5900, { type: "port.opened", port: 9000, address: "0.0.0.0", container: "main" }),
  ];
  const unreached = countedAt([5001], { success: false, latencyMs: 1 });

  test("leaves the phase as it was", () => {
    const times = [2999, 4000, 6002, 7003];
    const record = onWire(times, { moments: mainIsKilled, counted: [...countedAt(times), ...unreached] });
    expect(judgeCadence(record)).toMatchObject({
      verdict: "held",
      figures: [
        {
          failed: 0,
          phases: [
            { what: '"main" is killed', beforeMs: 0, afterMs: 2, shiftMs: 2, beganAnew: false, intervals: 2 },
          ],
        },
      ],
    });
  });

  test("leaves a phase that is about to begin anew as it was", () => {
    const times = [2997, 3998, 6001, 7002];
    const record = onWire(times, { moments: mainIsKilled, counted: [...countedAt(times), ...unreached] });
    expect(judgeCadence(record)).toMatchObject({
      verdict: "held",
      figures: [{ phases: [{ beforeMs: 998, afterMs: 1, shiftMs: 3 }] }],
    });
  });

  test("changes the phase", () => {
    const times = [2999, 4000, 6450, 7451];
    const record = onWire(times, { moments: mainIsKilled, counted: [...countedAt(times), ...unreached] });
    expect(brokenBy(record)).toEqual(['ticks of "batch" change their phase']);
    expect(brokenBy(record, { phaseShiftMs: 500 })).toEqual([]);
    expect(brokenBy(record, { phaseShiftMs: false })).toEqual([]);
  });

  test("that stops daprd before its first tick moves that", () => {
    const moments = [
      at(2500, { type: "container.paused", container: "dapr" }),
      at(4500, { type: "container.resumed", container: "dapr" }),
    ];
    const times = [4501, 5502, 6503, 7504];
    expect(judgeCadence(onWire(times, { moments }))).toMatchObject({
      verdict: "held",
      figures: [{ firstTicks: [] }],
    });
    expect(brokenBy(onWire(times))).toContain('the first tick of "batch" comes at another time');
  });

  const daprdIsKilled = [
    exited(4500, "dapr", { exitCode: 137, asked: true }),
    healthz(4510, null),
    started(5000, "dapr"),
    healthz(5500, 204),
    exchanged({ id: 2, startMs: 5490, latencyMs: 5, method: "GET", path: "/dapr/config" }),
  ];

  test("of daprd of which the harness heard late begins with what daprd did before", () => {
    const late = [
      ...daprdIsKilled.filter(({ happening }) => happening.type !== "container.started"),
      started(5497, "dapr"),
    ];
    const record = onWire([2999, 4000, 6495, 7496], {
      moments: late,
      account: { delivered: { batch: { success: 2, failed: 0 } } },
    });
    expect(judgeCadence(record)).toMatchObject({
      verdict: "held",
      figures: [{ firstTicks: [{ afterMs: 1000 }, { afterMs: 1000 }] }],
    });
  });

  test("of daprd counts anew, and has a first tick of its own", () => {
    const record = onWire([2999, 4000, 6495, 7496], {
      moments: daprdIsKilled,
      account: { delivered: { batch: { success: 2, failed: 0 } } },
    });
    expect(judgeCadence(record)).toMatchObject({
      verdict: "held",
      figures: [
        {
          firstTicks: [{ afterMs: 1000 }, { afterMs: 1000 }],
          phases: [{ what: '"dapr" is killed', shiftMs: 495, beganAnew: true }],
        },
      ],
    });
    expect(brokenBy(record, { phaseShiftMs: 100 })).toEqual(['ticks of "batch" change their phase']);
  });
});
