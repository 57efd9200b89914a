import { describe, expect, test } from "vitest";

import { checked } from "../test-support/checked.ts";
import { blobFile, cronFile } from "../test-support/files.ts";
import { run } from "../test-support/judged.ts";
import type { EventOf } from "../../timeline/events.ts";
import type { RunRecord } from "../run-record.ts";
import { at, ticks, type Moment } from "../test-support/moments.ts";
import { brokenBy, countedAt, judgeCadence, onWire, REGULAR } from "../test-support/on-wire.ts";
import { posts, tapped } from "../test-support/wire.ts";
import { cadence } from "./cadence.ts";

describe("what is not seen", () => {
  test("without a tap daprd's counters have to do", () => {
    const record = run(ticks({ firstMs: 3000, count: 5 }));
    const judgement = judgeCadence(record);
    expect(judgement).toMatchObject({
      verdict: "held",
      figures: [{ seen: "counters", goodToMs: 400, ticks: 5 }],
    });
    expect(judgement?.evidence[0]).toBe(
      "5 ticks by daprd's counters, since the run had no tap: 0 missed, 0 too many, 0 overlapping, 0 failed",
    );
  });

  test("what they are too coarse for is unknown, with the remedy", () => {
    const record = run(ticks({ firstMs: 3000, count: 5 }));
    expect(judgeCadence(record, { jitterMs: 50 })).toMatchObject({
      verdict: "unknown",
      remedy: expect.stringContaining("--tap"),
    });
    expect(judgeCadence(record, { intervalMs: { mean: { least: 2000 } } })).toMatchObject({
      verdict: "broken",
    });
  });

  test("they show what is missed, posted again, and overlaps", () => {
    expect(brokenBy(run(countedAt([3000, 4000, 7000])))).toEqual(['ticks of "batch" are missed']);
    expect(brokenBy(run(ticks({ firstMs: 3000, count: 5 }), { account: { posts: { 204: 15 } } }))).toEqual([
      'ticks of "batch" are posted again',
    ]);
    expect(brokenBy(run([], { account: { pending: 5 } }))).toEqual(['ticks of "batch" overlap']);
  });

  test("a tap that began later, or failed, is none", () => {
    const late = run(ticks({ firstMs: 3000, count: 5 }), { moments: tapped({ beganMs: 4000 }) });
    expect(judgeCadence(late)?.evidence[0]).toContain(
      "since the tap began at +4.00 s, after daprd had begun to read",
    );
    const failed = onWire(REGULAR, {
      moments: [at(5000, { type: "tap.gap", gap: { reason: "tap-failed", detail: "it was killed" } })],
    });
    expect(judgeCadence(failed)?.evidence[0]).toContain("since the tap failed at +5.00 s: it was killed");
  });

  test("two bindings with one route are told apart by the counters alone", () => {
    const twin = cronFile({ name: "other" });
    const files = [cronFile(), twin, blobFile()].map((file) => ({
      ...file,
      components: file.components.map((one) =>
        one.name === "other" ? { ...one, metadata: { ...one.metadata, route: "/.internal/batch" } } : one,
      ),
    }));
    expect(judgeCadence(onWire(REGULAR, { files }))?.evidence[0]).toContain(
      '"other" is posted to the same route',
    );
  });

  test("where packets were lost, nothing is said to be missed", () => {
    const gap = at(5500, {
      type: "tap.gap",
      gap: { reason: "packets-lost", packets: 3, detail: "3 packets" },
    });
    const record = onWire([2999, 4000, 6002, 7003], { moments: [gap] });
    expect(judgeCadence(record)).toMatchObject({ verdict: "unknown" });
    expect(judgeCadence(record)?.evidence[0]).toContain("packets-lost at +5.50 s: 3 packets");
  });

  test("what daprd counted after the observation, before it gave its counters, is not lacking", () => {
    const moments = posts([8004], { firstId: 60 });
    const account = { delivered: { batch: { success: 6, failed: 0 } } };
    expect(judgeCadence(onWire(REGULAR, { moments, account }))).toMatchObject({
      verdict: "held",
      figures: [{ ticks: 5 }],
    });
    expect(judgeCadence(onWire(REGULAR, { account }))).toMatchObject({ verdict: "unknown" });
  });

  test("successes that daprd counted and the wire lacks", () => {
    const record = onWire(REGULAR, { account: { delivered: { batch: { success: 7, failed: 0 } } } });
    expect(judgeCadence(record)).toMatchObject({ verdict: "unknown" });
  });

  test("no tick was due", () => {
    expect(judgeCadence(onWire([], { untilMs: 2_500 }))).toMatchObject({ verdict: "unknown" });
  });

  test("there is no such binding", () => {
    expect(checked([cadence("bach")], onWire(REGULAR))).toMatchObject([
      {
        verdict: "broken",
        symptom: 'there is no cron binding "bach"',
        remedy: expect.stringContaining('"batch"'),
      },
    ]);
  });
});

function virtualTick(minute: number, outcome: EventOf<"virtual.tick">["outcome"] = "succeeded"): Moment {
  return at(3000 + minute, {
    type: "virtual.tick",
    container: "dapr",
    component: "batch",
    due: `2026-12-01T00:0${minute}:00.000Z`,
    outcome,
    latencyMs: 1,
  });
}

/** A run at `* * * * *` with virtual time. */
function virtualRun(...moments: readonly Moment[]): RunRecord {
  const real = run([], { moments, files: [cronFile({ schedule: "* * * * *" }), blobFile()] });
  return { ...real, plan: { ...real.plan, virtualTime: { from: "2026-12-01T00:00:00.000Z", clocks: [] } } };
}

describe("in virtual time", () => {
  test("its clock knows each tick", () => {
    const judgement = judgeCadence(virtualRun(virtualTick(1), virtualTick(2), virtualTick(3)));
    expect(judgement).toMatchObject({
      verdict: "held",
      time: "virtual",
      figures: [{ seen: "virtual", ticks: 3, intervalMs: { mean: 60_000 }, jitterMs: null }],
    });
    expect(judgement?.evidence[0]).toContain("3 ticks by the virtual clock");
  });

  test("failures are broken, what was not waited for is unknown", () => {
    expect(brokenBy(virtualRun(virtualTick(1), virtualTick(2, "failed")))).toEqual(['ticks of "batch" fail']);
    for (const outcome of ["started", "unanswered", "dropped"] as const) {
      expect(judgeCadence(virtualRun(virtualTick(1), virtualTick(2, outcome)))).toMatchObject({
        verdict: "unknown",
      });
    }
    expect(judgeCadence(virtualRun())).toMatchObject({ verdict: "unknown" });
  });

  test("the user's bounds are in that time", () => {
    const bounds = { intervalMs: { most: { most: 60_000 } } };
    expect(brokenBy(virtualRun(virtualTick(1), virtualTick(3)), bounds)).toEqual([
      'the interval of "batch" is out of bounds',
    ]);
  });
});
