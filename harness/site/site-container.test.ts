import { expect, test } from "vitest";
import { ContainerOutput } from "../runtime/container-output.ts";
import type { ContainerEvent } from "../runtime/container-events.ts";
import { Timeline } from "../timeline/timeline.ts";
import { SiteContainer } from "./site-container.ts";

const notCalled = () => Promise.reject(new Error("the engine is not called here"));

/** A handle whose engine is never called: its state comes from events alone. */
function handle(): {
  container: SiteContainer;
  timeline: Timeline;
  happens: (event: Partial<ContainerEvent>) => void;
} {
  const timeline = new Timeline();
  const container = new SiteContainer(
    {
      id: "id",
      label: "dapr",
      output: new ContainerOutput(),
      start: notCalled,
      kill: notCalled,
      stop: notCalled,
      pause: notCalled,
      resume: notCalled,
      exec: notCalled,
      logs: notCalled,
      limit: notCalled,
    },
    timeline,
    { graceSeconds: 5 },
  );
  return {
    container,
    timeline,
    happens: (event) =>
      container.follow({
        label: "dapr",
        id: "id",
        wallMs: performance.timeOrigin + performance.now(),
        action: "started",
        ...event,
      }),
  };
}

test("its state follows the engine", () => {
  const { container, happens } = handle();
  const states = [container.state];
  for (const action of ["started", "paused", "resumed", "exited"] as const) {
    happens({ action });
    states.push(container.state);
  }
  expect(states).toEqual(["created", "running", "paused", "running", "exited"]);
});

test("an end that nobody asked for is told from one that the harness caused, until the next start", () => {
  const { container, happens } = handle();
  happens({ action: "started" });
  happens({ action: "exited", exitCode: 1 });
  happens({ action: "started" });
  container.expectEnd();
  happens({ action: "exited", exitCode: 137 });
  happens({ action: "started" });
  happens({ action: "exited", exitCode: 2 });
  expect(container.exits().map(({ exitCode, asked }) => [exitCode, asked])).toEqual([
    [1, false],
    [137, true],
    [2, false],
  ]);
});

test("running out of memory is told with the end it caused, not with the next one", () => {
  const { container, happens } = handle();
  happens({ action: "started" });
  happens({ action: "out-of-memory" });
  happens({ action: "exited", exitCode: 137 });
  happens({ action: "started" });
  happens({ action: "exited", exitCode: 1 });
  expect(container.exits().map(({ outOfMemory }) => outOfMemory)).toEqual([true, false]);
});

test("a process that the kernel killed is told with its container; what ends that container later is another matter", () => {
  const { container, timeline, happens } = handle();
  const killed = { action: "out-of-memory", process: "worker", limit: "plan" } as const;
  happens({ action: "started" });
  happens(killed);
  happens({ action: "exited", exitCode: 1 });
  happens({ action: "started" });
  happens(killed);
  container.expectEnd();
  happens({ action: "exited", exitCode: 137 });
  expect(timeline.of("container.out-of-memory")).toMatchObject([
    { container: "dapr", process: "worker", limit: "plan" },
    { container: "dapr", process: "worker", limit: "plan" },
  ]);
  expect(container.exits().map(({ outOfMemory }) => outOfMemory)).toEqual([false, false]);
});
