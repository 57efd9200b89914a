import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createServer } from "node:http";
import { once } from "node:events";
import { afterAll, expect, test } from "vitest";
import { portOf } from "../serve/listen.ts";
import { tick, type FetchLike, type TickOptions } from "./tick.ts";

const folder = await mkdtemp(path.join(tmpdir(), "sitecar-tick-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

async function resources(name: string, text: string): Promise<string> {
  const file = path.join(folder, `${name}.yaml`);
  await writeFile(file, text);
  return file;
}

function cron(name: string, metadata: Readonly<Record<string, string>>): string {
  const entries = Object.entries({ schedule: "@every 1s", ...metadata });
  return `apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata: { name: ${name} }\nspec:\n  type: bindings.cron\n  version: v1\n  metadata:\n${entries.map(([key, value]) => `    - { name: ${key}, value: ${JSON.stringify(value)} }\n`).join("")}`;
}

const stated = await resources("stated", cron("batch", { direction: "input", route: "/jobs/batch" }));
const unstated = await resources("unstated", cron("batch", { route: "/jobs/batch" }));
const retried = await resources(
  "retried",
  "apiVersion: dapr.io/v1alpha1\nkind: Resiliency\nmetadata: { name: r }\nspec:\n  policies: { retries: { thrice: { policy: constant, maxRetries: 3 }, always: { policy: constant } } }\n  targets: { components: { batch: { inbound: { retry: thrice } }, other: { inbound: { retry: always } } } }\n",
);
const other = await resources("other", cron("other", { direction: "input" }));

/** Answers with the statuses in turn, and remembers what was asked. */
function app(...statuses: readonly number[]) {
  const remaining = [...statuses];
  const seen: Request[] = [];
  const fetch: FetchLike = (request) => {
    seen.push(request);
    const status = remaining.shift() ?? 200;
    return new Response(status === 204 ? null : "said", { status });
  };
  return { fetch, seen };
}

const at = { firedAt: new Date("2026-11-23T11:19:27.954Z") } as const;
const fire = (target: Parameters<typeof tick>[0], more: Partial<TickOptions> = {}) =>
  tick(target, "batch", { resources: stated, ...at, ...more });

test("a function gets the request that daprd sends", async () => {
  const { fetch, seen } = app();
  const result = await fire(fetch, { appApiToken: "secret" });
  expect(result).toEqual({
    outcome: "delivered",
    target: "/jobs/batch",
    posts: [{ status: 200, body: "said" }],
    explanation: "The app answered 200: delivered.",
  });
  const [request] = seen;
  expect([request?.method, request?.url, await request?.text()]).toEqual([
    "POST",
    "http://127.0.0.1:9000/jobs/batch",
    "",
  ]);
  expect(Object.fromEntries(request?.headers ?? [])).toEqual({
    "accept-encoding": "gzip",
    "content-length": "0",
    "content-type": "application/json",
    "dapr-api-token": "secret",
    host: "127.0.0.1:9000",
    readtimeutc: "2026-11-23 11:19:27.954 +0000 UTC",
    timezone: "Local",
    traceparent: "00-00000000000000000000000000000000-0000000000000000-00",
    "user-agent": "Go-http-client/1.1",
  });
});

test("an address gets it in the order and spelling of Go", async () => {
  const heads: string[][] = [];
  const server = createServer((request, response) => {
    heads.push(request.rawHeaders);
    response.end("ok");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const host = `127.0.0.1:${portOf(server)}`;
  expect(await fire(`http://${host}`)).toMatchObject({
    outcome: "delivered",
    posts: [{ status: 200, body: "ok" }],
  });
  expect(heads).toEqual([
    [
      ["Host", host],
      ["User-Agent", "Go-http-client/1.1"],
      ["Content-Length", "0"],
      ["Content-Type", "application/json"],
      ["Readtimeutc", "2026-11-23 11:19:27.954 +0000 UTC"],
      ["Timezone", "Local"],
      ["Traceparent", "00-00000000000000000000000000000000-0000000000000000-00"],
      ["Accept-Encoding", "gzip"],
    ].flat(),
  ]);
  server.close();
  expect(await fire(`http://${host}`)).toMatchObject({
    outcome: "failed",
    posts: [{ status: null, reason: "ECONNREFUSED" }],
  });
});

test.each([
  [200, "delivered"],
  [204, "delivered"],
  [299, "delivered"],
  [302, "failed"],
  [404, "failed"],
  [500, "failed"],
] as const)("an app that answers %i: %s", async (status, outcome) => {
  expect(await fire(app(status).fetch)).toMatchObject({ outcome, posts: [{ status }] });
});

test.each([
  [200, "delivered"],
  [204, "delivered"],
  [405, "delivered"],
  [302, "not-subscribed"],
  [401, "not-subscribed"],
  [404, "not-subscribed"],
  [500, "not-subscribed"],
] as const)("without a stated direction, OPTIONS that is answered with %i: %s", async (status, outcome) => {
  const { fetch, seen } = app(status);
  expect(await fire(fetch, { resources: unstated })).toMatchObject({ outcome, options: { status } });
  expect(seen.map(({ method }) => method)).toEqual(
    outcome === "delivered" ? ["OPTIONS", "POST"] : ["OPTIONS"],
  );
  expect(Object.keys(Object.fromEntries(seen[0]?.headers ?? []))).toEqual([
    "accept-encoding",
    "content-type",
    "host",
    "user-agent",
  ]);
});

const hanging: FetchLike = () => Promise.withResolvers<never>().promise;
const failing: FetchLike = () => {
  throw new Error("reset");
};

test("OPTIONS without an answer: the binding does not begin", async () => {
  const hung = await fire(hanging, { resources: unstated, optionsLimitMs: 1 });
  expect(hung).toMatchObject({
    outcome: "not-started",
    options: { status: null, reason: "no answer in time" },
    posts: [],
  });
  expect(hung.explanation).toContain("direction: input");
  expect(await fire(failing, { resources: unstated })).toMatchObject({ outcome: "not-started" });
});

test.each([
  ["200 at once", [200], "delivered", 1],
  ["200 in the end", [500, 204, 200], "delivered", 3],
  ["never 200", [202, 202, 202, 202, 200], "failed", 4],
] as const)("under a retry policy of three: %s", async (_, statuses, outcome, posts) => {
  const { fetch, seen } = app(...statuses);
  const result = await fire(fetch, { resources: [retried, stated] });
  expect(result).toMatchObject({ outcome });
  expect(result.posts.map(({ status }) => status)).toEqual(statuses.slice(0, posts));
  expect(seen.map(({ headers }) => headers.get("transfer-encoding"))).toEqual(seen.map(() => "chunked"));
});

test("a retry policy without end is not covered, unless the test says how often", async () => {
  const always = { resources: [retried, other] };
  await expect(tick(app().fetch, "other", always)).rejects.toMatchObject({ code: "TWIN_NOT_COVERED" });
  const { fetch, seen } = app(500, 500);
  expect(await tick(fetch, "other", { ...always, retries: 1 })).toMatchObject({ outcome: "failed" });
  expect(seen).toHaveLength(2);
});

test("an object with fetch is an app; its own this is kept", async () => {
  const object = {
    answer: 200,
    fetch() {
      return new Response("x", { status: this.answer });
    },
  };
  expect(await fire(object)).toMatchObject({ outcome: "delivered" });
});

test.each([
  ["bach", stated, "no binding"],
  ["blob", path.join(import.meta.dirname, "../../../fixtures/components"), "no input binding"],
])("the binding %s is not to be fired", async (binding, files, words) => {
  await expect(tick(app().fetch, binding, { resources: files })).rejects.toThrow(
    new RegExp(`BINDING_UNKNOWN.*${words}[^]*known {3}batch`),
  );
});
