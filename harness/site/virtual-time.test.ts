import { describe, expect, test } from "vitest";
import { Deadline } from "../shared/clock.ts";
import { ReleaseStack } from "../shared/release-stack.ts";
import { InstanceTimeline } from "../timeline/instance-timeline.ts";
import { Timeline } from "../timeline/timeline.ts";
import { NO_VIRTUAL_TIME } from "./no-virtual-time.ts";
import type { VirtualTick } from "./site-clock.ts";
import type { ContainerState } from "./site-container.ts";
import { SmallClock } from "./test-support/small-clock.ts";
import { VirtualTime } from "./virtual-time.ts";

const FROM = "2026-03-28T00:00:00.000Z";
const MINUTE = 60_000;

/** A run with these clocks, by instance and container, each of a sidecar that runs. */
function start(clocks: Readonly<Record<string, Readonly<Record<string, SmallClock>>>>) {
  const timeline = new Timeline();
  const life = new AbortController();
  const time = new VirtualTime(new Date(FROM), timeline, life.signal);
  const states = new Map<string, { state: ContainerState }>();
  for (const [name, own] of Object.entries(clocks)) {
    const sidecars = Object.entries(own);
    const ports = new Map(sidecars.map(([, clock], index) => [3590 + index, clock]));
    const containers = new Map<string, { state: ContainerState }>();
    for (const [container] of sidecars) containers.set(container, { state: "running" });
    for (const [container, handle] of containers) states.set(`${name} ${container}`, handle);
    time.attach({
      name,
      clocks: sidecars.map(([container], index) => ({ container, port: 3590 + index })),
      containers,
      agent: {
        askClock: (question) =>
          Promise.resolve(
            ports.get(question.port)?.answer(question) ?? { status: null, body: "no such port" },
          ),
      },
      timeline: new InstanceTimeline(timeline, name),
      signal: life.signal,
      stack: new ReleaseStack(),
    });
  }
  const state = (of: string, now: ContainerState): void => {
    const handle = states.get(of);
    if (handle === undefined) throw new Error(`no ${of}`);
    handle.state = now;
  };
  return { time, timeline, life, state };
}

function told(ticks: readonly VirtualTick[]): readonly string[] {
  return ticks.map(
    ({ instance, container, component, due }) =>
      `${due.toISOString().slice(11, 16)} ${instance} ${container} ${component}`,
  );
}

describe("the clock of a site", () => {
  test("fires what is due in one order, over all instances and sidecars", async () => {
    const { time, timeline } = start({
      "1-1": { dapr: new SmallClock({ a: 20 * MINUTE }) },
      "0-1": {
        dapr: new SmallClock({ b: 20 * MINUTE, a: 30 * MINUTE }),
        "dapr-other": new SmallClock({ c: 25 * MINUTE }),
      },
    });
    const { from, to, ticks } = await time.advance("1h");
    expect([from.toISOString(), to.toISOString()]).toEqual([FROM, "2026-03-28T01:00:00.000Z"]);
    expect(told(ticks)).toEqual([
      "00:20 0-1 dapr b",
      "00:20 1-1 dapr a",
      "00:25 0-1 dapr-other c",
      "00:30 0-1 dapr a",
      "00:40 0-1 dapr b",
      "00:40 1-1 dapr a",
      "00:50 0-1 dapr-other c",
      "01:00 0-1 dapr a",
      "01:00 0-1 dapr b",
      "01:00 1-1 dapr a",
    ]);
    // The record says the same, each with the time that the clock showed.
    const events = timeline.of("virtual.tick");
    expect(events.map(({ due, virtual }) => due === virtual)).toEqual(ticks.map(() => true));
    expect(timeline.of("virtual.advanced")).toMatchObject([{ from: FROM, ticks: 10 }]);
    expect(await time.nextTick()).toMatchObject({ component: "c", instance: "0-1" });
  });

  test("goes on from where it stands, to the last moment of the step", async () => {
    const { time } = start({ "0-1": { dapr: new SmallClock({ a: 10 * MINUTE }) } });
    expect(told((await time.advance("9m59s")).ticks)).toEqual([]);
    expect(told((await time.advanceTo("2026-03-28T00:10:00Z")).ticks)).toEqual(["00:10 0-1 dapr a"]);
    expect(told((await time.advance("0s")).ticks)).toEqual([]);
    expect(time.now().toISOString()).toBe("2026-03-28T00:10:00.000Z");
  });

  test("takes one step at a time, however many are asked for", async () => {
    const { time } = start({ "0-1": { dapr: new SmallClock({ a: 10 * MINUTE }) } });
    const [one, other] = await Promise.all([time.advance("10m"), time.advance("20m")]);
    expect([told(one.ticks).length, told(other.ticks).length]).toEqual([1, 2]);
  });

  test("leaves out a sidecar that does not run, and one whose daprd ends on the way", async () => {
    const leaving = new SmallClock({ b: 10 * MINUTE });
    const { time, state } = start({
      "0-1": {
        dapr: new SmallClock({ a: 10 * MINUTE }),
        other: leaving,
        third: new SmallClock({ c: MINUTE }),
      },
    });
    state("0-1 third", "exited");
    leaving.fate = () => {
      leaving.listens = false;
      return "succeeds";
    };
    expect(told((await time.advance("20m")).ticks)).toEqual([
      "00:10 0-1 dapr a",
      "00:10 0-1 other b",
      "00:20 0-1 dapr a",
    ]);
  });

  test("tells a daprd that begins what time it is now", async () => {
    const clock = new SmallClock({ a: 10 * MINUTE });
    const { time } = start({ "0-1": { dapr: clock } });
    await time.advance("15m");
    clock.restart();
    expect(told((await time.advance("20m")).ticks)).toEqual(["00:25 0-1 dapr a", "00:35 0-1 dapr a"]);
  });

  test("tells it when its container starts, so that the site is ready with it", async () => {
    const clock = new SmallClock({ a: MINUTE });
    const { time, timeline } = start({ "0-1": { dapr: clock } });
    timeline.record({ type: "container.started", container: "dapr" }, undefined, "0-1");
    await time.untilTold(Deadline.in(5000), new AbortController().signal);
    expect(clock.asked.filter((asked) => asked === "POST /clock/tell").length).toBeGreaterThanOrEqual(1);
  });

  test("of a daprd that does not answer the site is not ready", async () => {
    const clock = new SmallClock({});
    clock.listens = false;
    const { time } = start({ "0-1": { dapr: clock } });
    await expect(time.untilTold(Deadline.in(20), new AbortController().signal)).rejects.toMatchObject({
      code: "NOT_READY",
      message: expect.stringContaining("dapr (0-1)"),
    });
  });
});

