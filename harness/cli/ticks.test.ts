import { describe, expect, it } from "vitest";
import { Timeline } from "../timeline/timeline.ts";
import { collectTicks, formatTicks } from "./ticks.ts";

/** A whole second of wall time, so that a test chooses where in a second things happen. */
const EPOCH_MS = Date.parse("2026-11-23T12:00:00.000Z");

/** A run's record in which everything happens at `atMs` after {@link EPOCH_MS}. */
class Recording {
  readonly timeline = new Timeline();
  readonly #counts = new Map<string, number>();

  tick(
    atMs: number,
    options: { success?: boolean; latencyMs?: number; component?: string; instance?: string } = {},
  ): this {
    const { success = true, latencyMs = 20, component = "batch", instance } = options;
    const count = (this.#counts.get(component) ?? 0) + 1;
    this.#counts.set(component, count);
    this.timeline.record(
      { type: "tick", container: "dapr", component, count, success, latencyMs },
      EPOCH_MS + atMs + latencyMs,
      instance,
    );
    return this;
  }

  /** As storage tells it: the creation is cut to its second. */
  blob(name: string, atMs: number): this {
    const createdOn = new Date(Math.floor((EPOCH_MS + atMs) / 1000) * 1000).toISOString();
    this.timeline.record(
      { type: "blob.created", account: "account", container: "container1", blob: name, size: 24, createdOn },
      EPOCH_MS + atMs + 400,
    );
    return this;
  }

  pairs(): (readonly [number, string | null])[] {
    return collectTicks(this.timeline).map(({ tick, blob }) => [tick, blob]);
  }
}

describe("collectTicks", () => {
  it("gives each tick the blob that was created during its call", () => {
    const recording = new Recording().tick(300).blob("a", 310).tick(10_300).blob("b", 10_310);
    expect(recording.pairs()).toEqual([
      [1, "a"],
      [2, "b"],
    ]);
  });

  it("pairs ticks of every second, wherever in the second they fall", () => {
    for (const phaseMs of [0, 150, 500, 985, 999]) {
      const recording = new Recording();
      const ticks = Array.from({ length: 20 }, (_, index) => index);
      for (const index of ticks) {
        recording.tick(phaseMs + index * 1000).blob(`blob-${index + 1}`, phaseMs + index * 1000 + 15);
      }
      expect(recording.pairs()).toEqual(ticks.map((index) => [index + 1, `blob-${index + 1}`]));
    }
  });

  it("leaves the tick empty whose blob never came, and does not give it the next one's", () => {
    const recording = new Recording().tick(300).blob("a", 310).tick(10_300).tick(20_300).blob("c", 20_310);
    expect(recording.pairs()).toEqual([
      [1, "a"],
      [2, null],
      [3, "c"],
    ]);
  });

  it("gives a failed tick no blob", () => {
    const recording = new Recording().tick(300, { success: false }).tick(10_300).blob("b", 10_310);
    expect(recording.pairs()).toEqual([
      [1, null],
      [2, "b"],
    ]);
  });

  it("leaves a blob of another origin to nobody, though it was created during a failed tick", () => {
    const recording = new Recording()
      .tick(300, { success: false })
      .blob("other", 310)
      .tick(10_300)
      .blob("b", 10_310);
    expect(recording.pairs()).toEqual([
      [1, null],
      [2, "b"],
    ]);
  });

  it("finds the blob of an app that answers first and sends later", () => {
    const recording = new Recording().tick(300).blob("late", 4_000).tick(10_300).blob("b", 10_310);
    expect(recording.pairs()).toEqual([
      [1, "late"],
      [2, "b"],
    ]);
  });

  it("finds the blob of a tick that was seen late", () => {
    const recording = new Recording().tick(2_500).blob("a", 310).tick(10_300).blob("b", 10_310);
    recording.tick(23_000).blob("c", 20_310);
    expect(recording.pairs()).toEqual([
      [1, "a"],
      [2, "b"],
      [3, "c"],
    ]);
  });

  it("leaves out a blob that was there before the first tick", () => {
    const recording = new Recording().blob("seed", -8_000).tick(300).blob("a", 310);
    expect(recording.pairs()).toEqual([[1, "a"]]);
  });

  it("goes by creation, not by the order in which blobs were seen", () => {
    const recording = new Recording().tick(300).tick(10_300).blob("b", 10_310).blob("a", 310);
    expect(recording.pairs()).toEqual([
      [1, "a"],
      [2, "b"],
    ]);
  });

  it("measures from call to call, for each binding apart", () => {
    const recording = new Recording()
      .tick(0, { latencyMs: 40 })
      .tick(2_500, { component: "other" })
      .tick(10_000, { latencyMs: 500 });
    expect(
      collectTicks(recording.timeline).map(({ component, sincePreviousSeconds, latencyMs }) => [
        component,
        sincePreviousSeconds,
        latencyMs,
      ]),
    ).toEqual([
      ["batch", null, 40],
      ["other", null, 20],
      ["batch", 10, 500],
    ]);
  });
});

describe("formatTicks", () => {
  it("shows a row for each tick, with what is missing as a dash", () => {
    const recording = new Recording().tick(300).blob("batch_1.txt", 310).tick(10_300, { success: false });
    const rows = collectTicks(recording.timeline).map((row, index) => ({
      ...row,
      atSeconds: index * 10 + 5,
    }));
    expect(formatTicks(rows).split("\n")).toEqual([
      "tick  binding  at (s)  since last (s)  answer  ms  blob         bytes",
      "   1  batch    5.000   -               ok      20  batch_1.txt     24",
      "   2  batch    15.000  10.000          failed  20  -            -",
    ]);
  });

  it("names the instances where there are several, and measures each for itself", () => {
    const recording = new Recording()
      .tick(0, { instance: "0-1" })
      .tick(500, { instance: "1-1" })
      .tick(1_000, { instance: "0-1" });
    const cells = formatTicks(collectTicks(recording.timeline))
      .split("\n")
      .map((line) => line.trim().split(/ {2,}/));
    expect(cells.map(([, instance]) => instance)).toEqual(["instance", "0-1", "1-1", "0-1"]);
    expect(cells.map((row) => row[4])).toEqual(["since last (s)", "-", "-", "1.000"]);
  });
});
