import { expect } from "vitest";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { readBatches } from "../support/batches.ts";
import { betweenTicks } from "../support/between-ticks.ts";
import { appFoundAtMs, untilEvent } from "../support/observations.ts";
import { state } from "../support/statement.ts";

const LATE_MS = 12_000;

/** So much earlier a start call is made at most, so that the container starts at its time: it may start in less. */
const MOST_LEAD_MS = 150;

/** What main's entrypoint and its app say while they start. */
const OF_MAIN = /waiting for the Dapr sidecar|starting the app|listening on port 9000/;

const test = siteTest("fixtures/sites/example", { schedule: { dapr: LATE_MS } });

test("the sidecar is 12 s late: main waits for it, then starts, and ticks follow", async ({ site }) => {
  const { timeline } = site;
  const { plannedMs, tMs: sidecarStartedMs } = await untilEvent(site, "container.started", {
    withinMs: 1_000,
    matches: ({ container }) => container === "dapr",
  });
  const { tMs: beganMs } = await untilEvent(site, "schedule.began", { withinMs: 0 });
  expect(plannedMs).toBe(LATE_MS);
  expect(sidecarStartedMs - beganMs).toBeGreaterThanOrEqual(LATE_MS - MOST_LEAD_MS);

  for (const nth of [1, 2]) await untilEvent(site, "tick", { nth, withinMs: 60_000 });
  const openedMs = (wanted: number): number =>
    timeline.of("port.opened").find(({ port }) => port === wanted)?.tMs ?? Number.NaN;
  const waitedMs = openedMs(9000) - openedMs(3500);

  // Main's app was started when the sidecar listened, and main ran all the time: it waited, and was not started anew. In its own
  // words, since the agent may see both ports open in one look.
  const lines = site.container("main").lastLines(200);
  const said = lines.flatMap(({ text }) => OF_MAIN.exec(text) ?? []);
  expect([...new Set(said)]).toEqual([
    "waiting for the Dapr sidecar",
    "starting the app",
    "listening on port 9000",
  ]);
  expect(timeline.of("container.started").filter(({ container }) => container === "main")).toHaveLength(1);
  expect(timeline.of("container.exited")).toEqual([]);

  const { seen: batches, count } = await betweenTicks(
    site,
    async () => await readBatches(await site.blobs()),
  );
  expect(count.success).toBeGreaterThanOrEqual(2);
  expect(count).toEqual({ success: batches.length, failed: 0 });

  state(
    `sidecar started ${seconds(sidecarStartedMs - beganMs)} after the schedule began, its API open ` +
      `${seconds(openedMs(3500) - sidecarStartedMs)} later, main ${seconds(waitedMs)} after that, ` +
      `first tick ${seconds((batches[0]?.atMs ?? Number.NaN) - appFoundAtMs(site))} after daprd found main`,
  );
});

function seconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(2)} s`;
}
