import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { afterEach, expect, test } from "vitest";
import { listen } from "../../../harness/platform/test-support/listening.ts";
import { ClockConnections } from "./clock-connections.ts";

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** With what was asked. */
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(request);
  response.end(JSON.stringify({ method: request.method, path: request.url, body }));
}

async function clock(hangs: boolean): Promise<{ readonly port: number; readonly connections: () => number }> {
  let connections = 0;
  const server = createServer((request, response) => {
    if (!hangs) void answer(request, response);
  });
  server.on("connection", () => connections++);
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: await listen(server), connections: () => connections };
}

test("a clock is asked over one connection, and its answer handed on as it is", async () => {
  const { port, connections } = await clock(false);
  const clocks = new ClockConnections();
  const ask = { type: "clock.ask", port, withinMs: 5000 } as const;
  expect(await clocks.ask({ ...ask, method: "GET", path: "/clock" })).toEqual({
    status: 200,
    body: '{"method":"GET","path":"/clock","body":""}',
  });
  expect(await clocks.ask({ ...ask, method: "POST", path: "/clock/tell", body: '{"now":"…"}' })).toEqual({
    status: 200,
    body: String.raw`{"method":"POST","path":"/clock/tell","body":"{\"now\":\"…\"}"}`,
  });
  expect(connections()).toBe(1);
});

test("one that does not listen, or does not answer in time, is an answer too", async () => {
  const { port } = await clock(true);
  const clocks = new ClockConnections();
  const ask = { type: "clock.ask", method: "GET", path: "/clock", withinMs: 50 } as const;
  expect(await clocks.ask({ ...ask, port })).toEqual({ status: null, body: "no answer in 50 ms" });
  const gone = createServer();
  const closed = await listen(gone);
  await new Promise((resolve) => gone.close(resolve));
  expect(await clocks.ask({ ...ask, port: closed, withinMs: 5000 })).toEqual({
    status: null,
    body: "ECONNREFUSED",
  });
});