describe("a step", () => {
  test("that fires too many ticks is refused with their number, before the first", async () => {
    const { time, timeline } = start({ "0-1": { dapr: new SmallClock({ a: 1000, b: 2000 }) } });
    await expect(time.advance("24h")).rejects.toMatchObject({
      code: "CLOCK_STEP_INVALID",
      message: expect.stringMatching(/by 24h.* 129,600 ticks, and 10,000 at once.*\n.*a @every 1000ms/),
    });
    await expect(time.advance("3s", { mostTicks: 3 })).rejects.toMatchObject({ code: "CLOCK_STEP_INVALID" });
    expect([time.now().toISOString(), timeline.of("virtual.tick")]).toEqual([FROM, []]);
    expect((await time.advance("3s", { mostTicks: 4 })).ticks).toHaveLength(4);
  });

  test("of a binding without an interval would have no end", async () => {
    const { time } = start({ "0-1": { dapr: new SmallClock({ a: 0 }) } });
    await expect(time.advance("1s")).rejects.toThrow("more than 1,000,000 ticks");
  });

  test.each(["-1s", "tomorrow", "P1", ""])("by %j is refused", async (span) => {
    const { time } = start({ "0-1": { dapr: new SmallClock({ a: MINUTE }) } });
    await expect(time.advance(span)).rejects.toMatchObject({ code: "CLOCK_STEP_INVALID" });
  });

  test("back, or to what is no time, is refused", async () => {
    const { time } = start({});
    await expect(time.advanceTo("2026-03-27T00:00:00Z")).rejects.toMatchObject({
      code: "CLOCK_STEP_INVALID",
    });
    await expect(time.advanceTo("2026-03-29T00:00:00")).rejects.toMatchObject({ code: "USAGE" });
  });

  test("is refused while a sidecar is paused", async () => {
    const { time, state } = start({ "0-1": { dapr: new SmallClock({ a: MINUTE }) } });
    state("0-1 dapr", "paused");
    await expect(time.advance("1m")).rejects.toMatchObject({
      code: "CLOCK_STEP_INVALID",
      message: expect.stringContaining("dapr (0-1)"),
    });
  });

  test("ends at a tick that is not answered, and goes on from there", async () => {
    const clock = new SmallClock({ a: 10 * MINUTE });
    const { time, timeline } = start({ "0-1": { dapr: clock } });
    clock.fate = () => "hangs";
    await expect(time.advance("1h", { answerWithinMs: 100 })).rejects.toMatchObject({
      code: "TICK_UNANSWERED",
    });
    expect(time.now().toISOString()).toBe("2026-03-28T00:10:00.000Z");
    expect(timeline.of("virtual.tick")).toMatchObject([{ outcome: "unanswered" }]);
    expect(timeline.of("virtual.advanced")).toMatchObject([
      { to: "2026-03-28T00:10:00.000Z", stopped: expect.stringContaining("TICK_UNANSWERED") },
    ]);
    const { ticks } = await time.advance("20m", { await: "started" });
    expect(ticks.map(({ outcome }) => outcome)).toEqual(["started", "started"]);
  });

  test("tells of each tick what daprd makes of it", async () => {
    const clock = new SmallClock({ bad: MINUTE, good: MINUTE });
    const { time } = start({ "0-1": { dapr: clock } });
    clock.fate = (binding) => (binding === "bad" ? "fails" : "succeeds");
    expect((await time.advance("1m")).ticks).toMatchObject([
      { component: "bad", outcome: "failed", detail: "status code: 500" },
      { component: "good", outcome: "succeeded" },
    ]);
  });

  test("ends between two ticks when it is told to", async () => {
    const clock = new SmallClock({ a: MINUTE });
    const { time } = start({ "0-1": { dapr: clock } });
    const ends = new AbortController();
    let fired = 0;
    clock.fate = () => {
      if (++fired === 3) ends.abort();
      return "succeeds";
    };
    await expect(time.advance("1h", { signal: ends.signal })).rejects.toMatchObject({ code: "RUN_STOPPED" });
    expect([fired, time.now().toISOString()]).toEqual([3, "2026-03-28T00:03:00.000Z"]);
  });
});

test("without virtual time a site's clock refuses everything", async () => {
  const off = { code: "VIRTUAL_TIME_OFF" };
  expect(() => NO_VIRTUAL_TIME.now()).toThrow("no virtual time");
  await expect(NO_VIRTUAL_TIME.nextTick()).rejects.toMatchObject(off);
  await expect(NO_VIRTUAL_TIME.advance("1h")).rejects.toMatchObject(off);
  await expect(NO_VIRTUAL_TIME.advanceTo(FROM)).rejects.toMatchObject(off);
});
