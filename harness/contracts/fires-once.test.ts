import { expect, test } from "vitest";
import { Timeline } from "../timeline/timeline.ts";
import { firesOnce } from "./fires-once.ts";

/** Ticks as `<instance> <second>`, and ends as `<instance> <second> stops` or `<instance> <second> <container>`, which exits. */
function run(...ticks: readonly string[]): Timeline {
  const timeline = new Timeline();
  const originMs = Date.now() - timeline.now();
  for (const [index, tick] of ticks.entries()) {
    const [instance = "", second, end] = tick.split(" ");
    timeline.record(eventOf(index, end), originMs + Number(second) * 1000, instance);
  }
  return timeline;
}

function eventOf(count: number, end: string | undefined): Parameters<Timeline["record"]>[0] {
  if (end === undefined) {
    return { type: "tick", container: "dapr", component: "batch", count, success: true, latencyMs: 1 };
  }
  if (end === "stops") return { type: "platform.state", state: "Stopping", details: "StoppingSite" };
  return { type: "container.exited", container: end, exitCode: 1, outOfMemory: false, asked: false };
}

test("one instance, or one after the other, hold it", () => {
  expect(firesOnce(run("0-1 1", "0-1 2"), "batch")).toMatchObject({ verdict: "held" });
  const after = firesOnce(run("0-1 1", "0-1 2", "0-1 2.5 stops", "0-2 3"), "batch");
  expect(after).toMatchObject({ verdict: "held" });
  // Its sidecar has ended, and fires no more.
  expect(firesOnce(run("0-1 1", "0-1 2 dapr", "1-1 3"), "batch")).toMatchObject({ verdict: "held" });
});

test("a single tick of each is enough, where the other still ran", () => {
  expect(firesOnce(run("0-1 1", "1-1 1.2"), "batch")).toMatchObject({ verdict: "broken" });
  expect(firesOnce(run("0-1 1", "1-1 1.2", "0-1 2 stops", "1-1 2 stops"), "batch").verdict).toBe("broken");
  // What ends is not what fires.
  expect(firesOnce(run("0-1 1", "0-1 2 main", "1-1 3"), "batch").verdict).toBe("broken");
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
  const timeline = run("0-1 1", "0-1 1.5 stops", "1-1 2");
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
