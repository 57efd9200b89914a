import { Deadline } from "../../../harness/shared/clock.ts";
import { siteTest } from "../../../harness/vitest/site-test.ts";

const test = siteTest("fixtures/sites/example", { until: "scheduled" });

test("goes on until it is ended", async ({ site }) => {
  await site.timeline.waitFor(() => undefined, {
    deadline: Deadline.in(110_000),
    description: "the end of the process",
    signal: site.signal,
  });
});
