import { expect } from "vitest";
import type { IdentityFailure } from "../../harness/platform/agent-protocol.ts";
import type { RunningSite } from "../../harness/site/running-site.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { untilEvent } from "../support/observations.ts";

/** What the catalogue's well-built site has to bear; each bug's own site has something of it amiss. */
const test = siteTest("scenarios/known-bugs/sites/well-built", { until: "scheduled" });

/** It works: a tick that began after now is answered 200, and has its blob. */
async function works(site: RunningSite): Promise<void> {
  const nowMs = site.timeline.now();
  const after = { withinMs: 60_000, matches: ({ tMs }: { readonly tMs: number }) => tMs > nowMs + 1_000 };
  const ticks = untilEvent(site, "tick", {
    ...after,
    matches: (tick) => tick.success && after.matches(tick),
  });
  await Promise.all([ticks, untilEvent(site, "blob.created", after)]);
}

/** No container ended that nobody ended. */
function nothingExited(site: RunningSite): void {
  expect(site.timeline.of("container.exited").filter(({ asked }) => !asked)).toEqual([]);
}

test.concurrent.for<[string, Readonly<Record<string, number>>]>([
  ["storage 12 s late", { storage: 12_000 }],
  ["main 7 s late, storage 4 s", { main: 7_000, storage: 4_000 }],
  ["the sidecar 35 s late", { dapr: 35_000 }],
])("it holds with %s", async ([, schedule], { startSite }) => {
  const site = await startSite({ schedule });
  await site.untilReady();
  await works(site);
  nothingExited(site);
});

test.concurrent.for<[string, IdentityFailure]>([
  ["8 s slow", { delayMs: 8_000 }],
  ["500 at first", { status: 500, first: 2 }],
])("it holds with an identity that is %s", async ([, failure], { startSite }) => {
  const site = await startSite({ schedule: { dapr: "never" } });
  await using slow = await site.identity.fail(failure);
  expect(slow.failure).toEqual(failure);
  await site.container("dapr").start();
  await site.untilReady();
  await works(site);
  nothingExited(site);
});

test.concurrent("it recovers from everything that is done to it while it runs", async ({ startSite }) => {
  const site = await startSite();
  await site.untilReady();
  await works(site);

  // Not killed: the emulator holds its blobs in memory, and Azure's storage does not forget a container.
  await site.container("storage").pause();
  await untilEvent(site, "tick", { withinMs: 60_000, matches: ({ success }) => !success });
  await site.container("storage").resume();
  await works(site);

  for (const name of ["dapr", "main"]) {
    await site.container(name).kill();
    await site.container(name).start();
    await works(site);
  }

  await site.container("dapr").pause();
  await expect(untilEvent(site, "tick", { withinMs: 3_000, nth: 10_000 })).rejects.toMatchObject({
    code: "WAIT_TIMED_OUT",
  });
  await site.container("dapr").resume();
  await works(site);
  nothingExited(site);
});

test.concurrent(
  "stopped, it loses no work that it has accepted, and everything ends with 0 in the grace",
  async ({ startSite }) => {
    const site = await startSite();
    await site.untilReady();
    await works(site);
    const blobs = await site.blobs();
    const written = async () => new Set((await blobs.blobs("batches")).map(({ name }) => name)).size;
    await untilEvent(site, "tick", { withinMs: 10_000 });
    const stopped = await site.stop();
    expect(stopped.map(({ container, exitCode, killed }) => ({ container, exitCode, killed }))).toEqual(
      expect.arrayContaining([
        { container: "main", exitCode: 0, killed: false },
        { container: "dapr", exitCode: 0, killed: false },
      ]),
    );
    const delivered = site.timeline.of("tick").filter(({ success }) => success).length;
    expect(await written()).toBeGreaterThanOrEqual(delivered);
  },
);
