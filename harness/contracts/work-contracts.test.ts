import { describe, expect, test } from "vitest";

import { check } from "./check.ts";
import { exampleRun, ENDED_BY_THEMSELVES } from "./test-support/example-run.ts";
import { blobFile, cronFile } from "./test-support/files.ts";
import { judged, judgementsOf, run, troubles } from "./test-support/judged.ts";
import { at, blobs, exited, healthz, started, startOf, successes, ticks } from "./test-support/moments.ts";
import { ticksHaveEffectOf } from "./ticks-have-effect.ts";

const CONTRACT = 'ticksDelivered("batch")';

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
    const failing = (firstMs: number) => [
      ...ticks({ firstMs: 3000, count: 2 }),
      ...ticks({ firstMs: 6200, count: 1 }),
      ...ticks({ firstMs, count: 1, success: false }),
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

describe("ticksHaveEffect", () => {
  const effect = 'ticksHaveEffect("batch")';
  const fired = ticks({ firstMs: 3000, count: 5 });
  const withBlobs = (count: number, more = {}) =>
    exampleRun({ moments: [...startOf(), ...fired, ...blobs(successes(fired).slice(0, count))], ...more });

  test("a successful tick without its blob", () => {
    expect(troubles(withBlobs(4))).toEqual([`broken ${effect}: ticks of "batch" succeed without their blob`]);
    expect(judgementsOf(withBlobs(4), effect)[0]?.evidence).toEqual(["5 successful ticks of 5, 4 blobs"]);
  });

  test("of a run that was not stopped, the last moments are not looked at", () => {
    expect(judged(withBlobs(4, { stopped: null, untilMs: 7_500 }), effect)).toEqual([`held ${effect}`]);
    expect(judged(withBlobs(2, { stopped: null, untilMs: 7_500 }), effect)).toEqual([
      `broken ${effect}: ticks of "batch" succeed without their blob`,
    ]);
  });

  test("more blobs than ticks, by a policy that posts again", () => {
    const twice = [...successes(fired), ...successes(fired)];
    const record = exampleRun({
      moments: [...startOf(), ...fired, ...blobs(twice)],
      account: { posts: { 204: 10 } },
    });
    expect(judged(record, effect)).toEqual([
      `broken ${effect}: ticks of "batch" make too many blobs <= ${CONTRACT}`,
    ]);
  });

  test("one tick that died with the stop may have made its blob", () => {
    const record = exampleRun({ moments: [...startOf(), ...fired, ...blobs([...successes(fired), 8050])] });
    expect(judged(record, effect)).toEqual([`held ${effect}`]);
  });

  test("another number of blobs for each tick", () => {
    const two = ticksHaveEffectOf({ blobsPerTick: 2 });
    expect(check([two], withBlobs(5))).toMatchObject([{ verdict: "broken" }]);
    const record = exampleRun({
      moments: [...startOf(), ...fired, ...blobs([...successes(fired), ...successes(fired)])],
    });
    expect(check([two], record)).toMatchObject([{ verdict: "held" }]);
  });

  test("of a site with two input bindings, or without a blob output, nothing is said", () => {
    const two = [cronFile(), cronFile({ name: "report" }), blobFile()];
    expect(judged(withBlobs(0, { files: two }), "ticksHaveEffect")).toEqual([]);
    expect(judged(withBlobs(0, { files: [cronFile()] }), "ticksHaveEffect")).toEqual([]);
  });

  test("where storage could not be looked at, a blob that lacks is unknown", () => {
    const moments = [
      ...startOf(),
      ...fired,
      at(5000, { type: "observer.failed", observer: "blobs", detail: "no answer" }, null),
    ];
    expect(judged(exampleRun({ moments }), effect)).toEqual([`unknown ${effect}`]);
  });
});

describe("recovers", () => {
  const contract = 'recovers("batch")';
  const outage = [
    at(
      4500,
      { type: "fault.injected", id: 1, fault: { fault: "storage-refused" }, what: "storage refuses" },
      null,
    ),
    at(
      6000,
      { type: "fault.healed", id: 1, fault: { fault: "storage-refused" }, what: "storage refuses" },
      null,
    ),
  ];
  const before = ticks({ firstMs: 3000, count: 2 });
  const failing = ticks({ firstMs: 5000, count: 1, success: false });

  test("of a run without an outage nothing is said", () => {
    expect(judged(run(ticks({ firstMs: 3000, count: 5 })), "recovers")).toEqual([]);
  });

  test("the first tick after it succeeds", () => {
    const record = run([...before, ...failing, ...ticks({ firstMs: 6100, count: 2 })], { moments: outage });
    expect(judged(record, contract)).toEqual([`held ${contract}`]);
    expect(judgementsOf(record, contract)[0]?.evidence).toEqual([
      "fault storage-refused from +4.50 s to +6.00 s; a tick succeeded 0.12 s after all was back",
    ]);
  });

  test("the ticks within one interval fail, though later ones succeed", () => {
    const fired = [
      ...before,
      ...ticks({ firstMs: 5000, count: 3, success: false }),
      ...ticks({ firstMs: 8000, count: 3 }),
    ];
    expect(judged(run(fired, { moments: outage, untilMs: 11_000 }), contract)).toEqual([
      `broken ${contract}: no tick of "batch" succeeds after fault storage-refused`,
    ]);
  });

  test("no tick comes any more", () => {
    expect(judged(run([...before, ...failing], { moments: outage, untilMs: 11_000 }), contract)).toEqual([
      `broken ${contract}: no tick of "batch" succeeds after fault storage-refused`,
    ]);
  });

  test("daprd ends because of it", () => {
    const moments = [...outage, exited(5900, "dapr")];
    expect(
      judged(run([...before, ...failing], { moments, untilMs: 11_000, account: null }), contract),
    ).toEqual([
      `broken ${contract}: no tick of "batch" succeeds after fault storage-refused <= nothingExits("dapr")`,
    ]);
  });

  test("an observation that ends too soon, and an outage that never ends, tell nothing", () => {
    expect(judged(run([...before, ...failing], { moments: outage, untilMs: 7_000 }), contract)).toEqual([
      `unknown ${contract}`,
    ]);
    expect(judged(run(before, { moments: outage.slice(0, 1) }), "recovers")).toEqual([]);
  });

  test("a kill counts from when what was killed serves again", () => {
    const moments = [
      exited(4500, "dapr", { exitCode: 137, asked: true }),
      healthz(4510, null),
      started(6000, "dapr"),
      healthz(9000, 204),
    ];
    expect(
      judged(
        run([...before, ...ticks({ firstMs: 10_000, count: 2 })], { moments, untilMs: 12_000 }),
        contract,
      ),
    ).toEqual([`held ${contract}`]);
    expect(judged(run(before, { moments, untilMs: 14_000 }), contract)).toEqual([
      `broken ${contract}: no tick of "batch" succeeds after "dapr" is killed`,
    ]);
  });

  test("outages that overlap are over when the last one is", () => {
    const moments = [
      ...outage,
      at(5500, { type: "container.paused", container: "main" }),
      at(9000, { type: "container.resumed", container: "main" }),
    ];
    const fired = [...before, ...ticks({ firstMs: 9100, count: 2 })];
    expect(judged(run(fired, { moments, untilMs: 12_000 }), contract)).toEqual([
      `held ${contract}`,
      `held ${contract}`,
    ]);
  });
});

describe("stopsGracefully", () => {
  const fired = ticks({ firstMs: 3000, count: 5 });
  const stop = (container: string, exitCode: number) => ({
    container,
    instance: "0-1",
    exitCode,
    afterMs: exitCode === 137 ? 5050 : 90,
    killed: exitCode === 137,
  });

  test("a container that is killed, and one that ends with another code", () => {
    expect(troubles(run(fired, { stopped: [stop("main", 137), stop("dapr", 1)] }))).toEqual([
      'broken stopsGracefully("main"): container "main" killed at the end of the grace',
      'broken stopsGracefully("dapr"): container "dapr" ends with 1 when it is stopped',
    ]);
  });

  test("a run that was not stopped tells nothing", () => {
    expect(judged(run(fired, { stopped: null }), "stopsGracefully")).toEqual(["unknown stopsGracefully"]);
  });

  test("a container that was paused could not hear the signal", () => {
    const moments = [at(7900, { type: "container.paused", container: "main" })];
    expect(judged(run(fired, { moments, stopped: [stop("main", 137)] }), 'stopsGracefully("main")')).toEqual([
      'unknown stopsGracefully("main")',
    ]);
  });

  const contract = 'stopsGracefully("batch")';
  const underWay = { account: { pending: 1 }, untilMs: 8_010 };

  test("a tick under way is finished and has its effect", () => {
    const moments = blobs([8_200]);
    expect(judged(run(fired, { ...underWay, moments }), contract)).toEqual([`held ${contract}`]);
  });

  test("a tick under way has no effect: it is lost", () => {
    expect(judged(run(fired, underWay), contract)).toEqual([
      `broken ${contract}: ticks of "batch" under way are lost when the site is stopped`,
    ]);
  });

  test("it was lost because its app was killed", () => {
    const stopped = [stop("main", 137), ...ENDED_BY_THEMSELVES.slice(1)];
    expect(judged(run(fired, { ...underWay, stopped }), contract)).toEqual([
      `broken ${contract}: ticks of "batch" under way are lost when the site is stopped <= stopsGracefully("main")`,
    ]);
  });

  test("daprd counted that it failed", () => {
    const moments = ticks({ firstMs: 8_000, count: 1, latencyMs: 300, success: false });
    const record = run(fired, { ...underWay, moments: [...moments, ...blobs([8_200])] });
    expect(judged(record, contract)).toEqual([
      `broken ${contract}: ticks of "batch" under way are lost when the site is stopped`,
    ]);
  });

  test("without blobs that tell, whether it was finished is unknown", () => {
    expect(judged(run(fired, { ...underWay, files: [cronFile()] }), contract)).toEqual([
      `unknown ${contract}`,
    ]);
  });
});

describe("firesOnce of a run", () => {
  test("of one instance nothing is said; two at a time break it", () => {
    expect(judged(run(ticks({ firstMs: 3000, count: 5 })), "firesOnce")).toEqual([]);
    const both = [
      ...ticks({ firstMs: 3000, count: 5 }),
      ...ticks({ firstMs: 3400, count: 5, instance: "1-1" }),
    ];
    const record = run(both, { moments: startOf("1-1") });
    expect(judged(record, "firesOnce")).toEqual([
      'broken firesOnce("batch"): "batch" fires in several instances',
    ]);
  });
});
