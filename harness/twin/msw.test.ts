import path from "node:path";

import { DaprClient } from "@dapr/dapr";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { daprSidecar } from "./msw.ts";

const sidecar = await daprSidecar({
  resources: path.join(import.meta.dirname, "../../fixtures/components"),
  apiToken: "secret",
});
const server = setupServer(...sidecar.handlers);

beforeAll(() => server.listen({ onUnhandledFrame: "error" }));
afterEach(() => sidecar.reset());
afterAll(() => server.close());

test.each(["http://127.0.0.1:3500", "http://localhost:3500", "http://[::1]:3500"])(
  "%s is the sidecar",
  async (origin) => {
    const answer = await fetch(`${origin}/v1.0/metadata`, { headers: { "dapr-api-token": "secret" } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(await answer.json()).toMatchObject({ id: "main", runtimeVersion: "1.18.2" });
  },
);

function call(body: unknown): Promise<Response> {
  return fetch("http://127.0.0.1:3500/v1.0/bindings/blob", {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "dapr-api-token": "secret" },
  });
}

test("answers go through fetch as they are: headers of bytes, statuses without a body", async () => {
  const created = await call({ operation: "create", data: "é", metadata: { blobName: "ü" } });
  expect(Buffer.from(created.headers.get("metadata.blobname") ?? "", "latin1").toString("utf8")).toBe("ü");
  const deleted = await call({
    operation: "delete",
    metadata: { blobName: "ü", deleteSnapshots: "include" },
  });
  expect([deleted.status, await deleted.text()]).toEqual([204, ""]);
});

test("Dapr's own client works with it", async () => {
  const client = new DaprClient({ daprHost: "127.0.0.1", daprPort: "3500", daprApiToken: "secret" });
  expect(await client.binding.send("blob", "create", { b: 1, a: 2 }, { blobName: "a.json" })).toEqual({
    blobName: "a.json",
    blobURL: "https://toshidasandboxstorage.blob.core.windows.net/container1/a.json",
  });
  expect(String(sidecar.blobs("blob")[0]?.content)).toBe('{"a":2,"b":1}');
  await expect(client.binding.send("blob", "get", undefined, { blobName: "b.json" })).rejects.toThrow(
    /blob not found/,
  );
});

test("a port that is closed fails the request", async () => {
  sidecar.phase = "starting";
  await expect(fetch("http://127.0.0.1:3500/v1.0/healthz")).rejects.toThrow(TypeError);
  expect(sidecar.calls).toMatchObject([{ target: "/v1.0/healthz", status: null }]);
});

test("another port can be the sidecar's", async () => {
  const other = await daprSidecar({ resources: [], port: 3600, appId: "shop" });
  server.use(...other.handlers);
  const answer = await fetch("http://127.0.0.1:3600/v1.0/metadata");
  expect(await answer.json()).toMatchObject({ id: "shop" });
  server.resetHandlers();
});
