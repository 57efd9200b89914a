import { expect } from "vitest";
import { Deadline } from "../harness/index.ts";
import { siteTest } from "../harness/vitest/index.ts";

// The README shows this file; harness/readme.test.ts keeps the two alike.

const test = siteTest("fixtures/sites/example", { schedule: { dapr: 3_000 } });

test("a sidecar that is 3 s late costs no batch: main waits for it", async ({ site }) => {
  const blob = await site.timeline.waitFor(() => site.timeline.of("blob.created")[0], {
    deadline: Deadline.in(30_000),
    description: "the first blob",
  });
  expect(blob.blob).toMatch(/^batch_\d{13}\.txt$/);
  expect(site.timeline.of("tick")).toMatchObject([{ component: "batch", success: true }]);

  const opened = site.timeline.of("port.opened").map(({ port }) => port);
  expect(opened.indexOf(9000)).toBeGreaterThan(opened.indexOf(3500));
});
