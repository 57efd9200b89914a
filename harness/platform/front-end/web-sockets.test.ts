import { once } from "node:events";
import { type Duplex } from "node:stream";
import { createServer, type Server } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { listen } from "../test-support/listening.ts";
import { PLATFORM_ANSWER_HEADER } from "./platform-answer.ts";
import { frontEndParts } from "./test-support/front-end-parts.ts";

const INSTANCE = "c".repeat(64);

/** A started site whose main speaks WebSocket. */
async function webSocketParts() {
  const parts = frontEndParts();
  const server: Server = createServer((_, response) => response.writeHead(426).end("WebSocket only"));
  const sockets = new WebSocketServer({ noServer: true });
  server.on("upgrade", (request, socket: Duplex, head) => {
    if (request.url === "/refused") socket.end("HTTP/1.1 401 Unauthorized\r\ncontent-length: 2\r\n\r\nno");
    else
      sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit("connection", opened, request));
  });
  sockets.on("connection", (socket, request) => {
    socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary }));
    if (request.url === "/headers") socket.send(JSON.stringify(request.headers));
  });
  onTestFinished(() => {
    for (const socket of sockets.clients) socket.terminate();
    server.close();
    server.closeAllConnections();
  });
  parts.site.become([{ instanceId: INSTANCE, origin: `http://127.0.0.1:${await listen(server)}` }]);
  return { ...parts, sockets };
}

function webSocketUrl(url: string, path = "/"): string {
  return `${url.replace("http", "ws")}${path}`;
}

test("a WebSocket passes both ways, large messages too, until the client closes it", async () => {
  const { sockets, open } = await webSocketParts();
  const { url } = await open();
  const client = new WebSocket(webSocketUrl(url));
  await once(client, "open");
  const large = Buffer.alloc(3_000_000, "x");
  for (const message of [Buffer.from("hello"), large]) {
    client.send(message);
    const [answer] = (await once(client, "message")) as [Buffer];
    expect(answer.equals(message)).toBe(true);
  }
  const [inMain] = sockets.clients;
  const closed = once(inMain ?? client, "close");
  client.close(4001, "done");
  expect((await closed)[0]).toBe(4001);
});

test("main sees the platform's headers, the client gets the affinity cookie", async () => {
  const { sockets, open } = await webSocketParts();
  const { url } = await open({ affinity: true });
  const client = new WebSocket(webSocketUrl(url, "/headers"));
  const upgraded = once(client, "upgrade");
  const [message] = (await once(client, "message")) as [Buffer];
  expect(JSON.parse(message.toString())).toMatchObject({
    "x-site-deployment-id": "Shop",
    connection: "Upgrade",
    upgrade: "websocket",
  });
  const [{ headers }] = await upgraded;
  expect(headers["set-cookie"]).toEqual([`ARRAffinity=${INSTANCE};Path=/;HttpOnly`]);
  client.terminate();
  expect(sockets.clients.size).toBe(1);
});

test("a WebSocket is held until a worker is warm", async () => {
  const { site, sockets, open } = await webSocketParts();
  const warm = site.workers();
  site.become("Starting");
  const frontEnd = await open();
  const client = new WebSocket(webSocketUrl(frontEnd.url));
  await expect.poll(() => frontEnd.held).toBe(1);
  site.become(warm);
  await once(client, "open");
  client.send("hello");
  expect(String((await once(client, "message"))[0])).toBe("hello");
  client.terminate();
  await expect.poll(() => sockets.clients.size).toBe(0);
});

test("what main answers instead of a WebSocket reaches the client", async () => {
  const { sockets, open } = await webSocketParts();
  const { url } = await open();
  const client = new WebSocket(webSocketUrl(url, "/refused"));
  const [, answer] = await once(client, "unexpected-response");
  expect({ status: answer.statusCode, body: await text(answer) }).toEqual({ status: 401, body: "no" });
  expect(sockets.clients.size).toBe(0);
});

test.for([
  ["Stopped", 503],
  ["gone", 502],
] as const)("a worker that is %s is an HTTP answer of the platform", async ([what, status]) => {
  const { site, sockets, open } = await webSocketParts();
  const dead = { instanceId: INSTANCE, origin: "http://127.0.0.1:9" };
  site.become(what === "gone" ? [dead] : "Stopped");
  const { url } = await open();
  const client = new WebSocket(webSocketUrl(url));
  const [, answer] = await once(client, "unexpected-response");
  expect(answer.statusCode).toBe(status);
  expect(answer.headers[PLATFORM_ANSWER_HEADER]).toBeDefined();
  await text(answer);
  expect(sockets.clients.size).toBe(0);
});

test("a connection that dies on either side ends on the other", async () => {
  const { sockets, open } = await webSocketParts();
  const { url } = await open();
  for (const side of ["client", "main"] as const) {
    const client = new WebSocket(webSocketUrl(url));
    await once(client, "open");
    const [inMain] = sockets.clients;
    if (inMain === undefined) throw new Error("main has no WebSocket");
    const other = side === "client" ? inMain : client;
    const closed = once(other, "close");
    (side === "client" ? client : inMain).terminate();
    expect((await closed)[0]).toBe(1006);
    await expect.poll(() => sockets.clients.size).toBe(0);
  }
});

test("a silent WebSocket is cut at the idle limit, one that talks is not", async () => {
  const { sockets, open } = await webSocketParts();
  const { url } = await open({ idleMs: 200 });
  const silent = new WebSocket(webSocketUrl(url));
  const talking = new WebSocket(webSocketUrl(url));
  await Promise.all([once(silent, "open"), once(talking, "open")]);
  talking.on("message", (message) => talking.send(message));
  talking.send("ping");
  expect((await once(silent, "close"))[0]).toBe(1006);
  expect(talking.readyState).toBe(WebSocket.OPEN);
  talking.terminate();
  await expect.poll(() => sockets.clients.size).toBe(0);
});

test("a WebSocket that the front end's end cuts is closed in main", async () => {
  const { sockets, open } = await webSocketParts();
  const frontEnd = await open();
  const client = new WebSocket(webSocketUrl(frontEnd.url));
  await once(client, "open");
  const closed = once(client, "close");
  await frontEnd.close();
  expect((await closed)[0]).toBe(1006);
  await expect.poll(() => sockets.clients.size).toBe(0);
});

test("what a client sends before it has an answer is not lost", async () => {
  const { site, sockets, open } = await webSocketParts();
  const warm = site.workers();
  site.become("Starting");
  const frontEnd = await open();
  const socket = connect(Number(new URL(frontEnd.url).port), "127.0.0.1");
  // A masked frame with "hi" right behind the request, and a second one while it is held.
  const frame = Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69]);
  const head = "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n";
  const keys = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  socket.write(Buffer.concat([Buffer.from(head + keys), frame]));
  await expect.poll(() => frontEnd.held).toBe(1);
  socket.write(frame);
  site.become(warm);
  let seen = "";
  socket.on("data", (data: Buffer) => (seen += data.toString("latin1")));
  await expect.poll(() => seen.split("\x81\x02hi").length - 1).toBe(2);
  socket.destroy();
  expect(sockets.clients.size).toBe(1);
});
