import { expect } from "vitest";
import type { IdentityFailure } from "../../harness/platform/agent-protocol.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { everySecond, withPatientBlob } from "../support/example-site.ts";
import { untilEvent } from "../support/observations.ts";

const test = siteTest("fixtures/sites/example");

/** daprd is started when the failure is there; it has ended when nothing comes of it (daprd.md §4: `initTimeout`, 5 s). */
const DAPR_BY_HAND = { dapr: "never" } as const;

test.concurrent("a token that lives 20 s makes daprd ask again, and blobs go on", async ({ startSite }) => {
  const site = await startSite({
    files: await everySecond(),
    settings: { identityTokenLifetimeSeconds: 20 },
  });
  const second = await untilEvent(site, "identity.requested", { withinMs: 60_000, nth: 3 });
  await untilEvent(site, "blob.created", { withinMs: 30_000, matches: ({ tMs }) => tMs > second.tMs });
  const statuses = site.timeline.of("identity.requested").map(({ status }) => status);
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(site.timeline.of("tick").filter(({ success }) => !success)).toEqual([]);
});

test.concurrent(
  "500 for the first two requests: daprd asks a third time and starts",
  async ({ startSite }) => {
    const files = await withPatientBlob();
    const site = await startSite({ until: "scheduled", schedule: DAPR_BY_HAND, files });
    await using fault = await site.identity.fail({ status: 500, first: 2 });
    await site.container("dapr").start();
    await site.untilReady();
    await fault.heal();
    expect(site.timeline.of("identity.requested").map(({ status }) => status)).toEqual([500, 500, 200]);
  },
);

test.concurrent.for<[string, IdentityFailure, readonly number[]]>([
  ["answers 500", { status: 500 }, [500]],
  ["is slower than daprd waits", { delayMs: 60_000 }, [200]],
  ["refuses connections", { refused: true }, []],
])(
  "an identity service that %s ends daprd with a time-out that hides the cause; healed, it starts again",
  async ([, failure, statuses], { startSite }) => {
    const site = await startSite({
      until: "scheduled",
      schedule: DAPR_BY_HAND,
      settings: { onContainerExitDuringStart: "continue" },
    });
    await using fault = await site.identity.fail(failure);
    const dapr = site.container("dapr");
    await dapr.start();
    const exit = await dapr.ended(60_000, site.signal);
    expect(exit.exitCode).toBe(1);
    expect(await dapr.logs()).toContain("context deadline exceeded");
    const seen = site.timeline.of("identity.requested").map(({ status }) => status);
    expect([...new Set(seen)]).toEqual(statuses);

    await fault.heal();
    await dapr.start();
    await site.untilReady();
    expect(site.timeline.of("identity.requested").at(-1)).toMatchObject({ status: 200 });
  },
);
