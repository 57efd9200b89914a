import { describe, expect, it } from "vitest";
import type { TimelineEvent } from "../../timeline/events.ts";
import { latenessOf } from "./lateness.ts";

const step = (latenessMs: number): TimelineEvent => ({
  seq: 1,
  tMs: 5,
  wall: "2026-01-01T00:00:00.000Z",
  type: "schedule.step",
  step: { when: { atMs: 5 }, do: "kill", container: "dapr" },
  plannedMs: 5,
  latenessMs,
});

describe("latenessOf", () => {
  it("takes the harness's own lateness for less than that of a start or step", () => {
    const of = (stepMs: number, eventLoopMs: number) =>
      latenessOf({ events: [step(stepMs)], lateness: { scheduleMs: stepMs, eventLoopMs } }).mostMs;
    expect(of(30, 60)).toBe(30);
    expect(of(30, 200)).toBe(80);
    expect(of(-4, 0)).toBe(0);
    expect(latenessOf({ events: [step(7)], lateness: { scheduleMs: 7, eventLoopMs: 0 } }).each).toEqual([7]);
  });
});
