import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import type { Happening } from "../timeline/events.ts";
import { Timeline } from "../timeline/timeline.ts";
import { formatEvent } from "./print-event.ts";
import { PRINTED_EVENTS } from "./test-support/printed-events.ts";

const line = (happening: Happening, tMs = 1234): string | undefined => {
  const event = new Timeline().record(happening);
  const text = formatEvent({ ...event, tMs });
  return text === undefined ? undefined : stripVTControlCharacters(text);
};

describe("formatEvent", () => {
  it.each(Object.values(PRINTED_EVENTS).flat())("%j", (happening, expected) => {
    expect(line(happening)).toBe(expected === undefined ? undefined : `  +  1.23 s  ${expected}`);
  });

  it("names the instance of what did not happen in the first worker's first life", () => {
    const paused = { type: "container.paused", container: "dapr" } as const;
    const timeline = new Timeline();
    const lines = ["0-1", "1-1", undefined].map((instance) =>
      formatEvent(timeline.record(paused, undefined, instance)),
    );
    expect(lines.map((text) => stripVTControlCharacters(text ?? "").replace(/^.* s {2}/, ""))).toEqual([
      "dapr paused",
      "[1-1] dapr paused",
      "dapr paused",
    ]);
  });

  it("says of every event of a run with virtual time what its clock shows, and tells no tick twice", () => {
    const timeline = new Timeline();
    timeline.followVirtualTime(() => new Date("2026-03-29T01:00:00Z"));
    const tick = { type: "tick", container: "dapr", component: "batch", count: 1, success: true } as const;
    expect(formatEvent(timeline.record({ ...tick, latencyMs: 1 }))).toBeUndefined();
    const text = formatEvent(timeline.record({ type: "container.paused", container: "dapr" }));
    expect(stripVTControlCharacters(text ?? "")).toMatch(
      / s {2}virtual 2026-03-29T01:00:00\.000Z {2}dapr paused$/,
    );
  });

  it("keeps the column of times for runs of some minutes", () => {
    expect(line({ type: "schedule.began" }, 754_321)).toBe("  +754.32 s  schedule begins");
  });
});
