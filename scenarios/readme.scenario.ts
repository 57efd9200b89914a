import { expect } from "vitest";
import { Deadline } from "../harness/index.ts";
import { siteTest } from "../harness/vitest/index.ts";

// The README shows this file; harness/readme.test.ts keeps the two alike.

const test = siteTest("fixtures/sites/example", { schedule: { dapr: 3_000 } });

test("a sidecar that is 3 s late costs no batch: main waits for it", async ({ site }) => {
  const { timeline } = site;
  const deadline = Deadline.in(30_000);
  const tick = await timeline.waitFor(() => timeline.of("tick")[0], { deadline, description: "a tick" });
  expect(tick).toMatchObject({ component: "batch", success: true });
  const blob = await timeline.waitFor(() => timeline.of("blob.created")[0], {
    deadline,
    description: "its blob",
  });
  expect(blob.blob).toMatch(/^batch_\d{13}\.txt$/);

  const opened = timeline.of("port.opened").map(({ port }) => port);
  expect(opened.indexOf(9000)).toBeGreaterThan(opened.indexOf(3500));
});
