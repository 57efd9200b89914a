import { describe, expect, it } from "vitest";

import { Deadline } from "../shared/clock.ts";
import { Timeline } from "./timeline.ts";

const phase = (name: string) => ({ type: "phase", name }) as const;

const nothing = () => undefined;

function soon(description = "something") {
  return { deadline: Deadline.in(60_000), description };
}

describe("Timeline: recording", () => {
  it("numbers events and gives them both times, which agree", () => {
    const timeline = new Timeline();
    const before = Date.now();
    const events = ["a", "b", "c"].map((name) => timeline.record(phase(name)));
    expect(events.map(({ seq }) => seq)).toEqual([0, 1, 2]);
    expect(timeline.events).toEqual(events);
    for (const { tMs, wall } of events) {
      expect(tMs).toBeGreaterThanOrEqual(0);
      // A clock that is set while the test runs may move one, not by minutes.
      expect(Math.abs(Date.parse(wall) - before)).toBeLessThan(60_000);
      const [first] = events;
      const wallDifference = Date.parse(wall) - Date.parse(first?.wall ?? "");
      expect(Math.abs(wallDifference - (tMs - (first?.tMs ?? 0)))).toBeLessThanOrEqual(1);
    }
  });

  it("places an event at the time its source saw it, also before the last one", () => {
    const timeline = new Timeline();
    const now = timeline.record(phase("now"));
    const wallMs = Date.parse(now.wall) + 5000;
    expect(timeline.record(phase("later"), wallMs)).toMatchObject({ wall: new Date(wallMs).toISOString() });
    expect(Math.abs((timeline.events[1]?.tMs ?? 0) - now.tMs - 5000)).toBeLessThanOrEqual(1);
    expect(timeline.record(phase("earlier"), wallMs - 4000).seq).toBe(2);
  });

  it("tells subscribers every event until they stop", () => {
    const timeline = new Timeline();
    const seen: string[] = [];
    const stop = timeline.subscribe(({ seq, type }) => seen.push(`${seq} ${type}`));
    timeline.record(phase("one"));
    timeline.record({ type: "schedule.began" });
    stop();
    timeline.record(phase("three"));
    expect(seen).toEqual(["0 phase", "1 schedule.began"]);
  });

  it("picks events of one type, in order", () => {
    const timeline = new Timeline();
    timeline.record(phase("one"));
    timeline.record({ type: "schedule.began" });
    timeline.record(phase("two"));
    expect(timeline.of("phase").map(({ name }) => name)).toEqual(["one", "two"]);
    expect(timeline.of("tick")).toEqual([]);
  });
});

describe("Timeline: waiting", () => {
  it("resolves at once with what is there already", async () => {
    const timeline = new Timeline();
    timeline.record(phase("there"));
    expect(await timeline.waitFor((events) => events.length, soon())).toBe(1);
  });

  it("resolves with what a later event makes true", async () => {
    const timeline = new Timeline();
    const waiting = timeline.waitFor((events) => events.find(({ seq }) => seq === 1), soon());
    const first = timeline.record(phase("one"));
    const second = timeline.record(phase("two"));
    expect(await waiting).toBe(second);
    expect(first.seq).toBe(0);
  });

  it("asks no more once it has its answer", async () => {
    const timeline = new Timeline();
    let asked = 0;
    timeline.record(phase("there"));
    await timeline.waitFor(() => ++asked, soon());
    timeline.record(phase("later"));
    expect(asked).toBe(1);
  });

  it("says what it waited for, what was observed and what happened last, when its time is over", async () => {
    const timeline = new Timeline();
    for (let index = 0; index < 7; index++) timeline.record(phase(`p${index}`));
    const failure = timeline.waitFor(() => undefined, {
      deadline: Deadline.in(10),
      description: "the first tick",
      observe: () => [{ label: "dapr", value: "exited (1)" }],
    });
    await expect(failure).rejects.toMatchObject({ code: "WAIT_TIMED_OUT" });
    await expect(failure).rejects.toThrowError(
      /^WAIT_TIMED_OUT: waited 0\.0 s for the first tick; [^\n]*\n {2}dapr +exited \(1\)\n {2}last events +\+[\d.]+ s phase \{"name":"p2"\}\n[^]*"p6"/,
    );
  });

  it("is RUN_STOPPED with the signal's reason as cause, before and while it waits", async () => {
    const timeline = new Timeline();
    const reason = new Error("Ctrl-C");
    const stopped = { code: "RUN_STOPPED", cause: reason };
    await expect(
      timeline.waitFor(nothing, { ...soon(), signal: AbortSignal.abort(reason) }),
    ).rejects.toMatchObject(stopped);
    const controller = new AbortController();
    const waiting = timeline.waitFor(nothing, { ...soon("a tick"), signal: controller.signal });
    controller.abort(reason);
    await expect(waiting).rejects.toMatchObject(stopped);
    await expect(waiting).rejects.toThrowError(/while waiting for a tick/);
  });

  it("fails with the matcher's own error, and others hear the event all the same", async () => {
    const timeline = new Timeline();
    const broken = timeline.waitFor((events) => {
      if (events.length > 0) throw new Error("matcher");
      return undefined;
    }, soon());
    const sound = timeline.waitFor((events) => events[0], soon());
    const event = timeline.record(phase("one"));
    await expect(broken).rejects.toThrowError("matcher");
    expect(await sound).toBe(event);
  });
});

it("what a listener records is told after what it heard, to every listener", () => {
  const timeline = new Timeline();
  const heard: number[] = [];
  timeline.subscribe((event) => {
    if (event.type === "container.paused") timeline.record({ type: "phase", name: "because of it" });
  });
  timeline.subscribe(({ seq }) => heard.push(seq));
  timeline.record({ type: "container.paused", container: "main" });
  expect(heard).toEqual([0, 1]);
});
