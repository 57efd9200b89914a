import { expect } from "vitest";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { untilEvent } from "../support/observations.ts";

const test = siteTest("fixtures/sites/example", {
  until: "scheduled",
  schedule: { storage: 1_000, dapr: "never", main: "never" },
});

// A second one would close the first one's connections under its calls, the blob watcher's among them.
test("all who ask for storage while it comes up get the same reader; after a restart there is a new one", async ({
  site,
}) => {
  const [first, second] = await Promise.all([site.blobs(), site.blobs()]);
  expect(second).toBe(first);
  expect(await first.containers()).toEqual([]);

  const storage = site.container("storage");
  await untilEvent(site, "container.started", {
    withinMs: 60_000,
    matches: ({ container }) => container === "storage",
  });
  await storage.kill();
  await storage.start();
  const again = await site.blobs();
  expect(again).not.toBe(first);
  expect(await again.containers()).toEqual([]);
});
