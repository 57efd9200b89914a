import { expect } from "vitest";
import type { RunningSite } from "../../harness/site/running-site.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { intervalsMs, readBatches, type Batch } from "../support/batches.ts";
import { endTicks } from "../support/end-ticks.ts";
import { everySecond } from "../support/example-site.ts";
import { appFoundAtMs, untilEvent } from "../support/observations.ts";

/** What is promised of each interval; also taken for the first tick, whose reference is read every 100 ms. */
const WITHIN_MS = 250;

const test = siteTest("fixtures/sites/example");

test.concurrent(
  "the deployed cron binding ticks every 10 s, first one interval after daprd found the app",
  async ({ site }) => {
    expect(await batchStatus(site)).toBe("00:00:00");
    const storage = await site.blobs();
    for (const nth of [1, 2, 3, 4]) {
      await untilEvent(site, "tick", { nth, withinMs: 60_000 });
      // The next tick is seconds away, so what is read now belongs to this one.
      expect(await batchStatus(site)).toBe(timeOfDay((await readBatches(storage)).at(-1)));
    }

    const batches = await readBatches(storage);
    expect(batches).toHaveLength(4);
    expectFirstTick(site, batches, 10_000);
    expectIntervals(batches, 10_000);
    await expectNoneLost(site, batches);
  },
);

test.concurrent(
  "20 ticks at @every 1s, none before daprd found the app and none lost",
  async ({ startSite }) => {
    // Main is late by several intervals: a binding that does not wait for the app would tick into the void meanwhile.
    const site = await startSite({ files: await everySecond(), schedule: { main: 4_000 } });
    const storage = await site.blobs();
    await untilEvent(site, "tick", { nth: 20, withinMs: 60_000 });

    await endTicks(site, site.signal);
    const batches = await readBatches(storage);
    expect(batches.length).toBeGreaterThanOrEqual(20);
    expectFirstTick(site, batches, 1_000);
    expectIntervals(batches, 1_000);
    await expectNoneLost(site, batches);
  },
);

/** Between the start of daprd's API and the first tick lies the wait for the app and exactly one interval (daprd.md §2). */
function expectFirstTick(site: RunningSite, batches: readonly Batch[], intervalMs: number): void {
  const [first] = batches;
  expect(Math.abs((first?.atMs ?? 0) - appFoundAtMs(site) - intervalMs)).toBeLessThanOrEqual(WITHIN_MS);
}

function expectIntervals(batches: readonly Batch[], intervalMs: number): void {
  const errors = intervalsMs(batches).map((interval) => Math.abs(interval - intervalMs));
  expect(Math.max(...errors), `intervals ${intervalsMs(batches).join(", ")}`).toBeLessThanOrEqual(WITHIN_MS);
}

/** daprd counts as many deliveries as there are blobs, all of them successful; ticks lost on the way count as failed. */
async function expectNoneLost(site: RunningSite, batches: readonly Batch[]): Promise<void> {
  expect(await site.dapr().inputBindingCount("batch")).toEqual({ success: batches.length, failed: 0 });
  const ticks = site.timeline.of("tick");
  expect(ticks.map(({ count }) => count)).toEqual(ticks.map((_, index) => index + 1));
}

async function batchStatus(site: RunningSite): Promise<string> {
  const answer = await fetch(`${site.url}/batchstatus`);
  return await answer.text();
}

/** As `/batchstatus` shows it: UTC, whole seconds. */
function timeOfDay(batch: Batch | undefined): string {
  return new Date(batch?.atMs ?? Number.NaN).toISOString().slice(11, 19);
}
