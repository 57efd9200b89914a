import { describe, expect, test } from "vitest";
import { ContainerOutput } from "../runtime/container-output.ts";
import type { ContainerEvent } from "../runtime/container-events.ts";
import { delay } from "../shared/clock.ts";
import { Timeline } from "../timeline/timeline.ts";
import { GatedContainer } from "./gated-container.ts";

const notCalled = () => Promise.reject(new Error("not called here"));

/** A handle on an engine that does at once what it is asked, and says so in its events. */
function storage(gate: { readonly closes?: () => Promise<void>; readonly isUp?: boolean } = {}) {
  const timeline = new Timeline();
  const done: string[] = [];
  const happens = (action: ContainerEvent["action"]): void =>
    container.follow({
      action,
      label: "storage",
      id: "id",
      exitCode: 137,
      wallMs: performance.timeOrigin + performance.now(),
    });
  const call = (name: string, action: ContainerEvent["action"]) => () => {
    done.push(name);
    happens(action);
    return Promise.resolve();
  };
  const container: GatedContainer = new GatedContainer(
    {
      id: "id",
      label: "storage",
      output: new ContainerOutput(),
      start: call("start", "started"),
      kill: call("kill", "exited"),
      stop: call("stop", "exited"),
      pause: call("pause", "paused"),
      resume: call("resume", "resumed"),
      exec: notCalled,
      logs: notCalled,
      limit: notCalled,
    },
    timeline,
    {
      graceSeconds: 5,
      ...(gate.isUp === undefined ? {} : { isUp: gate.isUp }),
      firstStart: call("first start", "started"),
      gate: {
        open: () => Promise.resolve(void done.push("open")),
        close: () => {
          done.push("close");
          return gate.closes?.() ?? Promise.resolve();
        },
      },
    },
  );
  return { container, timeline, done, happens };
}

describe("storage behind its gate", () => {
  test("runs before it starts: its start is that it can be reached, at the schedule's time", async () => {
    const { container, timeline, done } = storage();
    await container.startBehindGate();
    expect([container.state, container.lives]).toEqual(["created", 1]);
    expect(timeline.of("container.started")).toEqual([]);
    expect(timeline.of("phase")).toMatchObject([{ name: "storage is up" }]);
    const beganMs = timeline.now();
    await container.start({ atMs: 0, beganMs });
    expect(container.state).toBe("running");
    expect(done).toEqual(["first start", "open"]);
    const [started] = timeline.of("container.started");
    expect(started).toMatchObject({ container: "storage", plannedMs: 0 });
    expect(started?.tMs).toBeGreaterThanOrEqual(beganMs);
    expect(started?.latenessMs).toBe(Math.round((started?.tMs ?? 0) - beganMs));
  });

  test.each(["kill", "crash", "stop"] as const)(
    "closes its gate on %s, which waits for it; then it can start again",
    async (end) => {
      const { container, timeline, done } = storage({
        // Later than anything that only follows from the end.
        closes: async () => {
          await delay(1);
          done.push("closed");
        },
      });
      await container.start();
      await container[end]();
      expect(container.state).toBe("exited");
      expect(done.slice(2)).toEqual([end === "stop" ? "stop" : "kill", "close", "closed"]);
      await container.start();
      expect(done.slice(5)).toEqual(["start", "open"]);
      expect(container.lives).toBe(2);
      expect(timeline.of("container.started")).toHaveLength(2);
    },
  );

  test("one that was up before only opens its gate; its next life is another one", async () => {
    const { container, done } = storage({ isUp: true });
    expect([container.isUp, container.state, container.lives]).toEqual([true, "created", 1]);
    await container.start();
    expect(done).toEqual(["open"]);
    await container.kill();
    expect(container.isUp).toBe(false);
    await container.startBehindGate();
    expect(container.lives).toBe(2);
  });

  test("a pause leaves the gate as it is: what listens there still does", async () => {
    const { container, done } = storage();
    await container.start();
    await container.pause();
    expect(container.state).toBe("paused");
    await container.resume();
    expect(done).toEqual(["first start", "open", "pause", "resume"]);
  });

  test("a gate that could not be closed is in the record", async () => {
    const { container, timeline } = storage({ closes: () => Promise.reject(new Error("the agent is gone")) });
    await container.start();
    await container.kill();
    expect(timeline.of("observer.failed")).toMatchObject([
      { observer: "gate of storage", detail: "the agent is gone" },
    ]);
  });

  test("removed with the run it closes nothing", async () => {
    const { container, done, happens } = storage();
    await container.start();
    container.expectEnd();
    happens("exited");
    expect(done).toEqual(["first start", "open"]);
  });
});
