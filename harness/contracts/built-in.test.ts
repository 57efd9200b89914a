import { describe, expect, test } from "vitest";

import { BUILT_IN_CONTRACTS } from "./built-in.ts";
import { check } from "./check.ts";
import { cronFile, blobFile } from "./test-support/files.ts";
import { exampleRun } from "./test-support/example-run.ts";
import { run, troubles } from "./test-support/judged.ts";
import { at, blobs, exited, healthz, started, startOf, successes, ticks } from "./test-support/moments.ts";

describe("a good run holds everything", () => {
  test.for([
    ["at once", ticks({ firstMs: 3000, count: 5 }), 8_000],
    ["just after a tick", ticks({ firstMs: 3000, count: 5 }), 7_140],
    ["just before the next one is due", ticks({ firstMs: 3000, count: 5 }), 7_990],
    ["with one tick", ticks({ firstMs: 3000, count: 1 }), 3_200],
    [
      "with drift and an uneven machine",
      [3010, 4100, 4990, 6150, 7020].flatMap((firstMs) => ticks({ firstMs, count: 1 })),
      7_900,
    ],
    [
      "with a first tick that is slow",
      [...ticks({ firstMs: 3000, count: 1, latencyMs: 700 }), ...ticks({ firstMs: 4000, count: 4 })],
      8_000,
    ],
  ] as const)("%s", ([, fired, untilMs]) => {
    const record = run(fired, { untilMs });
    expect(troubles(record)).toEqual([]);
    const held = check(BUILT_IN_CONTRACTS, record).map(({ contract }) => contract);
    expect(held).toEqual([
      'nothingExits("main")',
      'nothingExits("dapr")',
      "siteStarts",
      'componentsLoaded("batch")',
      'componentsLoaded("blob")',
      'bindingsActive("batch")',
      'ticksDelivered("batch")',
      'ticksHaveEffect("batch")',
      'stopsGracefully("main")',
      'stopsGracefully("dapr")',
    ]);
  });

  test("at @every 10s with two ticks, stopped right after the second", () => {
    const files = [cronFile({ schedule: "@every 10s" }), blobFile()];
    expect(
      troubles(run(ticks({ firstMs: 12_000, count: 2, everyMs: 10_010 }), { files, untilMs: 22_100 })),
    ).toEqual([]);
  });

  test("with a tick that daprd's counters have and nobody told of, and one that is under way", () => {
    const account = { delivered: { batch: { success: 5, failed: 0 } }, posts: { 200: 5 }, pending: 1 };
    const fired = ticks({ firstMs: 3000, count: 4 });
    const more = { untilMs: 8_500, account, moments: blobs([7000, 8000]) };
    expect(troubles(run(fired, more))).toEqual([]);
  });

  test("with several bindings, each with its own ticks", () => {
    const files = [cronFile(), cronFile({ name: "report", schedule: "@every 2s" }), blobFile()];
    const fired = [
      ...ticks({ firstMs: 3000, count: 5 }),
      ...ticks({ firstMs: 4000, count: 2, everyMs: 2000, component: "report" }),
    ];
    const loaded = at(520, {
      type: "component.loaded",
      container: "dapr",
      component: "report",
      componentType: "bindings.cron",
    });
    expect(troubles(run(fired, { files, untilMs: 7_900, moments: [loaded] }))).toEqual([]);
  });

  test("by the wall clock", () => {
    const files = [cronFile({ schedule: "*/2 * * * * *" }), blobFile()];
    expect(
      troubles(run(ticks({ firstMs: 4000, count: 3, everyMs: 2000 }), { files, untilMs: 9_000 })),
    ).toEqual([]);
  });
});

describe("what the schedule or a fault takes away is not held against the site", () => {
  test("daprd killed and started again: its counters begin at 0, its ticks anew", () => {
    const fired = [...ticks({ firstMs: 3000, count: 3 }), ...ticks({ firstMs: 8600, count: 4 })];
    const moments = [
      at(5400, { type: "container.signalled", container: "dapr", signal: "SIGKILL" }),
      exited(5420, "dapr", { exitCode: 137, asked: true }),
      healthz(5430, null),
      started(7000, "dapr"),
      healthz(7600, 204),
    ];
    expect(troubles(run(fired, { moments, untilMs: 12_300 }))).toEqual([]);
  });

  test("daprd paused: one tick when it resumes, and another phase", () => {
    const fired = [...ticks({ firstMs: 3000, count: 2 }), ...ticks({ firstMs: 9020, count: 4 })];
    const moments = [
      at(4500, { type: "container.paused", container: "dapr" }),
      at(9000, { type: "container.resumed", container: "dapr" }),
    ];
    expect(troubles(run(fired, { moments, untilMs: 12_900 }))).toEqual([]);
  });

  test("main killed and started again: ticks meanwhile fail", () => {
    const fired = [
      ...ticks({ firstMs: 3000, count: 2 }),
      ...ticks({ firstMs: 5000, count: 4, success: false, latencyMs: 1 }),
      ...ticks({ firstMs: 9000, count: 3 }),
    ];
    const moments = [
      exited(4500, "main", { exitCode: 137, asked: true }),
      started(6000, "main"),
      at(8400, { type: "port.opened", port: 9000, address: "0.0.0.0", container: "main" }),
    ];
    expect(troubles(run(fired, { moments, untilMs: 11_900 }))).toEqual([]);
  });

  test("a fault of storage: a call that began before it and ends after it fails", () => {
    const fired = [
      ...ticks({ firstMs: 3000, count: 1 }),
      ...ticks({ firstMs: 4000, count: 1, success: false, latencyMs: 10_500 }),
      ...ticks({ firstMs: 5000, count: 8, success: false, latencyMs: 900 }),
      ...ticks({ firstMs: 13_000, count: 4 }),
    ];
    const fault = { fault: "storage-status", status: 503 };
    const moments = [
      at(4010, { type: "fault.injected", id: 1, fault, what: "storage answers 503" }, null),
      at(12_500, { type: "fault.healed", id: 1, fault, what: "storage answers 503" }, null),
    ];
    expect(troubles(run(fired, { moments, untilMs: 16_900 }))).toEqual([]);
  });

  test("storage started late by the schedule: ticks before it fail", () => {
    const fired = [
      ...ticks({ firstMs: 3000, count: 3, success: false, latencyMs: 400 }),
      ...ticks({ firstMs: 6000, count: 5 }),
    ];
    const start = startOf().filter(
      ({ happening }) => !(happening.type === "container.started" && happening.container === "storage"),
    );
    const record = exampleRun({
      moments: [...start, started(4000, "storage", null), ...fired, ...blobs(successes(fired))],
      untilMs: 10_900,
    });
    expect(troubles(record)).toEqual([]);
  });
});
