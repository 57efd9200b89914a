import { describe, expect, it } from "vitest";
import { Timeline } from "./timeline.ts";
import { scheduleLateness } from "./schedule-lateness.ts";

describe("scheduleLateness", () => {
  it("takes starts and steps that were planned; one planned with another is late from that one on", () => {
    const timeline = new Timeline();
    const origin = performance.timeOrigin + performance.now() - timeline.now();
    const started = (container: string, atMs: number, planned?: readonly [number, number]): void => {
      timeline.record(
        {
          type: "container.started",
          container,
          ...(planned === undefined ? {} : { plannedMs: planned[0], latenessMs: planned[1] }),
        },
        origin + atMs,
        container === "storage" ? undefined : "0-1",
      );
    };
    started("platform", 10);
    started("main", 112, [0, 12]);
    started("dapr", 202, [0, 102]);
    started("envoy", 352, [0, 252]);
    started("storage", 462, [0, 362]);
    started("proxy", 2_130, [2_000, 30]);
    timeline.record({
      type: "schedule.step",
      step: { when: { atMs: 5 }, do: "kill", container: "dapr" },
      plannedMs: 5,
      latenessMs: 7,
    });
    expect(scheduleLateness(timeline.events)).toEqual([12, 0, 50, 10, 30, 7]);
  });

  it("takes starts of several workers for what they are to their engine: all programs come up together; of another life for others", () => {
    const timeline = new Timeline();
    const origin = performance.timeOrigin + performance.now() - timeline.now();
    for (const [instance, atMs, latenessMs] of [
      ["0-1", 110, 10],
      ["1-1", 190, 90],
      ["0-1", 540, 440],
      ["1-2", 9_080, 80],
    ] as const) {
      const happening = { type: "container.started", container: "main", plannedMs: 0, latenessMs } as const;
      timeline.record(happening, origin + atMs, instance);
    }
    expect(scheduleLateness(timeline.events)).toEqual([10, 0, 130, 80]);
  });
});
