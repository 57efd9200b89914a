import { expect, test } from "vitest";
import type { ScheduledStep } from "../schedule/step.ts";
import { Deadline } from "../shared/clock.ts";
import { ScheduleSteps, type StepHost } from "./schedule-steps.ts";
import { host } from "./test-support/small-step-host.ts";

const TICK = {
  type: "tick",
  container: "dapr",
  component: "batch",
  count: 1,
  success: true,
  latencyMs: 1,
} as const;
const SLOW = { fault: "identity-slow", delayMs: 5 };
const AT_TICK: ScheduledStep["when"] = { after: { seen: "tick" } };

function what(step: ScheduledStep): string {
  return "inject" in step ? step.inject.fault : step.do;
}

/** `done pause`, `left pause: reason`, and what else the record has. */
function told({ timeline }: StepHost): readonly string[] {
  return timeline.events.map((event) => {
    if (event.type === "schedule.step")
      return `done ${what(event.step)}${event.healed === true ? ", healed" : ""}`;
    return event.type === "schedule.step-not-done" ? `left ${what(event.step)}: ${event.reason}` : event.type;
  });
}

test("a fault from the beginning is on before the schedule begins, and its lateness says so", async () => {
  const site = await host();
  const steps = new ScheduleSteps([{ when: { atMs: 0 }, inject: SLOW, until: AT_TICK }], site);
  await steps.prepare();
  expect(told(site)).toEqual(["fault.injected"]);
  steps.follow();
  site.timeline.record({ type: "schedule.began" });
  site.timeline.record(TICK);
  await steps.done;
  expect(told(site)).toEqual([
    "fault.injected",
    "schedule.began",
    "tick",
    "done identity-slow",
    "fault.healed",
    "done identity-slow, healed",
  ]);
  const [first] = site.timeline.of("schedule.step");
  expect(first?.plannedMs).toBe(0);
  expect(first?.latenessMs).toBeLessThanOrEqual(0);
});

test("of faults from the beginning all are put in force or none", async () => {
  const site = await host();
  const when = { atMs: 0 };
  const steps = new ScheduleSteps(
    [
      { when, inject: SLOW },
      { when, inject: { fault: "container-pause", container: "dapr" } },
    ],
    site,
  );
  site.dapr.state = "created";
  await expect(steps.prepare()).rejects.toMatchObject({ code: "FAULT_NOT_POSSIBLE" });
  expect(site.asked.map(({ type }) => type)).toEqual(["identity.fail", "identity.heal"]);
});

test("the steps of one container at one moment follow each other; one that fails hinders none", async () => {
  const site = await host();
  const container = "dapr";
  const steps = new ScheduleSteps(
    [
      { when: AT_TICK, do: "pause", container },
      { when: AT_TICK, do: "pause", container },
      { when: AT_TICK, do: "resume", container },
      { when: AT_TICK, do: "start", container },
      { when: AT_TICK, do: "kill", container },
      { when: AT_TICK, do: "start", container },
    ],
    site,
  );
  steps.follow();
  site.timeline.record({ type: "schedule.began" });
  site.timeline.record(TICK);
  await steps.done;
  expect(site.dapr.done).toEqual(["pause", "resume", "kill SIGKILL", "start"]);
  expect(told(site).slice(2)).toEqual([
    "done pause",
    'left pause: "dapr" is paused, not running',
    "done resume",
    'left start: "dapr" is running, not created or exited',
    "done kill",
    "done start",
  ]);
});

test("what is done to one container is done one after the other, whatever its moment", async () => {
  const site = await host();
  const steps = new ScheduleSteps(
    [
      { when: AT_TICK, do: "stop", container: "dapr" },
      { when: { after: { seen: "tick", count: 2 } }, do: "start", container: "dapr" },
      { when: { after: { seen: "tick", count: 2 } }, inject: SLOW },
    ],
    site,
  );
  steps.follow();
  site.timeline.record({ type: "schedule.began" });
  site.timeline.record(TICK);
  site.timeline.record(TICK);
  await site.timeline.waitFor(() => site.timeline.of("fault.injected")[0], {
    deadline: Deadline.in(5_000),
    description: "what does not wait for it",
  });
  expect(site.dapr.done).toEqual(["stop"]);
  site.dapr.stopped.resolve();
  await steps.done;
  expect(site.dapr.done).toEqual(["stop", "start"]);
});

test("what was before the schedule began is no cue", async () => {
  const site = await host();
  site.timeline.record(TICK);
  const steps = new ScheduleSteps([{ when: AT_TICK, do: "pause", container: "dapr" }], site);
  steps.follow();
  site.timeline.record({ type: "schedule.began" });
  await new Promise(setImmediate);
  expect(site.dapr.done).toEqual([]);
  site.timeline.record(TICK);
  await steps.done;
  expect(site.dapr.done).toEqual(["pause"]);
});

test("a pause after a cue is counted from the event, and the plan is the event's", async () => {
  const site = await host();
  const steps = new ScheduleSteps(
    [{ when: { after: { seen: "tick" }, plusMs: 20 }, do: "pause", container: "dapr" }],
    site,
  );
  steps.follow();
  const began = site.timeline.record({ type: "schedule.began" });
  const tick = site.timeline.record(TICK);
  await steps.done;
  const [step] = site.timeline.of("schedule.step");
  expect(step?.plannedMs).toBe(Math.round(tick.tMs - began.tMs) + 20);
  expect(step?.latenessMs).toBeGreaterThanOrEqual(0);
});

