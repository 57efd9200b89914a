import { expect } from "vitest";
import { appNotListening } from "../../harness/faults/app-not-listening.ts";
import { portTaken } from "../../harness/faults/port-taken.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { inject } from "../../harness/faults/inject.ts";
import { daprdLoggedForMs } from "../support/daprd-log.ts";
import { untilEvent } from "../support/observations.ts";

const test = siteTest("fixtures/sites/example");

/** Nothing is started until the port is taken; a sidecar's end ends nothing else. */
const BY_HAND = {
  until: "scheduled",
  schedule: { main: "never", dapr: "never" },
  settings: { onContainerExitDuringStart: "continue" },
} as const;

test.concurrent.for(["loopback", "all"] as const)(
  "the metrics port taken (%s) ends daprd at once; free again, it starts (daprd.md §6)",
  async (address, { startSite }) => {
    const site = await startSite(BY_HAND);
    await using taken = await inject(site, portTaken({ port: 9090, address }));
    const dapr = site.container("dapr");
    await dapr.start();
    const exit = await dapr.ended(60_000, site.signal);
    expect(exit.exitCode).toBe(1);
    const output = await dapr.logs();
    expect(output).toMatch(/9090.*address already in use/);
    // Its own start, and none of the ten seconds that it tries the other ports for.
    expect(daprdLoggedForMs(output)).toBeLessThan(4_000);
    // It never listened there; who did is the harness.
    expect(site.timeline.of("port.opened").filter(({ port }) => port === 9090)).toEqual([]);

    await taken.heal();
    await dapr.start();
    await site.container("main").start();
    await site.untilReady();
  },
);

test.concurrent(
  "the API port taken: daprd tries for ten seconds, then ends (daprd.md §6)",
  async ({ startSite }) => {
    const site = await startSite(BY_HAND);
    await inject(site, portTaken({ port: 3500, answers: "not-found" }));
    const dapr = site.container("dapr");
    await dapr.start();
    const exit = await dapr.ended(60_000, site.signal);
    expect(exit.exitCode).toBe(1);
    // Its metrics listened all the while.
    await untilEvent(site, "port.opened", { withinMs: 30_000, matches: ({ port }) => port === 9090 });
    const output = await dapr.logs();
    expect(output).toContain("could not listen on any endpoint");
    expect(daprdLoggedForMs(output)).toBeGreaterThan(8_500);
    expect(daprdLoggedForMs(output)).toBeLessThan(14_000);
  },
);

test.concurrent(
  "the API port freed in time: daprd takes it and goes on (daprd.md §6)",
  async ({ startSite }) => {
    const site = await startSite(BY_HAND);
    await using taken = await inject(site, portTaken({ port: 3500 }));
    await site.container("main").start();
    await untilEvent(site, "port.opened", { withinMs: 60_000, matches: ({ port }) => port === 2222 });
    // Last, since it gives up after ten seconds. Its metrics listen before it tries its API's port: from then on it is at it.
    await site.container("dapr").start();
    await untilEvent(site, "port.opened", { withinMs: 60_000, matches: ({ port }) => port === 9090 });
    await taken.heal();
    await untilEvent(site, "port.opened", { withinMs: 60_000, matches: ({ port }) => port === 3500 });
    await site.untilReady();
    expect(site.container("dapr").exits()).toEqual([]);
  },
);

test.concurrent(
  "what is not possible is refused: a port that somebody has, a fault of an app that is the site's own",
  async ({ site }) => {
    await expect(inject(site, portTaken({ port: 3500 }))).rejects.toMatchObject({
      code: "FAULT_NOT_POSSIBLE",
    });
    await expect(inject(site, appNotListening())).rejects.toMatchObject({ code: "FAULT_NOT_POSSIBLE" });
  },
);
