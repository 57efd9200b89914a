import { describe, expect, it } from "vitest";
import type { Happening } from "../timeline/events.ts";
import { Timeline } from "../timeline/timeline.ts";
import { appFoundMs } from "./observation.ts";
import type { RunRecord } from "./run-record.ts";

const LIFE = { container: "dapr", instance: "0-1", fromMs: 5_000, toMs: 20_000 };

const healthz = (status: number | null): Happening => ({
  type: "probe.changed",
  probe: "healthz",
  container: "dapr",
  status,
  detail: "",
});
const tick: Happening = {
  type: "tick",
  container: "dapr",
  component: "batch",
  count: 1,
  success: true,
  latencyMs: 3,
};

/** When daprd found its app, by what was seen at these times of the run. */
function foundBy(seen: readonly (readonly [atMs: number, happening: Happening])[]): number | undefined {
  const timeline = new Timeline();
  const originMs = performance.timeOrigin + performance.now() - timeline.now();
  for (const [atMs, happening] of seen) timeline.record(happening, originMs + atMs, "0-1");
  const record: Pick<RunRecord, "events" | "observedUntilMs"> = {
    events: timeline.events,
    observedUntilMs: 20_000,
  };
  const found = appFoundMs(record as RunRecord, LIFE);
  return found === undefined ? undefined : Math.round(found);
}

describe("appFoundMs", () => {
  it("is when healthz answered 204 in this life, whatever it did in the one before", () => {
    expect(
      foundBy([
        [1_000, healthz(204)],
        [4_900, healthz(null)],
        [6_500, healthz(204)],
        [7_500, tick],
      ]),
    ).toBe(6_500);
    expect(
      foundBy([
        [1_000, healthz(204)],
        [5_100, healthz(null)],
        [5_600, healthz(500)],
      ]),
    ).toBeUndefined();
  });

  it("is the first tick where daprd was back between two looks, and nothing was seen to change", () => {
    expect(
      foundBy([
        [1_000, healthz(204)],
        [4_000, tick],
        [7_500, tick],
        [8_500, tick],
      ]),
    ).toBe(7_500);
    expect(
      foundBy([
        [1_000, healthz(204)],
        [4_000, tick],
      ]),
    ).toBeUndefined();
  });
});
