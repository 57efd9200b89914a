import { expect } from "vitest";
import type { Judgement } from "../../harness/contracts/contract.ts";
import { check } from "../../harness/contracts/check.ts";
import { inputBindingRoutes, notPublic } from "../../harness/contracts/not-public.ts";
import { probePublicRoutes } from "../../harness/contracts/probe-public-routes.ts";
import type { RunningSite } from "../../harness/site/running-site.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { readBatches } from "../support/batches.ts";
import { betweenTicks } from "../support/between-ticks.ts";
import { untilEvent } from "../support/observations.ts";

const example = siteTest("fixtures/sites/example");
const behindEnvoy = siteTest("fixtures/sites/example-envoy");

example("as written, anyone can run the cron's route: the contract is broken", async ({ site }) => {
  const [judgement, ...others] = await judged(site);
  expect(others).toEqual([]);
  expect(judgement).toMatchObject({
    contract: 'notPublic("/.internal/batch")',
    verdict: "broken",
    evidence: [expect.stringMatching(/^POST \/\.internal\/batch .* was answered 200/)],
    remedy: expect.stringContaining("example-envoy"),
  });

  // The work was done for a stranger: one blob more than daprd's ticks account for.
  await untilEvent(site, "tick", { withinMs: 60_000 });
  const { seen: batches, count } = await betweenTicks(
    site,
    async () => await readBatches(await site.blobs()),
  );
  expect(count.failed).toBe(0);
  expect(batches.length - count.success).toBe(1);

  // What it was asked stands in the run's record.
  expect(check([notPublic("/.internal/**")], await site.conclude())).toEqual([judgement]);
});

behindEnvoy("with Envoy as main the contract is held, and the cron works as before", async ({ site }) => {
  const [judgement] = await judged(site);
  expect(judgement).toMatchObject({ contract: 'notPublic("/.internal/batch")', verdict: "held" });
  expect(judgement).not.toHaveProperty("remedy");

  // daprd reaches the app past Envoy, and no stranger has.
  const tick = await untilEvent(site, "tick", { withinMs: 60_000 });
  expect(tick).toMatchObject({ component: "batch", success: true });
  const { seen, count } = await betweenTicks(site, async () => ({
    batches: await readBatches(await site.blobs()),
    status: await batchStatus(site),
  }));
  expect(count).toEqual({ success: seen.batches.length, failed: 0 });

  // What is public passes through Envoy to the app.
  const last = seen.batches.at(-1);
  expect(seen.status).toEqual({
    status: 200,
    server: null,
    body: expect.stringContaining(new Date(last?.atMs ?? Number.NaN).toISOString().slice(11, 19)),
  });
  expect(await runningAs(site, "envoy")).toBe("101");
  expect(check([notPublic("/.internal/**")], await site.conclude())).toEqual([judgement]);
});

/** The app's time of its last batch, as the public gets it. */
async function batchStatus(site: RunningSite) {
  const response = await fetch(new URL("/batchstatus", site.url));
  return {
    status: response.status,
    server: response.headers.get("server"),
    body: await response.text(),
  };
}

function judged(site: RunningSite): Promise<readonly Judgement[]> {
  const routes = inputBindingRoutes(site.componentFiles());
  expect(routes).toEqual(["/.internal/batch"]);
  return probePublicRoutes({ url: site.url, routes, timeline: site.timeline, signal: site.signal });
}

/** The user id of the container's first process. */
async function runningAs(site: RunningSite, container: string): Promise<string> {
  const { stdout } = await site.container(container).exec(["stat", "--format=%u", "/proc/1"]);
  return stdout.trim();
}
