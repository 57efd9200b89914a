import { expect } from "vitest";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { readBatches } from "../support/batches.ts";
import { appFoundAtMs, untilEvent } from "../support/observations.ts";
import { state } from "../support/statement.ts";

const LATE_MS = 12_000;

const test = siteTest("fixtures/sites/example", { schedule: { dapr: LATE_MS } });

test("the sidecar is 12 s late: main waits for it, then starts, and ticks follow", async ({ site }) => {
  const { timeline } = site;
  const { plannedMs, tMs: sidecarStartedMs } = await untilEvent(site, "container.started", {
    withinMs: 1_000,
    matches: ({ container }) => container === "dapr",
  });
  const { tMs: beganMs } = await untilEvent(site, "schedule.began", { withinMs: 0 });
  expect(plannedMs).toBe(LATE_MS);
  expect(sidecarStartedMs - beganMs).toBeGreaterThanOrEqual(LATE_MS);

  for (const nth of [1, 2]) await untilEvent(site, "tick", { nth, withinMs: 15_000 });
  const openedMs = (wanted: number): number =>
    timeline.of("port.opened").find(({ port }) => port === wanted)?.tMs ?? Number.NaN;
  const waitedMs = openedMs(9000) - openedMs(3500);

  // Main did not listen before the sidecar did, and ran all the time: it waited, and was not started anew.
  expect(waitedMs).toBeGreaterThan(0);
  expect(timeline.of("container.started").filter(({ container }) => container === "main")).toHaveLength(1);
  expect(timeline.of("container.exited")).toEqual([]);

  const batches = await readBatches(await site.blobs());
  expect(batches).toHaveLength(2);
  expect(await site.dapr().inputBindingCount("batch")).toEqual({ success: 2, failed: 0 });

  state(
    `sidecar started ${seconds(sidecarStartedMs - beganMs)} after the schedule began, its API open ` +
      `${seconds(openedMs(3500) - sidecarStartedMs)} later, main ${seconds(waitedMs)} after that, ` +
      `first tick ${seconds((batches[0]?.atMs ?? Number.NaN) - appFoundAtMs(site))} after daprd found main`,
  );
});

function seconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(2)} s`;
}
