import { describe, expect } from "vitest";
import { describeStep } from "../../harness/schedule/describe-schedule.ts";
import { parseSchedule } from "../../harness/schedule/parse-schedule.ts";
import type { Schedule } from "../../harness/schedule/schedule.ts";
import type { Moment, ScheduledStep } from "../../harness/schedule/step.ts";
import { Deadline } from "../../harness/shared/clock.ts";
import type { RunningSite } from "../../harness/site/running-site.ts";
import type { EventOf } from "../../harness/timeline/events.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { exampleSite } from "../support/example-site.ts";
import { untilEvent } from "../support/observations.ts";
import { ANSWERING_MAIN, IDLE, IDLE_PORT, smallSite } from "../support/small-site.ts";

const small = smallSite(
  await exampleSite(),
  { main: ANSWERING_MAIN, side: IDLE },
  { observedPorts: [IDLE_PORT] },
);
const test = siteTest(small.definition, small.options);

describe("what a schedule does at its moments", () => {
  test.concurrent(
    "every action, by time and by cue, in the order of what it asks for",
    async ({ startSite }) => {
      const site = await startSite({
        until: "scheduled",
        schedule: {
          starts: { side: "never" },
          steps: [
            { when: { after: { seen: "site-started" } }, do: "start", container: "side" },
            { when: { after: { seen: "port-opened", port: IDLE_PORT } }, do: "pause", container: "side" },
            {
              when: { after: { seen: "port-opened", port: IDLE_PORT }, plusMs: 300 },
              do: "resume",
              container: "side",
            },
            {
              when: { after: { seen: "port-opened", port: IDLE_PORT }, plusMs: 600 },
              do: "restart",
              container: "side",
            },
            {
              when: { after: { seen: "port-opened", port: IDLE_PORT, count: 2 } },
              do: "kill",
              container: "side",
            },
            {
              when: { after: { seen: "container-exited", container: "side", count: 2 } },
              do: "start",
              container: "side",
            },
            {
              when: { after: { seen: "port-opened", port: IDLE_PORT, count: 3 } },
              do: "stop",
              container: "side",
            },
            {
              when: { after: { seen: "container-exited", container: "side", count: 3 } },
              do: "stop-site",
            },
            { when: { atMs: 600_000 }, do: "pause", container: "main" },
          ],
        },
      });
      await untilDone(site, 9);
      const done = site.timeline.of("schedule.step").map(({ step }) => ("do" in step ? step.do : "fault"));
      expect(done).toEqual(["start", "pause", "resume", "restart", "kill", "start", "stop", "stop-site"]);
      expect(livesOf(site, "side")).toEqual([
        "started",
        "paused",
        "resumed",
        "exited 0",
        "started",
        "exited 137",
        "started",
        "exited 0",
      ]);
      // What the stop came before is left, and said.
      expect(site.timeline.of("schedule.step-not-done")).toMatchObject([
        { step: { do: "pause", container: "main" }, reason: "the site was stopped before its moment came" },
      ]);
      await untilEvent(site, "container.exited", {
        withinMs: 60_000,
        matches: ({ container }) => container === "main",
      });
      expect(livesOf(site, "main")).toEqual(["started", "exited 0"]);
    },
  );

  test.concurrent(
    "a step for a container in another state is left, with the reason, and hinders none",
    async ({ startSite }) => {
      const after: ScheduledStep["when"] = { after: { seen: "container-exited", container: "side" } };
      const site = await startSite({
        until: "scheduled",
        schedule: {
          steps: [
            { when: { after: { seen: "port-opened", port: IDLE_PORT } }, do: "kill", container: "side" },
            { when: after, do: "pause", container: "side" },
            { when: after, inject: { fault: "container-pause", container: "side" } },
            { when: after, do: "start", container: "main" },
            // Of the same moment as the two that are left, and so after them.
            { when: after, do: "start", container: "side" },
          ],
        },
      });
      await untilDone(site, 5);
      expect(
        site.timeline
          .of("schedule.step-not-done")
          .map(({ reason }) => reason)
          .toSorted((a, b) => a.localeCompare(b)),
      ).toEqual([
        '"main" is running, not created or exited',
        '"side" is exited, not running',
        'FAULT_NOT_POSSIBLE: "side" can\'t be paused: it is exited, not running.',
      ]);
      expect(livesOf(site, "side")).toEqual(["started", "exited 137", "started"]);
      await site.untilStarted();
    },
  );

  test.concurrent(
    "a fault from the beginning is in force before the first start; its end heals it",
    async ({ startSite }) => {
      const site = await startSite(
        {
          until: "scheduled",
          schedule: {
            steps: [
              {
                when: { atMs: 0 },
                inject: { fault: "identity-status", status: 503 },
                until: { atMs: 1_500 },
              },
              {
                when: { after: { seen: "port-opened", port: IDLE_PORT } },
                inject: { fault: "container-pause", container: "side" },
                until: { after: { seen: "port-opened", port: IDLE_PORT }, plusMs: 500 },
              },
            ],
          },
        },
        { ...small.definition, identity: { type: "SystemAssigned" } },
      );
      await untilDone(site, 4);
      const { events } = site.timeline;
      const at = (type: string): number =>
        events.findIndex(
          (event) => event.type === type && !("container" in event && event.container === "platform"),
        );
      expect(at("fault.injected")).toBeLessThan(at("schedule.began"));
      expect(at("schedule.began")).toBeLessThan(at("container.started"));
      expect(site.timeline.of("fault.injected").map(({ id, what }) => [id, what])).toEqual([
        [1, "the identity service answers 503"],
        [2, "side is paused"],
      ]);
      expect(new Set(site.timeline.of("fault.healed").map(({ id }) => id))).toEqual(new Set([1, 2]));
      expect(livesOf(site, "side")).toEqual(["started", "paused", "resumed"]);
      expect(site.timeline.of("schedule.step").filter(({ healed }) => healed === true)).toHaveLength(2);
    },
  );

  test.concurrent(
    "a fault from the beginning that is not possible is told at once, and nothing is left",
    async ({ startSite }) => {
      const from = { atMs: 0 };
      const start = startSite({
        until: "scheduled",
        schedule: { steps: [{ when: from, inject: { fault: "identity-refused" } }] },
      });
      await expect(start).rejects.toMatchObject({ code: "FAULT_NOT_POSSIBLE" });
      const typo = startSite({
        schedule: { steps: [{ when: from, inject: { fault: "container-pause", container: "sied" } }] },
      });
      await expect(typo).rejects.toThrow(
        /^FAULT_INVALID: .*"sied"\. Did you mean "side"\?\n {2}named at +steps\[0\]/,
      );
      const second = startSite({
        schedule: { steps: [{ when: from, do: "kill", container: "side", worker: 1 }] },
      });
      await expect(second).rejects.toThrow(
        /^SCHEDULE_INVALID: .*steps\[0\]\.worker is 1, and the site runs on one/,
      );
    },
  );

  test.concurrent(
    "of several workers, a step acts on the one it names, and its cues are that one's",
    async ({ startSite }) => {
      const site = await startSite({
        until: "scheduled",
        instances: 2,
        schedule: {
          steps: [
            {
              when: { after: { seen: "port-opened", port: IDLE_PORT } },
              do: "kill",
              container: "side",
              worker: 1,
            },
            {
              when: { after: { seen: "container-exited", container: "side" } },
              do: "kill",
              container: "side",
              worker: 0,
            },
            {
              when: { after: { seen: "container-exited", container: "side" } },
              do: "start",
              container: "side",
              worker: 1,
            },
          ],
        },
      });
      await untilEvent(site, "container.started", {
        withinMs: 60_000,
        nth: 3,
        matches: ({ container }) => container === "side",
      });
      expect(livesOf(site, "side", "1-1")).toEqual(["started", "exited 137", "started"]);
      // The other one's end was no cue for the first worker.
      expect(livesOf(site, "side", "0-1")).toEqual(["started"]);
    },
  );
});

