import { once } from "node:events";
import { expect } from "vitest";
import { WebSocket } from "ws";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { untilEvent } from "../support/observations.ts";
import { ANSWERING_MAIN, askMain, smallSite } from "../support/small-site.ts";

const test = siteTest("fixtures/sites/example");

/**
 * Speaks just enough WebSocket for its tests: it accepts the upgrade and sends one text frame, `hi`. The stream at `/stream` goes
 * on until `/end` is asked for.
 */
const WEB_SOCKET_MAIN = `
import { createHash } from "node:crypto";
import { createServer } from "node:http";
process.on("SIGTERM", () => process.exit(0));
let stream;
createServer((request, response) => {
  if (request.url === "/stream") {
    stream = response;
    stream.write("first\\n");
    return;
  }
  if (request.url === "/end") stream.end("last\\n");
  response.end();
}).on("upgrade", (request, socket) => {
  const key = request.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  const accept = createHash("sha1").update(key).digest("base64");
  socket.write("HTTP/1.1 101 Switching Protocols\\r\\nConnection: Upgrade\\r\\nUpgrade: websocket\\r\\n");
  socket.write("Sec-WebSocket-Accept: " + accept + "\\r\\n\\r\\n");
  socket.write(Buffer.from([0x81, 2, 0x68, 0x69]));
}).listen(8080);
`;

test.concurrent(
  "what is asked while the example starts is held until main is warm, and answered by main",
  async ({ startSite }) => {
    // By hand, so that main can't be there before everybody has asked.
    const site = await startSite({ until: "scheduled", schedule: { main: "never" } });
    const asked = Promise.all(
      Array.from({ length: 20 }, async () => await fetch(new URL("/batchstatus", site.url))),
    );
    expect(site.timeline.of("port.opened").map(({ port }) => port)).not.toContain(9000);
    const [, answers] = await Promise.all([site.container("main").start(), asked]);
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(site.timeline.of("rotation.changed")).toMatchObject([{ worker: 0, inRotation: true }]);
    expect(site.timeline.of("front-end.trouble")).toEqual([]);
  },
);

test.concurrent(
  "a stopped site answers 503 with its state at the same address, and main again after a start",
  async ({ startSite, definition }) => {
    const { definition: small, options } = smallSite(definition, { main: ANSWERING_MAIN });
    const site = await startSite(options, small);
    expect((await askMain(site.url, "/a")).path).toBe("/a");

    await site.stop();
    const answer = await fetch(site.url, { headers: { accept: "application/json" } });
    expect(answer.status).toBe(503);
    expect(answer.headers.get("x-sitecar-answer")).toBe("Stopped");
    expect(await answer.json()).toMatchObject({
      reason: "Stopped",
      explanation: expect.stringContaining("Stopped"),
    });
    await untilEvent(site, "front-end.trouble", {
      withinMs: 30_000,
      matches: ({ kind, requests }) => kind === "unavailable" && requests === 1,
    });

    await site.start();
    expect((await askMain(site.url, "/b")).path).toBe("/b");
  },
);

test.concurrent(
  "a WebSocket and a stream pass through the front end into the container, as their pieces come",
  async ({ startSite, definition }) => {
    const { definition: small, options } = smallSite(definition, { main: WEB_SOCKET_MAIN });
    const site = await startSite(options, small);
    const socket = new WebSocket(site.url.replace("http", "ws"));
    const [message] = (await once(socket, "message")) as [Buffer];
    expect(message.toString()).toBe("hi");
    socket.terminate();

    const stream = await fetch(new URL("/stream", site.url));
    const pieces: string[] = [];
    for await (const piece of stream.body ?? []) {
      pieces.push(Buffer.from(piece).toString());
      // The rest is not written before the beginning has come through.
      if (pieces.length === 1) await (await fetch(new URL("/end", site.url))).text();
    }
    expect(pieces).toEqual(["first\n", "last\n"]);
  },
);
