import { readFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { DaprReader } from "./dapr-reader.ts";
import { takeSnapshot } from "./snapshot.ts";

const servers: Server[] = [];
const readers: DaprReader[] = [];
afterEach(() => {
  for (const reader of readers.splice(0)) reader.close();
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** A reader of a real server that answers both ports' questions with `listener`. */
async function reading(listener: RequestListener, options = {}): Promise<DaprReader> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return readerOf(origin, options);
}

function readerOf(origin: string, options = {}): DaprReader {
  const reader = new DaprReader({ httpOrigin: origin, metricsOrigin: origin, ...options });
  readers.push(reader);
  return reader;
}

const support = (name: string): Promise<string> =>
  readFile(new URL(`test-support/${name}`, import.meta.url), "utf8");

/** daprd's answers as they were captured, its health as given. */
async function daprd(health: number): Promise<RequestListener> {
  const pages: Record<string, string> = {
    "/v1.0/metadata": await support("metadata-app-found.json"),
    "/metrics": await support("metrics-after-tick.txt"),
  };
  return (request, response) => {
    const page = pages[request.url ?? ""];
    if (request.url === "/v1.0/healthz" || request.url === "/v1.0/healthz/outbound") {
      response.writeHead(request.url.endsWith("outbound") ? 204 : health).end();
    } else response.writeHead(page === undefined ? 404 : 200).end(page);
  };
}

test("health is what daprd said, with its words", async () => {
  const words = '{"errorCode":"ERR_HEALTH_NOT_READY","message":"dapr is not ready: [runtime]"}';
  const reader = await reading((_, response) => response.writeHead(500).end(words));
  expect(await reader.health()).toEqual({ status: 500, body: words });
});

test("health and outbound health are two questions", async () => {
  const reader = await reading(await daprd(500));
  expect((await reader.health()).status).toBe(500);
  expect((await reader.outboundHealth()).status).toBe(204);
});

test("no answer is an observation with its reason", async () => {
  expect(await readerOf("http://127.0.0.1:1").health()).toEqual({ status: null, reason: "ECONNREFUSED" });
  const silent = await reading(() => undefined, { requestLimitMs: 50 });
  expect(await silent.health()).toEqual({ status: null, reason: "no answer within 0.05 s" });
  const cut = await reading((request) => request.socket.destroy());
  expect(await cut.health()).toEqual({ status: null, reason: "ECONNRESET" });
});

test("an answer that breaks off is none", async () => {
  const reader = await reading((_, response) => {
    response.writeHead(200, { "content-length": "100" });
    response.write("half", () => response.destroy());
  });
  expect(await reader.health()).toMatchObject({ status: null });
});

test("metadata of the real daprd is typed", async () => {
  const metadata = await (await reading(await daprd(204))).metadata();
  expect(metadata).toMatchObject({
    id: "lab",
    runtimeVersion: "1.18.2",
    subscriptions: [],
    enabledFeatures: ["HotReload", "WorkflowsRemoteActivityReminder"],
    appConnectionProperties: { port: 19000, protocol: "http", channelAddress: "127.0.0.1" },
    actorRuntime: { runtimeStatus: "DISABLED", hostReady: false },
  });
  expect(metadata.components).toContainEqual({
    name: "outdir",
    type: "bindings.cron",
    version: "v1",
    capabilities: [],
  });
  expect(metadata.components[0]?.capabilities).toEqual(["INPUT_BINDING"]);
});

test("metrics of the real daprd count deliveries by outcome", async () => {
  const reader = await reading(await daprd(204));
  expect(await reader.inputBindingCount("withdir")).toEqual({ success: 1, failed: 0 });
  expect(await reader.inputBindingCount("accepted")).toEqual({ success: 0, failed: 1 });
  expect(await reader.inputBindingCount("nodir")).toEqual({ success: 0, failed: 0 });
});

test("a refusal, nonsense and silence are DAPR_UNREADABLE and say what was seen", async () => {
  const refusing = await reading((_, response) => response.writeHead(401).end("invalid api token\n"));
  await expect(refusing.metadata()).rejects.toMatchObject({
    code: "DAPR_UNREADABLE",
    observations: [{ label: "asked" }, { label: "answer", value: "401 invalid api token\n" }],
  });
  const nonsense = await reading((_, response) => response.end("<html>"));
  await expect(nonsense.metadata()).rejects.toThrow(/DAPR_UNREADABLE[^]*not valid JSON/);
  await expect(nonsense.metrics()).rejects.toThrow(/DAPR_UNREADABLE[^]*line 1 is not/);
  await expect(readerOf("http://127.0.0.1:1").metrics()).rejects.toThrow("none: ECONNREFUSED");
});

test("the API token goes with every question", async () => {
  const seen: unknown[] = [];
  const reader = await reading(
    (request, response) => {
      seen.push(request.headers["dapr-api-token"]);
      response.writeHead(204).end();
    },
    { apiToken: "secret" },
  );
  await reader.health();
  expect(seen).toEqual(["secret"]);
});

test("a snapshot holds what answered and null for the rest", async () => {
  const all = await takeSnapshot(await reading(await daprd(204)));
  expect(all.health).toBe(204);
  expect(all.metadata?.id).toBe("lab");
  expect(all.metrics?.samples.length).toBeGreaterThan(50);
  expect(await takeSnapshot(readerOf("http://127.0.0.1:1"))).toEqual({
    health: null,
    metadata: null,
    metrics: null,
  });
});
