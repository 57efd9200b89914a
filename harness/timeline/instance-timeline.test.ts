import { expect, test } from "vitest";
import { Deadline } from "../shared/clock.ts";
import { InstanceTimeline } from "./instance-timeline.ts";
import { Timeline } from "./timeline.ts";

test("what an instance records is the run's, stamped; others' events are not seen", () => {
  const run = new Timeline();
  run.record({ type: "phase", name: "before" });
  const [first, second] = [new InstanceTimeline(run, "0-1"), new InstanceTimeline(run, "1-1")];
  first.record({ type: "container.paused", container: "main" });
  second.record({ type: "container.resumed", container: "main" });
  run.record({ type: "phase", name: "after" });

  expect(run.events.map(({ seq, type, instance }) => [seq, type, instance])).toEqual([
    [0, "phase", undefined],
    [1, "container.paused", "0-1"],
    [2, "container.resumed", "1-1"],
    [3, "phase", undefined],
  ]);
  expect(first.events.map(({ type }) => type)).toEqual(["phase", "container.paused", "phase"]);
  expect(second.of("container.resumed")).toEqual(run.of("container.resumed"));
  expect(second.of("container.paused")).toEqual([]);
});

test("a wait in one instance is not ended by another's event", async () => {
  const run = new Timeline();
  const [first, second] = [new InstanceTimeline(run, "0-1"), new InstanceTimeline(run, "1-1")];
  const seen = first.waitFor(() => first.of("container.paused")[0]?.container, {
    deadline: Deadline.in(10_000),
    description: "a pause",
  });
  second.record({ type: "container.paused", container: "theirs" });
  first.record({ type: "container.paused", container: "ours" });
  await expect(seen).resolves.toBe("ours");
});

test("its times are the run's, and closed it follows no longer", () => {
  const run = new Timeline();
  const view = new InstanceTimeline(run, "0-1");
  const wallMs = Date.now() + 5_000;
  expect(view.at(wallMs)).toBe(run.at(wallMs));
  expect(view.record({ type: "phase", name: "x" }, wallMs).tMs).toBeCloseTo(run.at(wallMs), 0);
  view.close();
  view.record({ type: "phase", name: "y" });
  expect(view.of("phase").map(({ name }) => name)).toEqual(["x"]);
  expect(run.of("phase").map(({ name }) => name)).toEqual(["x", "y"]);
});
