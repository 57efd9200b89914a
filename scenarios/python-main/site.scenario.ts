import { expect } from "vitest";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { readBatches } from "../support/batches.ts";
import { everySecond } from "../support/example-site.ts";
import { untilEvent } from "../support/observations.ts";

/** The wheels come over the network the first time. */
const FETCHING_MS = 600_000;

const test = siteTest("fixtures/sites/python-main");

test(
  "a main in Python with Dapr's own package: cron drives it, and its blobs arrive over gRPC",
  { timeout: FETCHING_MS },
  async ({ startSite }) => {
    const site = await startSite({ files: await everySecond() });
    await untilEvent(site, "tick", { withinMs: 60_000, matches: ({ success }) => success });

    const [batch] = await readBatches(await site.blobs());
    expect(batch?.content).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+\+00:00$/);
    expect(Object.keys(batch?.metadata ?? {}).map((name) => name.toLowerCase())).toContain("useragent");
    expect(await site.dapr().inputBindingCount("batch")).toMatchObject({ failed: 0 });
  },
);
