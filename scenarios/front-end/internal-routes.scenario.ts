import { expect } from "vitest";
import type { Judgement } from "../../harness/contracts/contract.ts";
import { check } from "../../harness/contracts/check.ts";
import { inputBindingRoutes, notPublic } from "../../harness/contracts/not-public.ts";
import { probePublicRoutes } from "../../harness/contracts/probe-public-routes.ts";
import type { RunningSite } from "../../harness/site/running-site.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { readBatches } from "../support/batches.ts";
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
  await untilEvent(site, "tick", { withinMs: 30_000 });
  const batches = await readBatches(await site.blobs());
  expect(batches.length - site.timeline.of("tick").length).toBe(1);

  // What it was asked stands in the run's record.
  expect(check([notPublic("/.internal/**")], await site.conclude())).toEqual([judgement]);
});

behindEnvoy("with Envoy as main the contract is held, and the cron works as before", async ({ site }) => {
  const [judgement] = await judged(site);
  expect(judgement).toMatchObject({ contract: 'notPublic("/.internal/batch")', verdict: "held" });
  expect(judgement).not.toHaveProperty("remedy");

  // daprd reaches the app past Envoy, and no stranger has.
  await untilEvent(site, "tick", { withinMs: 30_000 });
  expect(site.timeline.of("tick")).toMatchObject([{ component: "batch", success: true }]);
  const batches = await readBatches(await site.blobs());
  expect(batches).toHaveLength(1);

  // What is public passes through Envoy to the app.
  const [batch] = batches;
  const status = await fetch(new URL("/batchstatus", site.url));
  expect(status.headers.get("server")).toBeNull();
  expect({ status: status.status, body: await status.text() }).toEqual({
    status: 200,
    body: expect.stringContaining(new Date(batch?.atMs ?? Number.NaN).toISOString().slice(11, 19)),
  });
  expect(await runningAs(site, "envoy")).toBe("101");
  expect(check([notPublic("/.internal/**")], await site.conclude())).toEqual([judgement]);
});

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