describe("a schedule as JSON", () => {
  test.concurrent("that a run has saved does the same again, in the same order", async ({ startSite }) => {
    const first = await startSite({
      schedule: {
        starts: { side: "never" },
        steps: [
          { when: { after: { seen: "site-ready" } }, do: "start", container: "side" },
          { when: opened(), do: "pause", container: "side" },
          { when: opened(300), do: "resume", container: "side" },
          {
            when: opened(600),
            // Of another signal nobody says whether its end or the fault is told first.
            inject: { fault: "container-kill", container: "side", signal: "SIGKILL" },
            until: { after: { seen: "container-exited", container: "side" }, plusMs: 300 },
          },
        ],
      },
    });
    const healed = { withinMs: 60_000, matches: (event: EventOf<"schedule.step">) => event.healed === true };
    await untilEvent(first, "schedule.step", healed);
    const saved: Schedule = first.plan.schedule;
    const second = await startSite({ schedule: parseSchedule(JSON.stringify(saved), "saved") });
    await untilEvent(second, "schedule.step", healed);
    expect(second.plan.schedule).toEqual(saved);
    expect(orderOf(second)).toEqual(orderOf(first));
    expect(orderOf(first)).toContain("side paused");
  });
});

/** So long after the sidecar has opened its port. */
function opened(plusMs = 0): Moment {
  return { after: { seen: "port-opened", port: IDLE_PORT }, plusMs };
}

/** Of the run's steps, with the ends of faults: done, or left. */
async function untilDone(site: RunningSite, count: number): Promise<void> {
  const steps = (): readonly unknown[] => [
    ...site.timeline.of("schedule.step"),
    ...site.timeline.of("schedule.step-not-done"),
  ];
  await site.timeline.waitFor(() => (steps().length === count ? true : undefined), {
    deadline: Deadline.in(100_000),
    description: `${count} steps`,
    signal: site.signal,
  });
}

function livesOf(site: RunningSite, container: string, instance = "0-1"): readonly string[] {
  return site.timeline.events.flatMap((event) => {
    if (!("container" in event) || event.container !== container || event.instance !== instance) return [];
    if (event.type === "container.exited") return [`exited ${event.exitCode}`];
    const what = /^container\.(started|paused|resumed)$/.exec(event.type)?.[1];
    return what === undefined ? [] : [what];
  });
}

/** What the schedule did, and what came of it. */
function orderOf(site: RunningSite): readonly string[] {
  return site.timeline.events.flatMap((event) => {
    if (event.type === "schedule.step")
      return [`${describeStep(event.step)}${event.healed === true ? ": end" : ""}`];
    if (event.type === "fault.injected" || event.type === "fault.healed")
      return [`${event.type} ${event.what}`];
    const what = /^container\.(started|exited|paused|resumed)$/.exec(event.type)?.[1];
    return what === undefined || !("container" in event) ? [] : [`${event.container} ${what}`];
  });
}
