import { expect } from "vitest";
import { Deadline, poll } from "../../harness/shared/clock.ts";
import type { RunningSite } from "../../harness/site/running-site.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { readBatches } from "../support/batches.ts";
import { withAppSettings } from "../support/example-site.ts";
import { untilEvent } from "../support/observations.ts";
import { state } from "../support/statement.ts";

/** Of the deployed `batch.yaml`. */
const INTERVAL_MS = 10_000;

/** As for the cadence: what a tick may be off its time. */
const WITHIN_MS = 250;

/**
 * A Dapr client that has connected once does not wait for the sidecar again, it fails at once (daprd.md §5); one that
 * has not waits 30.7 s. A second lies far from both on a busy machine.
 */
const AT_ONCE_MS = 1_000;

const test = siteTest("fixtures/sites/example");

test.concurrent.for([
  { protocol: "http", refused: "connect ECONNREFUSED 127.0.0.1:3500" },
  { protocol: "grpc", refused: "[unavailable] connect ECONNREFUSED 127.0.0.1:50001" },
])(
  "a sidecar that is killed and started again: the $protocol client goes on, cron begins anew",
  async ({ protocol, refused }, { startSite, definition }) => {
    const site = await startSite({}, withAppSettings(definition, { DAPR_CLIENT_PROTOCOL: protocol }));
    const dapr = site.container("dapr");
    const storage = await site.blobs();
    await untilEvent(site, "tick", { withinMs: 60_000 });
    const [before] = await readBatches(storage);

    await dapr.kill();
    expect(dapr.exits()).toMatchObject([{ exitCode: 137 }]);
    const outage = await callBatch(site);
    expect(outage).toMatchObject({ status: 500, text: expect.stringContaining(refused) });
    expect(outage.tookMs).toBeLessThan(AT_ONCE_MS);

    await dapr.start();
    const back = await untilAnswers(site);
    const recovered = await callBatch(site);
    expect(recovered).toMatchObject({ status: 200, text: expect.stringMatching(/^batch of .+ done$/) });
    expect(recovered.tookMs).toBeLessThan(AT_ONCE_MS);

    // The counter began again with the process, so this is the new daprd's first tick, not a lost one made up for.
    const tick = await untilEvent(site, "tick", { nth: 2, withinMs: 60_000 });
    expect(tick).toMatchObject({ count: 1, success: true });

    const batches = await readBatches(storage);
    const after = batches.at(-1);
    if (before === undefined || after === undefined) throw new Error("there are no batches");
    // Of the tick before, of the call by hand, of the tick after: nothing was made up for.
    expect(batches.map(({ content }) => content)).toEqual([
      before.content,
      /^batch of (.+) done$/.exec(recovered.text)?.[1],
      after.content,
    ]);
    const gapMs = after.atMs - before.atMs;
    const lost = Math.floor(gapMs / INTERVAL_MS);
    expect(lost, `${gapMs} ms between two ticks`).toBe(1);

    // The phase is that of the return: one interval after the new daprd found main, which had been there all along.
    const foundMs = back.foundMs - before.atMs;
    expect(Math.abs(gapMs - foundMs - INTERVAL_MS)).toBeLessThanOrEqual(WITHIN_MS);
    expect(gapMs % INTERVAL_MS).toBeGreaterThan(WITHIN_MS);
    state(
      `${protocol}: sidecar away for ${foundMs} ms after a tick; lost ticks: ${lost}; ` +
        `phase moved by ${gapMs % INTERVAL_MS} ms; call in the outage failed in ${outage.tookMs} ms, ` +
        `the next one after it took ${recovered.tookMs} ms`,
    );

    // One process, and with it one client, through it all.
    const mains = site.timeline.of("container.started").filter(({ container }) => container === "main");
    expect(mains).toHaveLength(1);
    expect(site.container("main").exits()).toEqual([]);
  },
);

/** Calls the route as cron does; main uses its client for it. */
async function callBatch(site: RunningSite): Promise<{ status: number; text: string; tookMs: number }> {
  const began = performance.now();
  const answer = await fetch(`${site.url}/.internal/batch`, { method: "POST" });
  return {
    status: answer.status,
    text: await answer.text(),
    tookMs: Math.round(performance.now() - began),
  };
}

/** The sidecar's second life serves output bindings, and has found main. */
async function untilAnswers(site: RunningSite): Promise<{ readonly foundMs: number }> {
  const outcome = await poll(
    async () => ((await site.dapr().outboundHealth()).status === 204 ? true : undefined),
    { deadline: Deadline.in(60_000), intervalMs: 50, signal: site.signal },
  );
  expect(outcome).toMatchObject({ met: true });
  const found = await untilEvent(site, "probe.changed", {
    nth: 2,
    withinMs: 60_000,
    matches: ({ probe, status }) => probe === "healthz" && status === 204,
  });
  return { foundMs: Date.parse(found.wall) };
}
