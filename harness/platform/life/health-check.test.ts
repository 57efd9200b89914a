import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { expect, test } from "vitest";
import { DEFAULT_PLATFORM_SETTINGS } from "../../plan/resolve-settings.ts";
import { Timeline } from "../../timeline/timeline.ts";
import { checkHealth } from "./health-check.ts";

/** At this clock the platform's minute is 6 ms. */
const settings = {
  ...DEFAULT_PLATFORM_SETTINGS,
  healthCheckPath: "/healthz",
  healthCheckMaxPingFailures: 3,
  unhealthyReplacementSeconds: 600,
  platformClock: 10_000,
};

/** Answers as `statusOf` says for the nth ping, counted from 1, until `ended`. */
async function check(statusOf: (ping: number) => number, until: (seen: Seen) => boolean): Promise<Seen> {
  const seen: Seen = { pings: [], health: [], replaced: 0, timeline: new Timeline() };
  const end = new AbortController();
  const look = (): void => void (until(seen) && end.abort());
  const server = createServer((request, response) => {
    seen.pings.push(`${request.method} ${request.url} ${request.headers["user-agent"]}`);
    response.writeHead(statusOf(seen.pings.length), { location: "/elsewhere" }).end();
    look();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  await checkHealth({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    settings,
    timeline: seen.timeline,
    container: "main",
    signal: end.signal,
    onHealth: (healthy, failures) => {
      seen.health.push([healthy, failures, seen.pings.length]);
      look();
    },
    onReplace: () => {
      seen.replaced++;
      look();
    },
  });
  server.close();
  return seen;
}

interface Seen {
  readonly pings: string[];
  /** What was said, and after how many pings. */
  readonly health: [boolean, number, number][];
  replaced: number;
  readonly timeline: Timeline;
}

test("it asks the path as the platform does, and says nothing while all is well", async () => {
  const seen = await check(
    () => 204,
    ({ pings }) => pings.length === 5,
  );
  expect(new Set(seen.pings)).toEqual(new Set(["GET /healthz HealthCheck/1.0"]));
  expect(seen.health).toEqual([]);
});

test("so many failures in a row make it unhealthy, one good answer healthy again", async () => {
  const seen = await check(
    (ping) => ([1, 2, 4, 5, 6].includes(ping) ? 500 : 200),
    ({ health }) => health.length === 2,
  );
  expect(seen.health).toEqual([
    [false, 3, 6],
    [true, 0, 7],
  ]);
  const statuses = seen.timeline.of("probe.changed").map(({ probe, status }) => [probe, status]);
  expect(statuses).toEqual([500, 200, 500, 200].map((status) => ["health-check", status]));
});

test("a redirect is not followed, and is no health", async () => {
  const seen = await check(
    () => 302,
    ({ health }) => health.length === 1,
  );
  expect(seen.health).toEqual([[false, 3, 3]]);
  expect(seen.pings.every((ping) => ping.startsWith("GET /healthz"))).toBe(true);
});

test("one that stays unhealthy is replaced, once", async () => {
  const seen = await check(
    () => 503,
    ({ pings, replaced }) => replaced > 0 && pings.length > 40,
  );
  expect(seen.replaced).toBe(1);
});
