import { describe, expect, test } from "vitest";
import { createApp } from "./app.ts";
import { blobCreator } from "./dapr.ts";
import { startSidecarStandIn, type SidecarStandIn } from "./sidecar-stand-in.ts";

const stored = () => ({ status: 200, body: { blobURL: "https://storage/container1/b", blobName: "b" } });

function appAgainst(
  sidecar: SidecarStandIn,
  times: readonly string[] = ["2026-11-23T16:57:35.972Z"],
  failures: string[] = [],
) {
  const remaining = times.map((time) => new Date(time));
  return createApp({
    createBlob: blobCreator({ host: "127.0.0.1", port: sidecar.port, protocol: "http" }),
    now: () => remaining.shift() ?? new Date(0),
    reportFailure: (text) => failures.push(text),
  });
}

const bodyOf = async (response: Response | Promise<Response>) => (await response).text();

describe("POST /.internal/batch", () => {
  test("sends the time to the binding blob, named after its milliseconds", async () => {
    await using sidecar = await startSidecarStandIn(stored);
    const response = await appAgainst(sidecar).request("/.internal/batch", { method: "POST" });

    expect(response.status).toBe(200);
    expect(await response.text()).toContain("2026-11-23T16:57:35.972Z");
    const sent = sidecar.requests.filter(({ path }) => path !== "/v1.0/metadata");
    expect(sent.map(({ method, path }) => `${method} ${path}`)).toEqual(["POST /v1.0/bindings/blob"]);
    expect(JSON.parse(sent[0]?.body ?? "")).toEqual({
      operation: "create",
      data: "2026-11-23T16:57:35.972Z",
      metadata: { blobName: "batch_1795453055972.txt" },
    });
  });

  test("takes cron's empty body of type JSON", async () => {
    await using sidecar = await startSidecarStandIn(stored);
    const headers = { "content-type": "application/json", "content-length": "0" };
    const response = await appAgainst(sidecar).request("/.internal/batch", { method: "POST", headers });
    expect(response.status).toBe(200);
  });

  test("uses one client for all batches", async () => {
    await using sidecar = await startSidecarStandIn(stored);
    const app = appAgainst(sidecar, ["2026-11-23T16:00:00.000Z", "2026-11-23T16:00:10.000Z"]);
    await app.request("/.internal/batch", { method: "POST" });
    await app.request("/.internal/batch", { method: "POST" });
    expect(sidecar.requests.map(({ path }) => path)).toEqual([
      "/v1.0/metadata",
      "/v1.0/bindings/blob",
      "/v1.0/bindings/blob",
    ]);
  });

  test("answers 500 with the sidecar's error when the blob is refused, and sends again at the next batch", async () => {
    const answers = [
      { status: 500, body: { errorCode: "ERR_INVOKE_OUTPUT_BINDING", message: "storage said no" } },
      stored(),
    ];
    await using sidecar = await startSidecarStandIn(() => answers.shift() ?? stored());
    const failures: string[] = [];
    const app = appAgainst(sidecar, ["2026-11-23T16:00:00.000Z", "2026-11-23T16:00:10.000Z"], failures);
    const refused = await app.request("/.internal/batch", { method: "POST" });
    expect(refused.status).toBe(500);
    expect(await refused.text()).toContain("storage said no");
    expect(failures).toEqual([expect.stringMatching(/^POST \/\.internal\/batch failed: .*storage said no/)]);
    expect((await app.request("/.internal/batch", { method: "POST" })).status).toBe(200);
  });

  test("answers OPTIONS with 404, as Hono does, which silences a cron binding without `direction: input`", async () => {
    await using sidecar = await startSidecarStandIn(stored);
    const response = await appAgainst(sidecar).request("/.internal/batch", { method: "OPTIONS" });
    expect(response.status).toBe(404);
  });
});

describe("GET /batchstatus", () => {
  test("is 00:00:00 before the first batch, and needs no sidecar", async () => {
    await using sidecar = await startSidecarStandIn(stored);
    expect(await bodyOf(appAgainst(sidecar).request("/batchstatus"))).toBe("00:00:00");
    expect(sidecar.requests).toEqual([]);
  });

  test("is the time of day of the last batch in UTC", async () => {
    await using sidecar = await startSidecarStandIn(stored);
    const app = appAgainst(sidecar, ["2026-11-23T16:57:35.972Z", "2026-11-23T23:59:59.999Z"]);
    await app.request("/.internal/batch", { method: "POST" });
    expect(await bodyOf(app.request("/batchstatus"))).toBe("16:57:35");
    await app.request("/.internal/batch", { method: "POST" });
    expect(await bodyOf(app.request("/batchstatus"))).toBe("23:59:59");
  });

  test("remembers a batch whose blob was refused", async () => {
    await using sidecar = await startSidecarStandIn(() => ({ status: 500, body: {} }));
    const app = appAgainst(sidecar);
    await app.request("/.internal/batch", { method: "POST" });
    expect(await bodyOf(app.request("/batchstatus"))).toBe("16:57:35");
  });
});
