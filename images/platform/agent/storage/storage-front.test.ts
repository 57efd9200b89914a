import { once } from "node:events";
import { assert, asyncProperty, boolean, record, uint8Array } from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import type { AnswerFailure } from "../../../../harness/platform/storage-failure.ts";
import { Deadline, poll } from "../../../../harness/shared/clock.ts";
import { CollectingReporter } from "../test-support/collecting-reporter.ts";
import { StorageFront } from "./storage-front.ts";
import { connectTo, exchange } from "./test-support/raw-request.ts";
import { HOST_NAME, smallStorageServer } from "./test-support/small-storage-server.ts";

let release = new AsyncDisposableStack();
afterEach(async () => {
  await release.disposeAsync();
  release = new AsyncDisposableStack();
});

type Answer = Parameters<typeof smallStorageServer>[0];

async function startFront(answer: Answer) {
  const server = release.use(await smallStorageServer(answer));
  const reporter = new CollectingReporter();
  const front = new StorageFront({ storage: server.storage, port: 0, reporter });
  await front.listen();
  release.defer(() => front.close());
  const open = () => connectTo(front.port, server.storage);
  return {
    front,
    reporter,
    server,
    open,
    directly: () => connectTo(server.storage.upstream.port, server.storage),
  };
}

/** `sizes`: bodies by path, as storage would have them. */
const blobs: Answer = ({ url, method }, response) => {
  response.sendDate = false;
  const body = Buffer.alloc(Number(url.slice(1)) || 0, "b");
  response.writeHead(
    method === "PUT" ? 201 : 200,
    "As It Is",
    [
      ["X-Ms-Request-Id", "R"],
      ["etag", '"0x1"'],
      ["ETAG", '"0x2"'],
      ["Content-Length", String(method === "PUT" ? 0 : body.length)],
      ["Connection", "close"],
    ].flat(),
  );
  response.end(method === "GET" ? body : undefined);
};

const get = (path: string, ...headers: readonly string[]) =>
  [`GET ${path} HTTP/1.1`, `Host: ${HOST_NAME}`, "Connection: close", ...headers, "", ""].join("\r\n");

const put = (path: string, body: string) =>
  [
    `PUT ${path} HTTP/1.1`,
    `Host: ${HOST_NAME}`,
    "Connection: close",
    `Content-Length: ${body.length}`,
    "",
    body,
  ].join("\r\n");

describe("what passes the front", () => {
  test("is on the wire what it is without it, in both directions", async () => {
    const { server, open, directly } = await startFront(blobs);
    for (const request of [
      get(
        "/70000?restype=container&comp=list",
        "x-MS-Date: Now",
        "X-a: 1",
        "x-A: 2",
        "Accept-Encoding: gzip",
      ),
      put("/box/blob%20one?timeout=30", "hello"),
      get("/0"),
    ]) {
      const [through, straight] = [
        await exchange(await open(), request),
        await exchange(await directly(), request),
      ];
      expect(through).toBe(straight);
      const [one, other] = server.seen.slice(-2);
      expect(one).toEqual(other);
    }
  });

  test("bodies of any bytes arrive as they are, whole or in chunks", async () => {
    const { server, open } = await startFront((_, response) =>
      response.writeHead(201, { connection: "close" }).end(),
    );
    const sent = record({ body: uint8Array({ maxLength: 2_000 }), chunked: boolean() });
    await assert(
      asyncProperty(sent, async ({ body, chunked }) => {
        const head = ["PUT /b HTTP/1.1", `Host: ${HOST_NAME}`, "Connection: close"];
        const request = chunked
          ? [
              ...head,
              "Transfer-Encoding: chunked",
              "",
              body.length.toString(16),
              Buffer.from(body),
              "0",
              "",
              "",
            ]
          : [...head, `Content-Length: ${body.length}`, "", Buffer.from(body)];
        const whole =
          chunked && body.length === 0 ? [...head, "Transfer-Encoding: chunked", "", "0", "", ""] : request;
        const lines = whole.flatMap((part, index) => [
          Buffer.from(part),
          Buffer.from(index === whole.length - 1 ? "" : "\r\n"),
        ]);
        expect(await exchange(await open(), Buffer.concat(lines))).toMatch(/^HTTP\/1.1 201 /);
        expect(server.seen.at(-1)?.body).toEqual(Buffer.from(body));
      }),
      { numRuns: 25 },
    );
  });

  test("a client that waits to be told to go on is told", async () => {
    const { server, open } = await startFront(blobs);
    const socket = await open();
    const head = [
      "PUT /b HTTP/1.1",
      `Host: ${HOST_NAME}`,
      "Connection: close",
      "Expect: 100-continue",
      "Content-Length: 2",
      "",
      "",
    ];
    socket.write(head.join("\r\n"));
    const [first] = (await once(socket, "data")) as [Buffer];
    expect(first.toString()).toMatch(/^HTTP\/1.1 100 Continue\r\n/);
    expect(await exchange(socket, "ok")).toMatch(/HTTP\/1.1 201 /);
    expect(server.seen.at(-1)?.body.toString()).toBe("ok");
  });

  test("a storage that cuts its answer off is cut off here", async () => {
    const { open } = await startFront((_, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("half");
      response.socket?.end();
    });
    const seen = await exchange(await open(), get("/x"));
    expect(seen).toMatch(/^HTTP\/1.1 200 OK/);
    expect(seen.endsWith("half")).toBe(true);
  });
});

