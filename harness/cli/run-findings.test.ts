import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { Timeline } from "../timeline/timeline.ts";
import { findingsOfRun, formatJudgement } from "./run-findings.ts";

function run(...instances: readonly string[]): Timeline {
  const timeline = new Timeline();
  for (const instance of instances) {
    const loaded = { container: "dapr", component: "batch", componentType: "bindings.cron" };
    timeline.record({ type: "component.loaded", ...loaded }, undefined, instance);
  }
  const tick = { container: "dapr", component: "batch", count: 1, success: true, latencyMs: 1 };
  for (let second = 0; second < 2; second++) {
    for (const instance of instances) timeline.record({ type: "tick", ...tick }, undefined, instance);
  }
  return timeline;
}

test("a run on several instances whose cron ticked in each is told, one on a single instance is not", () => {
  expect(findingsOfRun(run("0-1"))).toEqual([]);
  expect(findingsOfRun(run())).toEqual([]);
  const [finding, ...more] = findingsOfRun(run("0-1", "1-1"));
  expect(more).toEqual([]);
  expect(
    stripVTControlCharacters(formatJudgement(finding ?? { contract: "", verdict: "held", evidence: [] })),
  ).toMatch(
    /^broken: firesOnce\("batch"\)\n {2}instance 0-1: 2 ticks .*\n {2}instance 1-1: 2 ticks .*\n {2}Fix: run the site on one worker/,
  );
});
