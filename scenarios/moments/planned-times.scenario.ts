import { expect } from "vitest";
import type { ScheduleWithSteps } from "../../harness/schedule/schedule.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { exampleSite } from "../support/example-site.ts";
import { untilEvent } from "../support/observations.ts";
import { ANSWERING_MAIN, IDLE, IDLE_PORT, smallSite } from "../support/small-site.ts";
import { state } from "../support/statement.ts";

/** What a schedule promises on a machine that has nothing else to do. */
const WITHIN_MS = 50;

const small = smallSite(
  await exampleSite(),
  { main: ANSWERING_MAIN, side: IDLE, other: IDLE.replace(String(IDLE_PORT), String(IDLE_PORT + 1)) },
  { observedPorts: [IDLE_PORT] },
);
const test = siteTest(small.definition, { ...small.options, until: "scheduled" });

const SCHEDULE: ScheduleWithSteps = {
  starts: { main: 0, side: 700, other: 1_400 },
  steps: [
    { when: { atMs: 2_200 }, do: "pause", container: "side" },
    { when: { atMs: 2_700 }, do: "resume", container: "side" },
    { when: { atMs: 3_200 }, do: "kill", container: "other" },
    { when: { atMs: 4_000 }, do: "start", container: "other" },
    {
      when: { atMs: 5_000 },
      inject: { fault: "container-pause", container: "main" },
      until: { atMs: 5_500 },
    },
  ],
};

test("starts and steps happen within 50 ms of their time, and the record has the real times", async ({
  startSite,
}) => {
  // The first run is where the harness learns how long this machine takes to start a container.
  const last = { withinMs: 30_000, nth: 6 };
  const before = await startSite({ schedule: SCHEDULE });
  await untilEvent(before, "schedule.step", last);
  await before[Symbol.asyncDispose]();

  const site = await startSite({ schedule: SCHEDULE });
  await untilEvent(site, "schedule.step", last);
  const starts = site.timeline.of("container.started").filter(({ plannedMs }) => plannedMs !== undefined);
  const steps = site.timeline.of("schedule.step");
  expect(starts.map(({ plannedMs }) => plannedMs)).toEqual([0, 700, 1_400, 4_000]);
  expect(steps.map(({ plannedMs }) => plannedMs)).toEqual([2_200, 2_700, 3_200, 4_000, 5_000, 5_500]);
  const lateness = [...starts, ...steps].map(({ latenessMs = Number.NaN }) => latenessMs);
  state(`lateness of starts and steps, ms: ${lateness.join(", ")}`);
  expect(lateness.filter((ms) => !(Math.abs(ms) <= WITHIN_MS))).toEqual([]);

  const [began] = site.timeline.of("schedule.began");
  for (const { tMs, plannedMs = 0, latenessMs = 0 } of starts) {
    expect(Math.abs(tMs - (began?.tMs ?? 0) - plannedMs - latenessMs)).toBeLessThanOrEqual(1);
  }
});
