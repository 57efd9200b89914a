import { expect } from "vitest";
import { firesOnce } from "../../harness/contracts/fires-once.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { intervalsMs, readBatches } from "../support/batches.ts";
import { endTicks } from "../support/end-ticks.ts";
import { everySecond } from "../support/example-site.ts";
import { untilEvent } from "../support/observations.ts";
import { ANSWERING_MAIN, askMain, smallSite } from "../support/small-site.ts";
import { state } from "../support/statement.ts";

const test = siteTest("fixtures/sites/example");

const INSTANCES = 3;
const INTERVALS = 4;

test.concurrent(
  "three instances of the example: its cron writes three blobs per interval, and the contract says so (A3.9)",
  async ({ startSite }) => {
    const site = await startSite({ instances: INSTANCES, files: await everySecond() });
    // Each worker's own count, from its own daprd.
    await Promise.all(
      site.instances.map(({ name }) =>
        untilEvent(site, "tick", {
          withinMs: 60_000,
          nth: INTERVALS,
          matches: ({ instance, success }) => instance === name && success,
        }),
      ),
    );
    await Promise.all(site.instances.map((instance) => endTicks(instance, site.signal)));
    const counts = await Promise.all(
      site.instances.map(async (instance) => (await instance.dapr().inputBindingCount("batch")).success),
    );
    const batches = await readBatches(await site.blobs());
    // Each tick wrote one blob.
    expect(batches).toHaveLength(counts.reduce((sum, count) => sum + count, 0));
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(INTERVALS);
    state(
      `${INSTANCES} instances: ${counts.join(" + ")} ticks, ${batches.length} blobs, gaps ${intervalsMs(batches).join(", ")} ms`,
    );

    const judgement = firesOnce(site.timeline, "batch");
    expect(judgement).toMatchObject({ verdict: "broken", remedy: expect.stringContaining("one worker") });
    expect(judgement.evidence.map((line) => line.split(":")[0])).toEqual([
      "instance 0-1",
      "instance 1-1",
      "instance 2-1",
    ]);
  },
);

test.concurrent(
  "requests go round the workers; with the affinity cookie they stay with one (A2.9, A3.9)",
  async ({ startSite, definition }) => {
    const { definition: small, options } = smallSite(definition, { main: ANSWERING_MAIN });
    const site = await startSite({ ...options, instances: INSTANCES }, small);
    await untilEvent(site, "rotation.changed", { withinMs: 30_000, nth: INSTANCES });
    const ids = site.status().map(({ instanceId }) => instanceId);
    expect(new Set(ids).size).toBe(INSTANCES);

    const asked: string[] = [];
    for (const _ of ids) asked.push((await askMain(site.url)).environment["WEBSITE_INSTANCE_ID"] ?? "");
    expect(asked.toSorted()).toEqual(ids.toSorted());

    const first = await fetch(site.url);
    const cookie = /ARRAffinity=[0-9a-f]{64}/.exec(first.headers.get("set-cookie") ?? "")?.[0] ?? "";
    for (const _ of ids) {
      const answer = await fetch(site.url, { headers: { cookie } });
      const { environment } = (await answer.json()) as { environment: Record<string, string> };
      expect(`ARRAffinity=${environment["WEBSITE_INSTANCE_ID"]}`).toBe(cookie);
    }
  },
);
