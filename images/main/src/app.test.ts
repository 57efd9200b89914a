import path from "node:path";

import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { daprSidecar, tick } from "../../../harness/twin/msw.ts";
import { createApp } from "./app.ts";
import { blobCreator } from "./dapr.ts";

/** The component files as they are deployed. */
const resources = path.join(import.meta.dirname, "../../../fixtures/components");

const sidecar = await daprSidecar({ resources });
const server = setupServer(...sidecar.handlers);

beforeAll(() => server.listen({ onUnhandledFrame: "error" }));
afterEach(() => sidecar.reset());
afterAll(() => server.close());

function appAt(times: readonly string[] = ["2026-11-23T16:57:35.972Z"], failures: string[] = []) {
  const remaining = times.map((time) => new Date(time));
  return createApp({
    createBlob: blobCreator({ host: "127.0.0.1", port: 3500, protocol: "http" }),
    now: () => remaining.shift() ?? new Date(0),
    reportFailure: (text) => failures.push(text),
  });
}

const bodyOf = async (response: Response | Promise<Response>) => (await response).text();

const targets = () => sidecar.calls.map(({ method, target }) => `${method} ${target}`);

describe("a tick of batch", () => {
  test("stores the time in a blob that is named after its milliseconds", async () => {
    const { outcome, target, posts } = await tick(appAt(), "batch", { resources });
    expect({ outcome, target }).toEqual({ outcome: "delivered", target: "/.internal/batch" });
    expect(posts).toEqual([{ status: 200, body: "batch of 2026-11-23T16:57:35.972Z done" }]);

    const blobs = sidecar.blobs("blob").map(({ name, content }) => [name, content.toString()]);
    expect(blobs).toEqual([["batch_1795453055972.txt", "2026-11-23T16:57:35.972Z"]]);
  });

  test("uses one client for all batches", async () => {
    const app = appAt(["2026-11-23T16:00:00.000Z", "2026-11-23T16:00:10.000Z"]);
    await tick(app, "batch", { resources });
    await tick(app, "batch", { resources });
    expect(targets()).toEqual(["GET /v1.0/metadata", "POST /v1.0/bindings/blob", "POST /v1.0/bindings/blob"]);
    expect(sidecar.blobs("blob")).toHaveLength(2);
  });

  test("is lost when storage refuses, with daprd's words; the next one is stored", async () => {
    const failures: string[] = [];
    const app = appAt(["2026-11-23T16:00:00.000Z", "2026-11-23T16:00:10.000Z"], failures);
    sidecar.failStorage({ status: 403 });
    const refused = await tick(app, "batch", { resources });
    expect(refused).toMatchObject({ outcome: "failed", posts: [{ status: 500 }] });
    expect(failures).toEqual([
      expect.stringMatching(/^POST \/\.internal\/batch failed: .*AuthorizationPermissionMismatch/s),
    ]);

    sidecar.healStorage();
    expect(await tick(app, "batch", { resources })).toMatchObject({ outcome: "delivered" });
    expect(sidecar.blobs("blob").map(({ name }) => name)).toEqual(["batch_1795449610000.txt"]);
  });

  test("is stored while daprd still waits for the app: its port is open before that", async () => {
    sidecar.phase = "waiting-for-app";
    expect(await tick(appAt(), "batch", { resources })).toMatchObject({ outcome: "delivered" });
  });

  test("is lost when daprd goes away between two ticks, and nothing else is", async () => {
    const app = appAt(["2026-11-23T16:00:00.000Z", "2026-11-23T16:00:10.000Z", "2026-11-23T16:00:20.000Z"]);
    await tick(app, "batch", { resources });
    sidecar.phase = "shutting-down";
    expect(await tick(app, "batch", { resources })).toMatchObject({ outcome: "failed" });
    sidecar.phase = "up";
    expect(await tick(app, "batch", { resources })).toMatchObject({ outcome: "delivered" });
    expect(sidecar.blobs("blob")).toHaveLength(2);
  });
});

test("OPTIONS is answered with 404, as Hono does, which silences a cron binding without `direction: input`", async () => {
  const response = await appAt().request("/.internal/batch", { method: "OPTIONS" });
  expect(response.status).toBe(404);
});

describe("GET /batchstatus", () => {
  test("is 00:00:00 before the first batch, and needs no sidecar", async () => {
    expect(await bodyOf(appAt().request("/batchstatus"))).toBe("00:00:00");
    expect(sidecar.calls).toEqual([]);
  });

  test("is the time of day of the last batch in UTC", async () => {
    const app = appAt(["2026-11-23T16:57:35.972Z", "2026-11-23T23:59:59.999Z"]);
    await tick(app, "batch", { resources });
    expect(await bodyOf(app.request("/batchstatus"))).toBe("16:57:35");
    await tick(app, "batch", { resources });
    expect(await bodyOf(app.request("/batchstatus"))).toBe("23:59:59");
  });

  test("remembers a batch whose blob was refused", async () => {
    sidecar.failStorage({ status: 403 });
    const app = appAt();
    await tick(app, "batch", { resources });
    expect(await bodyOf(app.request("/batchstatus"))).toBe("16:57:35");
  });
});
