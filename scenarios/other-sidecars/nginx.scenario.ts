import { expect } from "vitest";
import { Deadline } from "../../harness/shared/clock.ts";
import type { RunningSite } from "../../harness/site/running-site.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { withAppSettings } from "../support/example-site.ts";
import { untilEvent } from "../support/observations.ts";
import { untilCounted, visit } from "./visits.ts";

const test = siteTest("fixtures/sites/nginx");

/** Where each listens: one is started when the one before is up, however long that takes. */
const PORTS: Readonly<Record<string, number>> = { nginx: 8080, app: 3000, redis: 6379 };
const BY_HAND = { nginx: "never", app: "never", redis: "never" } as const;

test.concurrent.for([
  ["nginx", "app", "redis"],
  ["nginx", "redis", "app"],
  ["app", "nginx", "redis"],
  ["app", "redis", "nginx"],
  ["redis", "nginx", "app"],
  ["redis", "app", "nginx"],
])("%s, then %s, then %s: a request reaches the app, which counts it", async (order, { startSite }) => {
  const site = await startSite({ schedule: BY_HAND, until: "scheduled" });
  for (const name of order) {
    await site.container(name).start();
    await untilEvent(site, "port.opened", { withinMs: 60_000, matches: ({ port }) => port === PORTS[name] });
  }
  await site.untilReady();

  expect(await untilCounted(site)).toMatchObject({ visits: 1 });
  expect(await visit(site)).toMatchObject({ status: 200, visits: 2 });

  const started = site.timeline.of("container.started").map(({ container }) => container);
  expect(started.filter((name) => order.includes(name))).toEqual(order);
});

test.concurrent(
  "without the app the site starts on nginx's 502, and visitors get it too (A2.6)",
  async ({ startSite }) => {
    const site = await startSite({ schedule: { app: "never" } });

    expect(warmUps(site)).toContain(502);
    expect(await visit(site)).toMatchObject({ status: 502, server: expect.stringMatching(/^nginx/) });
    expect(await robots(site)).toMatchObject({
      status: 200,
      text: expect.stringContaining("Disallow: /app/"),
    });

    await site.container("app").start();

    expect(await untilCounted(site)).toMatchObject({ visits: 1 });
  },
);

test.concurrent(
  "with WEBSITE_WARMUP_STATUSES the site is started when the app behind nginx is there (A2.6)",
  async ({ startSite, definition }) => {
    const site = await startSite(
      { schedule: { app: "never" }, until: "scheduled" },
      withAppSettings(definition, { WEBSITE_WARMUP_STATUSES: "200", WEBSITE_WARMUP_PATH: "/health" }),
    );
    await site.timeline.waitFor(() => warmUps(site).find((status) => status === 502), {
      deadline: Deadline.in(60_000),
      description: "nginx to answer without the app",
    });
    expect(site.status()).toMatchObject([{ state: "Starting" }]);

    await site.container("app").start();
    await site.untilStarted();

    expect(warmUps(site).at(-1)).toBe(200);
    // The app's health says nothing of Redis.
    expect(await untilCounted(site)).toMatchObject({ status: 200 });
  },
);

test.concurrent(
  "the app killed: nginx answers 502 and its own files, and passes on when it is back",
  async ({ site }) => {
    expect(await untilCounted(site)).toMatchObject({ visits: 1 });

    await site.container("app").kill();

    expect(await visit(site)).toMatchObject({ status: 502 });
    expect(await robots(site)).toMatchObject({ status: 200 });
    expect(site.container("nginx").exits()).toEqual([]);

    await site.container("app").start();

    // Redis lived on, and with it the count.
    expect(await untilCounted(site)).toMatchObject({ visits: 2 });
  },
);

test.concurrent("all three end by themselves when the site is stopped", async ({ startSite }) => {
  // A grace that is far from what they take.
  const site = await startSite({ settings: { stopTimeLimitSeconds: 60 } });
  await untilCounted(site);
  expect(await site.stop()).toMatchObject([
    { container: "nginx", exitCode: 0, killed: false },
    { container: "app", exitCode: 0, killed: false },
    { container: "redis", exitCode: 0, killed: false },
  ]);
});

function warmUps(site: RunningSite): readonly (number | null)[] {
  return site.timeline
    .of("probe.changed")
    .filter(({ probe }) => probe === "warm-up")
    .map(({ status }) => status);
}

/** A file that nginx has itself. */
async function robots(site: RunningSite): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(`${site.url}/robots.txt`);
  return { status: response.status, text: await response.text() };
}
