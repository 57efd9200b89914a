import { expect } from "vitest";
import type { RunningSite } from "../../harness/site/running-site.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { BATCH_CONTAINER, readBatches, type Batch } from "../support/batches.ts";
import { withAppSettings } from "../support/example-site.ts";
import { untilEvent } from "../support/observations.ts";

const test = siteTest("fixtures/sites/example");

test.concurrent("over HTTP each tick creates one blob with what main sent", async ({ site }) => {
  const batches = await untilSecondTick(site);

  expectBatchPerTick(site, batches);
  // daprd keeps the headers of a call over gRPC in the blob's metadata, and none of a call over HTTP (daprd.md §3).
  for (const { metadata } of batches) expect(Object.keys(metadata)).toEqual(["traceparent"]);
});

test.concurrent(
  "over gRPC each tick creates one blob with what main sent",
  async ({ startSite, definition }) => {
    const site = await startSite({}, withAppSettings(definition, { DAPR_CLIENT_PROTOCOL: "grpc" }));
    const batches = await untilSecondTick(site);

    expectBatchPerTick(site, batches);
    for (const { metadata } of batches) {
      expect(metadata).toMatchObject({ contenttype: "application/grpc+proto" });
    }
  },
);

test.concurrent("daprd creates the storage container, before main has ever run", async ({ startSite }) => {
  const site = await startSite({ until: "scheduled", schedule: { dapr: "never", main: "never" } });
  const storage = await site.blobs();
  expect(await storage.containers()).toEqual([]);

  await site.container("dapr").start();
  await untilEvent(site, "component.loaded", {
    withinMs: 20_000,
    matches: ({ component }) => component === "blob",
  });

  expect(await storage.containers()).toEqual([BATCH_CONTAINER]);
  expect(await storage.blobs(BATCH_CONTAINER)).toEqual([]);
  expect(site.container("main").state).toBe("created");
});

async function untilSecondTick(site: RunningSite): Promise<readonly Batch[]> {
  await untilEvent(site, "tick", { nth: 2, withinMs: 30_000 });
  // The next tick is seconds away, so nothing is under way while storage is read.
  return await readBatches(await site.blobs());
}

function expectBatchPerTick(site: RunningSite, batches: readonly Batch[]): void {
  const ticks = site.timeline.of("tick");
  expect(ticks.map(({ success }) => success)).toEqual([true, true]);
  expect(batches).toHaveLength(ticks.length);
  for (const { atMs, content } of batches) expect(content).toBe(new Date(atMs).toISOString());
}
