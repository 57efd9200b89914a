import { expect } from "vitest";
import { headerOf, type SeenExchange } from "../../harness/wire/exchange.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { endTicks } from "../support/end-ticks.ts";
import { everySecond, withAppSettings, withoutDirection } from "../support/example-site.ts";
import { untilEvent } from "../support/observations.ts";

const test = siteTest("fixtures/sites/example", { tap: true });

test.concurrent("every exchange of the example is seen, as it was on the wire", async ({ startSite }) => {
  const site = await startSite({ files: await everySecond() });
  await untilEvent(site, "tick", { nth: 3, withinMs: 60_000 });
  await endTicks(site, site.signal);
  const exchanges = await site.exchanges();

  expect(site.timeline.of("tap.gap")).toEqual([]);
  expect(new Set(exchanges.map(who))).toEqual(
    new Set([
      "? → platform:8081 GET /msi/token",
      "dapr → main:9000 GET /dapr/config",
      "dapr → main:9000 POST /.internal/batch",
      "main → dapr:3500 GET /v1.0/metadata",
      "main → dapr:3500 POST /v1.0/bindings/blob",
    ]),
  );
  // One tick, one write, and daprd's own metrics agree.
  const [ticks, writes] = ["POST /.internal/batch", "POST /v1.0/bindings/blob"].map((what) =>
    exchanges.filter((one) => who(one).endsWith(what)),
  );
  const { success, failed } = await site.dapr().inputBindingCount("batch");
  expect([ticks?.length, writes?.length]).toEqual([success + failed, success + failed]);

  const [tick] = ticks ?? [];
  const [write] = writes ?? [];
  // daprd.md §2: an empty body of a JSON type.
  expect(tick).toMatchObject({
    protocol: "http/1.1",
    request: { body: { size: 0, truncated: false } },
    response: { status: 200, body: { text: expect.stringMatching(/^batch of .* done$/) } },
    end: { how: "answered" },
  });
  expect(headerOf(tick?.request.headers ?? [], "content-type")).toBe("application/json");
  expect(headerOf(tick?.request.headers ?? [], "readtimeutc")).toMatch(/ \+0000 UTC$/);
  const asked = JSON.parse(write?.request.body.text ?? "");
  expect(asked).toMatchObject({
    operation: "create",
    metadata: { blobName: expect.stringMatching(/^batch_\d+\.txt$/) },
  });
  expect(JSON.parse(write?.response?.body.text ?? "")).toMatchObject({ blobName: asked.metadata.blobName });
  expect(exchanges.find((one) => who(one).endsWith("/dapr/config"))).toMatchObject({
    stream: 1,
    response: { status: 404 },
  });

  // The write is a part of its tick, by the kernel's own clock.
  expectWithin(write, tick);
});

test.concurrent("gRPC calls are named, and Dapr's messages decoded", async ({ startSite, definition }) => {
  const grpc = withAppSettings(definition, { DAPR_CLIENT_PROTOCOL: "grpc" });
  const site = await startSite({ files: await everySecond() }, grpc);
  // A tick succeeds when its write has; one that fails on a busy machine may have called nobody.
  await untilEvent(site, "tick", { nth: 2, matches: ({ success }) => success, withinMs: 60_000 });
  const exchanges = await site.exchanges();

  expect(site.timeline.of("tap.gap")).toEqual([]);
  const calls = exchanges.filter(({ protocol }) => protocol === "grpc");
  expect(
    new Set(calls.map(({ grpc: call, to }) => `${to.container}:${to.port} ${call?.service}/${call?.method}`)),
    `of ${exchanges.map((one) => `${one.protocol} ${who(one)}`).join(", ")}`,
  ).toEqual(
    new Set([
      "dapr:50001 dapr.proto.runtime.v1.Dapr/GetMetadata",
      "dapr:50001 dapr.proto.runtime.v1.Dapr/InvokeBinding",
    ]),
  );
  const invoked = calls.find(({ grpc: call }) => call?.method === "InvokeBinding");
  expect(invoked?.grpc).toMatchObject({
    status: 0,
    requests: [
      {
        type: "dapr.proto.runtime.v1.InvokeBindingRequest",
        json: {
          name: "blob",
          operation: "create",
          metadata: { blobName: expect.stringMatching(/^batch_\d+\.txt$/) },
        },
      },
    ],
    responses: [{ type: "dapr.proto.runtime.v1.InvokeBindingResponse" }],
  });
  expect(invoked?.end).toEqual({ how: "answered" });
});

test.concurrent(
  "the question before the first tick, and the answer that silences the binding",
  async ({ startSite }) => {
    const site = await startSite({ files: await withoutDirection(), until: "started" });
    await untilEvent(site, "exchange", {
      withinMs: 60_000,
      matches: ({ exchange }) => exchange.request.method === "OPTIONS",
    });
    const options = (await site.exchanges()).filter(({ request }) => request.method === "OPTIONS");
    // daprd.md §1.1
    expect(options).toMatchObject([
      {
        from: { container: "dapr" },
        to: { container: "main" },
        request: { path: "/.internal/batch", body: { size: 0 } },
        response: { status: 404 },
      },
    ]);
  },
);

function who({ from, to, request }: SeenExchange): string {
  const [path = ""] = request.path.split("?", 1);
  return `${from.container ?? "?"} → ${to.container}:${to.port} ${request.method} ${path}`;
}

function expectWithin(inner: SeenExchange | undefined, outer: SeenExchange | undefined): void {
  const times = [
    outer?.times.startMs,
    inner?.times.startMs,
    inner?.times.firstByteMs,
    inner?.times.endMs,
    outer?.times.endMs,
  ];
  expect(times.every((time) => time !== undefined)).toBe(true);
  expect(times).toEqual(times.toSorted((a, b) => (a ?? 0) - (b ?? 0)));
}