test("a tick of the ready site is one after it was ready", async () => {
  const site = await host();
  const when = { after: { seen: "tick", ready: true } } as const;
  const steps = new ScheduleSteps([{ when, do: "pause", container: "dapr" }], site);
  steps.follow();
  const began = site.timeline.record({ type: "schedule.began" });
  site.timeline.record(TICK);
  site.ready.resolve();
  await new Promise((resolve) => setImmediate(resolve));
  const tick = site.timeline.record({ ...TICK, count: 2 });
  await steps.done;
  expect(site.timeline.of("schedule.step")[0]?.plannedMs).toBe(Math.round(tick.tMs - began.tMs));
});

test("a fault whose end comes before its beginning is left", async () => {
  const site = await host();
  const until = { after: { seen: "blob-created" } } as const;
  const steps = new ScheduleSteps([{ when: AT_TICK, inject: SLOW, until }], site);
  steps.follow();
  site.timeline.record({ type: "schedule.began" });
  site.timeline.record({
    type: "blob.created",
    account: "a",
    container: "c",
    blob: "b",
    size: 1,
    createdOn: "",
  });
  await new Promise(setImmediate);
  site.timeline.record(TICK);
  await steps.done;
  expect(told(site).at(-1)).toBe("left identity-slow: its end came before its beginning");
});

test("a fault whose beginning and end are told late, both at once, is done all the same", async () => {
  const site = await host();
  const until = { after: { seen: "tick" }, plusMs: 500 } as const;
  const steps = new ScheduleSteps([{ when: AT_TICK, inject: SLOW, until }], site);
  steps.follow();
  site.timeline.record({ type: "schedule.began" });
  site.timeline.record(TICK, performance.timeOrigin + performance.now() - 2_000);
  await steps.done;
  expect(told(site)).toEqual([
    "schedule.began",
    "tick",
    "fault.injected",
    "done identity-slow",
    "fault.healed",
    "done identity-slow, healed",
  ]);
});

test("ready is asked of the site; one that never will be is told", async () => {
  const site = await host();
  const when = { after: { seen: "site-ready" } } as const;
  const steps = new ScheduleSteps([{ when, do: "pause", container: "dapr" }], site);
  steps.follow();
  site.timeline.record({ type: "schedule.began" });
  site.ready.reject(new Error("NOT_READY: the binding was refused.\n  more"));
  await steps.done;
  expect(told(site)).toEqual(["schedule.began", "left pause: NOT_READY: the binding was refused."]);
});

test("whether a site is ready is asked once: what one step does to it then keeps no other from its moment", async () => {
  const site = await host();
  let asked = 0;
  const after = { seen: "site-ready" } as const;
  const steps = new ScheduleSteps(
    [
      { when: { after }, do: "pause", container: "dapr" },
      { when: { after, plusMs: 20 }, do: "resume", container: "dapr" },
    ],
    {
      ...site,
      untilReady: async () => {
        asked++;
        await site.ready.promise;
      },
    },
  );
  steps.follow();
  site.timeline.record({ type: "schedule.began" });
  site.ready.resolve();
  await steps.done;
  expect(told(site)).toEqual(["schedule.began", "done pause", "done resume"]);
  expect(asked).toBe(1);
});

test("the end of the schedule leaves what is waiting, waits for what is under way, and heals nothing", async () => {
  const site = await host();
  const steps = new ScheduleSteps(
    [
      { when: { atMs: 0 }, inject: SLOW, until: { atMs: 60_000 } },
      { when: AT_TICK, do: "stop", container: "dapr" },
      { when: { atMs: 60_000 }, do: "kill", container: "dapr" },
    ],
    site,
  );
  await steps.prepare();
  steps.follow();
  site.timeline.record({ type: "schedule.began" });
  site.timeline.record(TICK);
  await new Promise(setImmediate);
  expect(site.dapr.done).toEqual(["stop"]);
  let ended = false;
  const end = steps.end().then(() => (ended = true));
  await new Promise(setImmediate);
  expect(ended).toBe(false);
  site.dapr.stopped.resolve();
  await end;
  await steps.done;
  expect(told(site)).toContain("left kill: the site was stopped before its moment came");
  expect(told(site)).not.toContain("fault.healed");
  await steps.heal();
  expect(told(site).at(-1)).toBe("fault.healed");
});

test("the site's stop is a step, and is not waited for by itself", async () => {
  const site = await host();
  const steps: ScheduleSteps = new ScheduleSteps([{ when: AT_TICK, do: "stop-site" }], {
    ...site,
    stopSite: async () => {
      // As a site does before it stops its containers.
      await steps.end();
      site.stops.push("stopped");
    },
  });
  steps.follow();
  site.timeline.record({ type: "schedule.began" });
  site.timeline.record(TICK);
  await steps.done;
  expect(site.stops).toEqual(["stopped"]);
  expect(told(site).at(-1)).toBe("done stop-site");
});
