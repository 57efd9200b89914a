import { expect } from "vitest";
import type { InputBindingCount } from "../../harness/dapr/dapr-metrics.ts";
import type { RunningSite } from "../../harness/site/running-site.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { BATCH_CONTAINER, readBatches, type Batch } from "../support/batches.ts";
import { betweenTicks } from "../support/between-ticks.ts";
import { withAppSettings } from "../support/example-site.ts";
import { untilEvent } from "../support/observations.ts";

const test = siteTest("fixtures/sites/example");

test.concurrent("over HTTP each tick creates one blob with what main sent", async ({ site }) => {
  const { batches, count } = await afterTwoTicks(site);

  expectBatchPerTick(batches, count);
  // daprd keeps the headers of a call over gRPC in the blob's metadata, and none of a call over HTTP (daprd.md §3).
  for (const { metadata } of batches) expect(Object.keys(metadata)).toEqual(["traceparent"]);
});

test.concurrent(
  "over gRPC each tick creates one blob with what main sent",
  async ({ startSite, definition }) => {
    const site = await startSite({}, withAppSettings(definition, { DAPR_CLIENT_PROTOCOL: "grpc" }));
    const { batches, count } = await afterTwoTicks(site);

    expectBatchPerTick(batches, count);
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
    withinMs: 60_000,
    matches: ({ component }) => component === "blob",
  });

  expect(await storage.containers()).toEqual([BATCH_CONTAINER]);
  expect(await storage.blobs(BATCH_CONTAINER)).toEqual([]);
  expect(site.container("main").state).toBe("created");
});

/** Of a moment between two ticks, after the second or a later one. */
async function afterTwoTicks(
  site: RunningSite,
): Promise<{ readonly batches: readonly Batch[]; readonly count: InputBindingCount }> {
  await untilEvent(site, "tick", { nth: 2, withinMs: 60_000 });
  const { seen: batches, count } = await betweenTicks(
    site,
    async () => await readBatches(await site.blobs()),
  );
  return { batches, count };
}

function expectBatchPerTick(batches: readonly Batch[], count: InputBindingCount): void {
  expect(count.success).toBeGreaterThanOrEqual(2);
  expect(count).toEqual({ success: batches.length, failed: 0 });
  for (const { atMs, content } of batches) expect(content).toBe(new Date(atMs).toISOString());
}