const unfinished = (sent: "nothing" | "head" | "half", afterwards: "silence" | "end"): AnswerFailure => ({
  kind: "unfinished",
  sent,
  afterwards,
});

describe("answers that fail", () => {
  test("with a status: storage is not asked, and each is reported without its query", async () => {
    const { front, reporter, server, open } = await startFront(blobs);
    front.fail("f", { kind: "status", status: 503, first: 1, retryAfterSeconds: 4 });
    const seen = await exchange(await open(), put("/box/b?sig=secret", "hello"));
    expect(seen).toMatch(/^HTTP\/1.1 503 The server is busy\.\r\n/);
    expect(seen).toMatch(/\r\nRetry-After: 4\r\n/);
    expect(seen).toMatch(/\r\nx-ms-error-code: ServerBusy\r\n/);
    expect(seen).toMatch(/<\/Error>$/);
    expect(server.seen).toEqual([]);
    expect(await exchange(await open(), get("/3"))).toMatch(/bbb$/);
    expect(reporter.of("storage")).toMatchObject([
      { host: HOST_NAME, method: "PUT", path: "/box/b", what: "answered 503 ServerBusy" },
    ]);
  });

  test("to a HEAD there is no body", async () => {
    const { front, open } = await startFront(blobs);
    front.fail("f", { kind: "status", status: 404 });
    const seen = await exchange(await open(), get("/3").replace("GET", "HEAD"));
    expect(seen).toMatch(/^HTTP\/1.1 404 [^]*Content-Length: [1-9]/);
    expect(seen.endsWith("\r\n\r\n")).toBe(true);
  });

  test("later: what was asked is done at once", async () => {
    const { front, reporter, server, open } = await startFront(blobs);
    front.fail("f", { kind: "delayed", delayMs: 60_000 });
    const socket = await open();
    socket.write(put("/b", "hello"));
    const done = await poll(async () => server.seen[0], { deadline: Deadline.in(5_000), intervalMs: 5 });
    expect(done).toMatchObject({ met: true });
    expect(socket.bytesRead).toBe(0);
    expect(reporter.of("storage")).toMatchObject([{ what: "answered 60000 ms later" }]);
    socket.destroy();
  });

  test.each([
    ["nothing", get("/10"), /^$/],
    ["head", get("/10"), /^HTTP\/1.1 200 As It Is\r\nX-Ms-Request-Id: R\r\netag: "0x1"[^]*\r\n\r\n$/],
    ["half", get("/10"), /^HTTP\/1.1 200 [^]*\r\nContent-Length: 10\r\n[^]*\r\n\r\nbbbbb$/],
    // Of an answer without body, half of its head: with all of it, it would be whole.
    ["half", put("/10", "x"), /^HTTP\/1.1 201 As It Is\r\n(?![^]*\r\n\r\n)/],
    ["head", put("/10", "x"), /^HTTP\/1.1 201 As It Is\r\n(?![^]*\r\n\r\n)/],
    ["half", get("/10").replace("GET", "HEAD"), /^HTTP\/1.1 200 As It Is\r\n(?![^]*\r\n\r\n)/],
  ] as const)("after %s of it the connection ends: %j", async (sent, request, expected) => {
    const { front, server, open } = await startFront(blobs);
    front.fail("f", unfinished(sent, "end"));
    expect(await exchange(await open(), request)).toMatch(expected);
    expect(server.seen).toHaveLength(1);
  });

  test("half of a chunked one is half of its bytes, in a chunk that promises all", async () => {
    const { front, open } = await startFront((_, response) => {
      response.writeHead(200, { "transfer-encoding": "chunked", connection: "close" });
      response.write("abc");
      response.end("def");
    });
    front.fail("f", unfinished("half", "end"));
    expect(await exchange(await open(), get("/x"))).toMatch(/\r\n\r\n6\r\nabc$/);
  });

  test("with silence the connection stays, until the fault is healed: then it ends, and the next one works", async () => {
    const { front, open } = await startFront(blobs);
    front.fail("f", unfinished("half", "silence"));
    front.fail("other", unfinished("half", "silence"));
    const socket = await open();
    let seen = "";
    socket.on("data", (chunk: Buffer) => (seen += chunk.toString()));
    socket.write(get("/10"));
    await poll(async () => (seen.endsWith("bbbbb") ? true : undefined), {
      deadline: Deadline.in(5_000),
      intervalMs: 5,
    });
    expect(seen).toMatch(/bbbbb$/);
    front.heal("other");
    expect(socket.closed).toBe(false);
    const closed = once(socket, "close");
    front.heal("f");
    await closed;
    expect(await exchange(await open(), get("/3"))).toMatch(/bbb$/);
  });
});
