import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { listen } from "../../../harness/platform/test-support/listening.ts";
import { LocalHttp } from "./local-http.ts";

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** A TCP server whose connections the test plays by hand. */
async function serve(onConnection: (socket: Socket, index: number) => void): Promise<number> {
  let index = 0;
  const server: Server = createServer((socket) => {
    socket.on("error", () => undefined);
    cleanups.push(() => socket.destroy());
    onConnection(socket, index++);
  });
  cleanups.push(() => server.close());
  return await listen(server);
}

function client(port: number, timeoutMs = 5000): LocalHttp {
  const http = new LocalHttp({ port, timeoutMs });
  cleanups.push(() => http.close());
  return http;
}

const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi";

test("an answer with its body", async () => {
  const port = await serve((socket) => socket.on("data", () => socket.write(OK)));
  expect(await client(port).get("/")).toEqual({ status: 200, detail: "OK", body: "hi" });
});

test("nothing listens", async () => {
  const server = createServer();
  const port = await listen(server);
  server.close();
  await once(server, "close");
  expect(await client(port).get("/")).toEqual({ status: null, detail: "ECONNREFUSED" });
});

test("accepted and never answered ends at the request's own limit", async () => {
  const port = await serve(() => undefined);
  expect(await client(port, 50).get("/")).toEqual({ status: null, detail: "no answer in 50 ms" });
});

test("a body that never ends is no answer either", async () => {
  const port = await serve((socket) => socket.write("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhi"));
  expect(await client(port, 50).get("/")).toEqual({ status: null, detail: "no answer in 50 ms" });
});

test("a connection closed without an answer is not asked again", async () => {
  let connections = 0;
  const port = await serve((socket) => {
    connections++;
    socket.on("data", () => socket.resetAndDestroy());
  });
  expect(await client(port).get("/")).toEqual({ status: null, detail: "ECONNRESET" });
  expect(connections).toBe(1);
});

test("a kept connection that is closed as it is used again says nothing: a new one is asked", async () => {
  const port = await serve((socket, index) => {
    let requests = 0;
    socket.on("data", () => {
      if (index === 0 && ++requests === 2) socket.resetAndDestroy();
      else socket.write(OK);
    });
  });
  const http = client(port);
  await http.get("/");
  expect(await http.get("/")).toEqual({ status: 200, detail: "OK", body: "hi" });
});

test("its headers go with each request", async () => {
  const asked: string[] = [];
  const port = await serve((socket) =>
    socket.on("data", (chunk) => {
      asked.push(chunk.toString());
      socket.write(OK);
    }),
  );
  const http = new LocalHttp({ port, timeoutMs: 5000, headers: { "dapr-api-token": "secret" } });
  cleanups.push(() => http.close());
  await http.get("/");
  await http.get("/");
  expect(asked.map((text) => /^dapr-api-token: (.*)\r$/m.exec(text)?.[1])).toEqual(["secret", "secret"]);
});
