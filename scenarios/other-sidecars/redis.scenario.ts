import { expect } from "vitest";
import { Deadline } from "../../harness/shared/clock.ts";
import type { RunningSite } from "../../harness/site/running-site.ts";
import type { EventOf } from "../../harness/timeline/events.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { withAppSettings } from "../support/example-site.ts";
import { untilCounted, visit } from "./visits.ts";

const test = siteTest("fixtures/sites/redis");

/** Far more than a start takes. */
const APART_MS = 2_000;

/** Main has ended by then, however slow its start. */
const FAR_LATER_MS = 60_000;

test.concurrent.for([
  { order: "both at once", schedule: {} },
  { order: "Redis first", schedule: { main: APART_MS } },
  { order: "main first", schedule: { redis: APART_MS } },
])("main counts in Redis on localhost, $order", async ({ schedule }, { startSite }) => {
  const site = await startSite({ schedule });

  expect(await untilCounted(site)).toMatchObject({ visits: 1 });
  expect(await visit(site)).toMatchObject({ status: 200, visits: 2 });
});

test.concurrent(
  "while there is no Redis main is started and says so; it counts as soon as Redis comes",
  async ({ startSite }) => {
    const site = await startSite({ schedule: { redis: "never" } });
    // Any answer is a warm one (A2.6), and no sidecar is asked (A2.7).
    expect(site.status()).toMatchObject([{ state: "Started" }]);
    expect(await visit(site)).toMatchObject({ status: 503, error: expect.any(String) });

    await site.container("redis").start();

    expect(await untilCounted(site)).toMatchObject({ visits: 1 });
  },
);

test.concurrent(
  "a main that needs Redis at its start does not survive a late one",
  async ({ startSite, definition }) => {
    const needy = withAppSettings(definition, { CACHE_REQUIRED: "true" });
    const inTime = await startSite({ schedule: { main: "never" }, until: "scheduled" }, needy);
    await untilRedisListens(inTime);
    await inTime.container("main").start();
    await inTime.untilStarted();
    expect(await visit(inTime)).toMatchObject({ status: 200, visits: 1 });

    const late = startSite({ schedule: { redis: FAR_LATER_MS } }, needy);

    await expect(late).rejects.toMatchObject({
      code: "CONTAINER_EXITED_DURING_START",
      message: expect.stringMatching(
        /container "main" ended with exit code 1 .*ECONNREFUSED 127\.0\.0\.1:6379/s,
      ),
    });
  },
);

test.concurrent("Redis killed: main answers on, and counts anew when it is back", async ({ site }) => {
  // Started means that main answers, and not that Redis listens.
  expect(await untilCounted(site)).toMatchObject({ visits: 1 });
  expect(await visit(site)).toMatchObject({ visits: 2 });

  await site.container("redis").kill();

  expect(site.container("redis").exits()).toMatchObject([{ exitCode: 137, asked: true }]);
  expect(await visit(site)).toMatchObject({ status: 503 });
  expect(site.container("main").exits()).toEqual([]);

  await site.container("redis").start();

  // What it had was in memory.
  expect(await untilCounted(site)).toMatchObject({ visits: 1 });
});

test.concurrent("Redis is reached inside the namespace alone", async ({ site }) => {
  const opened = await untilRedisListens(site);
  expect(opened).toMatchObject({ address: "127.0.0.1", container: "redis" });
  expect(() => site.publishedPort(6379)).toThrow(/CONTAINER_UNKNOWN: port 6379 .* not published/);
});

test.concurrent("both end by themselves when the site is stopped", async ({ site }) => {
  await untilCounted(site);
  expect(await site.stop()).toMatchObject([
    { container: "main", exitCode: 0, killed: false },
    { container: "redis", exitCode: 0, killed: false },
  ]);
});

async function untilRedisListens(site: RunningSite): Promise<EventOf<"port.opened">> {
  return await site.timeline.waitFor(
    () => site.timeline.of("port.opened").find(({ port }) => port === 6379),
    { deadline: Deadline.in(30_000), description: "Redis to listen" },
  );
}
