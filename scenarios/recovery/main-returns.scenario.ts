import { expect } from "vitest";
import type { RunningSite } from "../../harness/site/running-site.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { readBatches } from "../support/batches.ts";
import { endTicks } from "../support/end-ticks.ts";
import { everySecond } from "../support/example-site.ts";
import { untilEvent } from "../support/observations.ts";
import { state } from "../support/statement.ts";

const INTERVAL_MS = 1_000;

/** As for the cadence: what a tick may be off its time. */
const WITHIN_MS = 250;

/** Ticks that the outage lasts for at least. */
const LOST = 3;

const test = siteTest("fixtures/sites/example");

test("main is killed and started again: cron keeps its phase, and what it fired meanwhile is lost", async ({
  startSite,
}) => {
  const site = await startSite({ files: await everySecond() });
  const main = site.container("main");
  const storage = await site.blobs();
  // Main is late for its first ticks, because it loads the client then; the phase is read from one that it is not late for.
  await untilEvent(site, "tick", { nth: 4, withinMs: 60_000 });

  await main.kill();
  expect(main.exits()).toMatchObject([{ exitCode: 137 }]);
  const died = (await readBatches(storage)).length;
  await untilEvent(site, "tick", { nth: LOST, withinMs: 30_000, matches: ({ success }) => !success });
  // Without an app health check daprd never looks again whether the app is there (daprd.md §1.2).
  expect(await site.dapr().health()).toMatchObject({ status: 204 });
  await main.start();
  await untilEvent(site, "tick", {
    nth: died + 3,
    withinMs: 60_000,
    matches: ({ success }) => success,
  });

  // No tick comes between one look and the next.
  await endTicks(site, site.signal);
  const batches = await readBatches(storage);
  const [lastBefore, firstAfter] = batches.slice(died - 1);
  if (lastBefore === undefined || firstAfter === undefined) throw new Error("there are no batches");
  const gapMs = firstAfter.atMs - lastBefore.atMs;
  const intervals = Math.round(gapMs / INTERVAL_MS);
  const lost = intervals - 1;
  state(
    `main away: lost ticks: ${lost}; daprd counted ${failures(site)} failed; ` +
      `phase moved by ${gapMs - intervals * INTERVAL_MS} ms over ${intervals} intervals`,
  );

  // Each instant that passed without a batch is one that daprd counted as failed, and none was delivered later.
  expect(lost).toBeGreaterThanOrEqual(LOST);
  expect(failures(site)).toBe(lost);
  expect(await site.dapr().inputBindingCount("batch")).toEqual({ success: batches.length, failed: lost });

  // The same phase before and after the outage: main's own times, which the harness can't be late for.
  expect(Math.abs(gapMs - intervals * INTERVAL_MS)).toBeLessThanOrEqual(WITHIN_MS);

  // daprd neither asked main again what it is, nor whether it takes the binding.
  const metrics = await site.dapr().metrics();
  expect(metrics.appConfigurationCalls()).toBe(1);
  expect(metrics.subscriptionProbe("/.internal/batch").sent).toBe(0);
  expect(site.container("dapr").exits()).toEqual([]);
});

function failures(site: RunningSite): number {
  return site.timeline.of("tick").filter(({ success }) => !success).length;
}
