import { describe, expect, test } from "vitest";

import { check } from "./check.ts";
import type { RecordedStop } from "./run-record.ts";
import { exampleRun, ENDED_BY_THEMSELVES } from "./test-support/example-run.ts";
import { blobFile, cronFile } from "./test-support/files.ts";
import { judged, judgementsOf, run, troubles } from "./test-support/judged.ts";
import { at, blobs, exited, healthz, started, startOf, successes, ticks } from "./test-support/moments.ts";
import { ticksHaveEffectOf } from "./ticks-have-effect.ts";

const CONTRACT = 'ticksDelivered("batch")';

function stop(container: string, exitCode: number): RecordedStop {
  return {
    container,
    instance: "0-1",
    exitCode,
    afterMs: exitCode === 137 ? 5050 : 90,
    killed: exitCode === 137,
  };
}

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
  const failed = ticks({ firstMs: 5000, count: 1, success: false });

  test("of a run without an outage nothing is said", () => {
    expect(judged(run(ticks({ firstMs: 3000, count: 5 })), "recovers")).toEqual([]);
  });

  test("the first tick after it succeeds", () => {
    const record = run([...before, ...failed, ...ticks({ firstMs: 6100, count: 2 })], { moments: outage });
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
    expect(judged(run([...before, ...failed], { moments: outage, untilMs: 11_000 }), contract)).toEqual([
      `broken ${contract}: no tick of "batch" succeeds after fault storage-refused`,
    ]);
  });

  test("daprd ends because of it", () => {
    const moments = [...outage, exited(5900, "dapr")];
    expect(
      judged(run([...before, ...failed], { moments, untilMs: 11_000, account: null }), contract),
    ).toEqual([
      `broken ${contract}: no tick of "batch" succeeds after fault storage-refused <= nothingExits("dapr")`,
    ]);
  });

  test("an observation that ends too soon, and an outage that never ends, tell nothing", () => {
    expect(judged(run([...before, ...failed], { moments: outage, untilMs: 7_000 }), contract)).toEqual([
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
