import { once } from "node:events";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer as createTcpServer, type Server } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { Timeline } from "../timeline/timeline.ts";
import { listen } from "./test-support/listening.ts";
import { warmUp, type WarmUpOptions } from "./warm-up.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

function serve(answer: RequestListener): Promise<number> {
  return play(createHttpServer(answer));
}

/** Listens until the end of the test. */
function play(server: Server, port?: number): Promise<number> {
  servers.push(server);
  return listen(server, port);
}

async function freePort(): Promise<number> {
  const server = createTcpServer();
  const port = await listen(server);
  server.close();
  await once(server, "close");
  return port;
}

function start(port: number, statuses: readonly number[] = [], more: Partial<WarmUpOptions> = {}) {
  const timeline = new Timeline();
  const stop = new AbortController();
  const settings = { warmUpPath: "/robots933456.txt", warmUpStatuses: statuses, warmUpIntervalMs: 5 };
  const url = `http://127.0.0.1:${port}`;
  const outcome = warmUp({ url, settings, timeline, container: "main", signal: stop.signal, ...more });
  const probes = () => timeline.of("probe.changed").map(({ status, detail }) => [status, detail]);
  /** Resolves when this many changes are in the record. */
  const changes = async (count: number): Promise<void> => {
    while (probes().length < count) {
      await new Promise<void>((resolve) => {
        const unsubscribe = timeline.subscribe(() => {
          unsubscribe();
          resolve();
        });
      });
    }
  };
  return { timeline, stop, outcome, probes, changes };
}

describe("warm-up (A2.6)", () => {
  test("asks as the platform does, and any status counts", async () => {
    const seen: unknown[] = [];
    const port = await serve((request, response) => {
      seen.push([request.method, request.url, request.headers["user-agent"]]);
      response.writeHead(503).end();
    });
    const { outcome, timeline } = start(port);
    expect(await outcome).toEqual({
      warm: true,
      status: 503,
      detail: "Service Unavailable",
      pings: 1,
      same: 1,
    });
    expect(seen).toEqual([["GET", "/robots933456.txt", "HealthCheck/1.0"]]);
    expect(timeline.of("probe.changed")).toMatchObject([
      { probe: "warm-up", container: "main", status: 503, detail: "Service Unavailable" },
    ]);
  });

  test("a listener that comes late is found; what stays the same is recorded once", async () => {
    const port = await freePort();
    const { outcome, probes, changes } = start(port);
    await changes(1);
    await play(
      createHttpServer((_, response) => response.end("ok")),
      port,
    );
    expect(await outcome).toMatchObject({ warm: true, status: 200, same: 1 });
    expect(probes()).toEqual([
      [null, "ECONNREFUSED"],
      [200, "OK"],
    ]);
  });

  test("a connection that is accepted and closed, as by the engine's proxy, is no answer", async () => {
    const port = await play(
      createTcpServer((socket) => {
        socket.on("error", () => undefined);
        socket.on("data", () => socket.destroy());
      }),
    );
    const { outcome, stop, changes } = start(port);
    await changes(1);
    stop.abort();
    expect(await outcome).toMatchObject({
      warm: false,
      status: null,
      detail: "connection closed without an answer (ECONNRESET)",
    });
  });

  test("an answer that never comes ends at the ping's own limit", async () => {
    const port = await serve(() => undefined);
    const { outcome, stop, changes } = start(port, [], { requestTimeoutMs: 30 });
    await changes(1);
    stop.abort();
    expect(await outcome).toMatchObject({ warm: false, status: null, detail: "no answer in 30 ms" });
  });

  test("with WEBSITE_WARMUP_STATUSES only these count; redirects are not followed", async () => {
    const answers = [301, 404, 404, 404, 202];
    const port = await serve((_, response) => {
      response.writeHead(answers.shift() ?? 500, { location: "/elsewhere" }).end();
    });
    const { outcome, probes } = start(port, [200, 202]);
    expect(await outcome).toMatchObject({ warm: true, status: 202, pings: 5 });
    expect(probes().map(([status]) => status)).toEqual([301, 404, 202]);
  });

  test("counts how often the last was seen", async () => {
    const stop = new AbortController();
    let requests = 0;
    const port = await serve((_, response) => {
      requests++;
      response.writeHead(requests === 1 ? 500 : 404).end();
      if (requests === 6) response.on("close", () => stop.abort());
    });
    const outcome = await start(port, [200], { signal: stop.signal }).outcome;
    expect(outcome).toMatchObject({ warm: false, status: 404 });
    expect(outcome.pings - outcome.same).toBe(1);
    expect(outcome.same).toBeGreaterThanOrEqual(4);
  });

  test("stopped before it began, it asks nothing", async () => {
    const port = await serve((_, response) => response.end());
    const outcome = await start(port, [], { signal: AbortSignal.abort() }).outcome;
    expect(outcome).toEqual({ warm: false, status: null, detail: "not asked yet", pings: 0, same: 0 });
  });
});
