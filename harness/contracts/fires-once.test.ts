import { expect, test } from "vitest";
import { Timeline } from "../timeline/timeline.ts";
import { firesOnce } from "./fires-once.ts";

/** Ticks as `<instance> <second>`. */
function run(...ticks: readonly string[]): Timeline {
  const timeline = new Timeline();
  const originMs = Date.now() - timeline.now();
  for (const [index, tick] of ticks.entries()) {
    const [instance = "", second] = tick.split(" ");
    timeline.record(
      { type: "tick", container: "dapr", component: "batch", count: index, success: true, latencyMs: 1 },
      originMs + Number(second) * 1000,
      instance,
    );
  }
  return timeline;
}

test("one instance, or one after the other, hold it", () => {
  expect(firesOnce(run("0-1 1", "0-1 2"), "batch")).toMatchObject({ verdict: "held" });
  expect(firesOnce(run("0-1 1", "0-1 2", "0-2 3"), "batch")).toMatchObject({ verdict: "held" });
});

test("two at the same time break it, and the evidence says which fired how often", () => {
  const judgement = firesOnce(run("1-1 1", "0-1 1", "0-1 2", "1-1 2"), "batch");
  expect(judgement).toMatchObject({
    contract: 'firesOnce("batch")',
    verdict: "broken",
    remedy: expect.stringContaining("lease"),
  });
  expect(judgement.evidence).toEqual([
    expect.stringMatching(/^instance 0-1: 2 ticks from \+1\.\d s to \+2\.\d s$/),
    expect.stringMatching(/^instance 1-1: 2 ticks from /),
  ]);
});

test("in virtual time those that are due at the same time count, however far apart they were posted", () => {
  const timeline = run("0-1 1", "1-1 2");
  expect(firesOnce(timeline, "batch").verdict).toBe("held");
  for (const instance of ["0-1", "1-1"]) {
    timeline.record(
      {
        type: "virtual.tick",
        container: "dapr",
        component: "batch",
        due: "2026-03-28T03:00:00.000Z",
        outcome: "succeeded",
        latencyMs: 1,
      },
      undefined,
      instance,
    );
  }
  expect(firesOnce(timeline, "batch").verdict).toBe("broken");
});

test("without a tick nothing is known", () => {
  expect(firesOnce(run(), "batch").verdict).toBe("unknown");
  expect(firesOnce(run("0-1 1"), "other").verdict).toBe("unknown");
});
