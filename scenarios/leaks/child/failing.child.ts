import { expect } from "vitest";
import { siteTest } from "../../../harness/vitest/site-test.ts";

const test = siteTest("fixtures/sites/example", { until: "scheduled" });

test("fails while a site runs", ({ site }) => {
  expect(site.container("storage").state).toBe("exited");
});
