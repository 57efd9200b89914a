import path from "node:path";

import { expect, test } from "vitest";

import { readRunRecord } from "./read-run-record.ts";
import { judgementsOf, troubles } from "./test-support/judged.ts";

/** Records of runs of the example, as sitecar wrote them; shortened, what names a machine taken out. */
const RUNS = path.join(import.meta.dirname, "..", "..", "fixtures", "runs");

test("the example as deployed: both shells keep SIGTERM to themselves, everything else holds", async () => {
  const record = await readRunRecord(path.join(RUNS, "example-as-deployed"));
  expect(troubles(record)).toEqual([
    'broken stopsGracefully("main"): container "main" killed at the end of the grace',
    'broken stopsGracefully("dapr"): container "dapr" killed at the end of the grace',
  ]);
  expect(judgementsOf(record, "ticksHaveEffect")[0]).toMatchObject({
    verdict: "held",
    evidence: ["2 successful ticks of 2, 2 blobs"],
  });
});

test("storage 8 s late: daprd ends in its init, and that is the cause of all but the stop", async () => {
  const record = await readRunRecord(path.join(RUNS, "example-storage-8s-late"));
  expect(troubles(record)).toEqual([
    'broken nothingExits("dapr"): container "dapr" exits (1)',
    'broken siteStarts: the start is cancelled: container "dapr" exits <= nothingExits("dapr")',
    'broken componentsLoaded("batch"): component "batch" not loaded <= nothingExits("dapr")',
    'broken componentsLoaded("blob"): component "blob" not loaded <= nothingExits("dapr")',
    'broken bindingsActive("batch"): binding "batch" never active <= nothingExits("dapr")',
    'unknown ticksDelivered("batch")',
    'unknown ticksHaveEffect("batch")',
    'broken stopsGracefully("main"): container "main" killed at the end of the grace',
  ]);
  expect(judgementsOf(record, 'nothingExits("dapr")')[0]?.evidence.at(-1)).toContain(
    "failed to create Azure Storage container container1: context deadline exceeded",
  );
});
