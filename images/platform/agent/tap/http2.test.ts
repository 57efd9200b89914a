import { once } from "node:events";
import http2 from "node:http2";
import { createServer as createTcpServer, connect as connectTcp, type Server, type Socket } from "node:net";
import hpack from "hpack.js";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Exchange } from "../../../../harness/timeline/exchange.ts";
import { HeaderBlocks } from "./header-blocks.ts";
import { PREFACE } from "./http2-connection.ts";
import { FLAG, FRAME } from "./http2-frames.ts";
import { Wire } from "./test-support/wire.ts";

/** Node's own HTTP/2 client and server (nghttp2), with what they say to each other on the wire between them. */
class RealWire implements AsyncDisposable {
  readonly wire = new Wire();
  readonly client: http2.ClientHttp2Session;
  readonly #stack: AsyncDisposableStack;

  private constructor(client: http2.ClientHttp2Session, stack: AsyncDisposableStack) {
    this.client = client;
    this.#stack = stack;
  }

  static async open(
    onStream: (stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders) => void,
  ): Promise<RealWire> {
    await using stack = new AsyncDisposableStack();
    const server = http2.createServer();
    server.on("stream", onStream);
    stack.defer(() => void server.close());
    const upstream = await listen(server);
    let real: RealWire | undefined;
    const sockets: Socket[] = [];
    const between = createTcpServer((socket) => {
      const connection = real?.wire.connect();
      const onward = connectTcp(upstream);
      sockets.push(socket, onward);
      socket.on("data", (bytes: Buffer) => (connection?.client(bytes), onward.write(bytes)));
      onward.on("data", (bytes: Buffer) => (connection?.server(bytes), socket.write(bytes)));
      for (const one of [socket, onward]) one.on("error", () => undefined);
      socket.on("close", () => onward.destroy());
    });
    stack.defer(() => {
      for (const socket of sockets) socket.destroy();
      between.close();
    });
    const port = await listen(between);
    const client = http2.connect(`http://127.0.0.1:${port}`);
    stack.defer(() => client.destroy());
    real = new RealWire(client, stack.move());
    await once(client, "connect");
    return real;
  }

  /** Sends a request and waits for the whole answer. */
  async ask(headers: http2.OutgoingHttpHeaders, body?: string | Buffer): Promise<void> {
    const stream = this.client.request(headers, { endStream: body === undefined });
    if (body !== undefined) stream.end(body);
    stream.resume();
    await once(stream, "close");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack[Symbol.asyncDispose]();
  }
}

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** Whatever it ends with. */
function closed(stream: http2.ClientHttp2Stream): Promise<void> {
  return new Promise((resolve) => {
    stream.on("error", () => undefined);
    stream.once("close", resolve);
  });
}

const headersOf = (exchange: Exchange | undefined, side: "request" | "response"): Record<string, string> =>
  Object.fromEntries(exchange?.[side]?.headers ?? []);

describe("an HTTP/2 connection of Node's", () => {
  it("gives each stream as an exchange", async () => {
    await using real = await RealWire.open((stream, headers) => {
      stream.respond({ ":status": 201, "x-path": headers[":path"] }, { waitForTrailers: true });
      stream.on("wantTrailers", () => stream.sendTrailers({ "x-trailer": "t" }));
      stream.pipe(stream);
    });
    await Promise.all([
      real.ask({ ":method": "POST", ":path": "/a?b=c", "x-one": "1" }, "hello"),
      real.ask({ ":path": "/2", ":method": "POST" }, ""),
    ]);
    const { exchanges, gaps } = real.wire.seen;
    expect(gaps).toEqual([]);
    const first = exchanges.find(({ request }) => request.path === "/a?b=c");
    expect(first).toMatchObject({
      protocol: "http/2",
      connection: 1,
      stream: 1,
      request: { method: "POST", body: { size: 5, truncated: false, text: "hello" } },
      response: {
        status: 201,
        body: { size: 5, truncated: false, text: "hello" },
        trailers: [["x-trailer", "t"]],
      },
      end: { how: "answered" },
    });
    expect(headersOf(first, "request")).toMatchObject({
      host: expect.stringContaining("127.0.0.1:"),
      "x-one": "1",
    });
    expect(headersOf(first, "response")).toMatchObject({ "x-path": "/a?b=c" });
    expect(new Set(exchanges.map(({ stream }) => stream))).toEqual(new Set([1, 3]));
  });

  it("is read whatever its headers are, with nghttp2's own compression", async () => {
    await using real = await RealWire.open((stream, { ":path": _path, ...headers }) => {
      const echoed = Object.entries(headers).filter(([name]) => name.startsWith("x-"));
      stream.respond({ ":status": 200, ...Object.fromEntries(echoed) }, { endStream: true });
    });
    const name = fc.stringMatching(/^x-[a-z0-9]{1,20}$/);
    const value = fc.stringMatching(/^[!-~](?:[ -~]{0,60}[!-~])?$/);
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, value, { maxKeys: 12 }), async (sent) => {
        const before = real.wire.seen.exchanges.length;
        await real.ask({ ":path": "/", ...sent });
        const [exchange] = real.wire.seen.exchanges.slice(before);
        expect(real.wire.seen.gaps).toEqual([]);
        const maskedNames = Object.keys(sent).filter((one) =>
          /key|token|secret|pass|pwd|pin|pat|sas/i.test(one),
        );
        for (const [one, text] of Object.entries(sent)) {
          if (maskedNames.includes(one) || isSecretLike(text)) continue;
          expect(headersOf(exchange, "request")[one]).toBe(text);
          expect(headersOf(exchange, "response")[one]).toBe(text);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("tells who resets a stream, and why", async () => {
    await using real = await RealWire.open((stream, { ":path": path }) => {
      if (path === "/server") stream.close(http2.constants.NGHTTP2_ENHANCE_YOUR_CALM);
      else stream.respond({ ":status": 200 });
      stream.on("error", () => undefined);
    });
    const client = real.client.request({ ":path": "/client" });
    await once(client, "response");
    client.close(http2.constants.NGHTTP2_CANCEL);
    const server = real.client.request({ ":path": "/server" });
    await Promise.all([closed(client), closed(server)]);
    const ends = real.wire.seen.exchanges.map(({ request, end }): [string, unknown] => [request.path, end]);
    expect(new Map(ends)).toEqual(
      new Map([
        ["/client", { how: "reset", by: "from", detail: "CANCEL" }],
        ["/server", { how: "reset", by: "to", detail: "ENHANCE_YOUR_CALM" }],
      ]),
    );
  });
});

const settings = frame(4, 0, 0, Buffer.alloc(0));

describe("an HTTP/2 connection", () => {
  const get = headersFrame("from", 1, FLAG.endStream, { ":method": "GET", ":path": "/a", ":scheme": "http" });

  it("is read in pieces, with padding, priority and continued blocks", () => {
    const block = blockOf({ ":method": "GET", ":path": "/padded", ":scheme": "http" });
    const padded = frame(
      FRAME.headers,
      FLAG.padded | FLAG.priority | FLAG.endStream,
      1,
      Buffer.concat([Buffer.from([3]), Buffer.alloc(5), block.subarray(0, 4), Buffer.alloc(3)]),
    );
    const rest = frame(FRAME.continuation, FLAG.endHeaders, 1, block.subarray(4));
    const wire = new Wire();
    const connection = wire.connect();
    for (const byte of Buffer.concat([PREFACE, settings])) connection.client(Buffer.from([byte]));
    const startMs = wire.wallMs + 1;
    for (const byte of Buffer.concat([padded, rest])) connection.client(Buffer.from([byte]));
    const requestEndMs = wire.wallMs;
    connection.server(headersFrame("to", 1, FLAG.endStream, { ":status": "204" }));
    expect(wire.seen.gaps).toEqual([]);
    expect(wire.seen.exchanges).toMatchObject([
      { request: { path: "/padded" }, response: { status: 204 }, end: { how: "answered" } },
    ]);
    expect(wire.seen.exchanges[0]?.times).toEqual({
      startMs,
      requestEndMs,
      firstByteMs: requestEndMs + 1,
      endMs: requestEndMs + 1,
    });
  });

  it("is read where the server says its settings first, in pieces", () => {
    const wire = new Wire();
    const connection = wire.connect();
    const said = Buffer.concat([frame(4, 0, 0, Buffer.from([0, 5, 0, 0, 0x40, 0])), settings]);
    connection.server(said.subarray(0, 4));
    connection.server(said.subarray(4));
    connection.client(Buffer.concat([PREFACE, settings, get]));
    connection.server(headersFrame("to", 1, FLAG.endStream, { ":status": "200" }));
    expect(wire.seen.gaps).toEqual([]);
    expect(wire.seen.exchanges).toMatchObject([{ request: { path: "/a" }, response: { status: 200 } }]);
  });

  it("goes on over a hole in data, and not over one in heads", () => {
    const wire = new Wire();
    const connection = wire.connect();
    connection.client(Buffer.concat([PREFACE, settings, get]));
    connection.server(headersFrame("to", 1, 0, { ":status": "200" }));
    const data = frame(FRAME.data, FLAG.endStream, 1, Buffer.from("abcdefghi"));
    connection.server(data.subarray(0, 12));
    connection.unseen("server", data.subarray(12, 15));
    connection.server(data.subarray(15));
    expect(wire.seen.exchanges[0]?.response?.body).toEqual({
      size: 9,
      truncated: false,
      text: "abc\0\0\0ghi",
      missing: 3,
    });

    connection.client(headersFrame("from", 3, 0, { ":method": "GET", ":path": "/b" }));
    connection.unseen("server", headersFrame("to", 3, 0, { ":status": "200" }));
    connection.server(data);
    expect(wire.seen.exchanges[1]).toMatchObject({ request: { path: "/b" }, end: { how: "unknown" } });
    expect(wire.seen.gaps.map(({ reason }) => reason)).toEqual([
      "bytes-missing",
      "bytes-missing",
      "unparsable",
    ]);
  });

  it("ends streams that the server has not looked at when it goes away, and the rest with the connection", () => {
    const wire = new Wire();
    const connection = wire.connect();
    const one = headersFrame("from", 3, 0, { ":method": "GET", ":path": "/b" });
    connection.client(Buffer.concat([PREFACE, settings, get, one]));
    const goAway = Buffer.alloc(8);
    goAway.writeUInt32BE(1, 0);
    connection.server(frame(FRAME.goAway, 0, 0, goAway));
    expect(wire.seen.exchanges).toMatchObject([
      { stream: 3, end: { how: "closed", by: "to", detail: "GOAWAY NO_ERROR" } },
    ]);
    connection.reset("client");
    expect(wire.seen.exchanges[1]).toMatchObject({ stream: 1, end: { how: "reset", by: "from" } });
  });

  it("follows an upgrade from HTTP/1.1: the answer is the first stream's", () => {
    const wire = new Wire();
    const connection = wire.connect();
    connection.client(
      "GET /up HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n",
    );
    connection.server(
      Buffer.concat([
        Buffer.from("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"),
        settings,
      ]),
    );
    connection.client(Buffer.concat([PREFACE, settings]));
    connection.server(headersFrame("to", 1, FLAG.endStream, { ":status": "200" }));
    connection.client(headersFrame("from", 3, FLAG.endStream, { ":method": "GET", ":path": "/next" }));
    connection.server(headersFrame("to", 3, FLAG.endStream, { ":status": "404" }));
    expect(wire.seen.gaps).toEqual([]);
    expect(wire.seen.exchanges).toMatchObject([
      {
        stream: 1,
        protocol: "http/2",
        request: { path: "/up" },
        response: { status: 200 },
        end: { how: "answered" },
      },
      { stream: 3, protocol: "http/2", request: { path: "/next" }, response: { status: 404 } },
    ]);
  });

  it("tells of a pushed answer, and of what is no frame", () => {
    const wire = new Wire();
    const connection = wire.connect();
    connection.client(Buffer.concat([PREFACE, settings, get]));
    const promise = Buffer.concat([
      Buffer.from([0, 0, 0, 2]),
      blockOf({ ":method": "GET", ":path": "/pushed" }),
    ]);
    connection.server(frame(FRAME.pushPromise, FLAG.endHeaders, 1, promise));
    connection.server(Buffer.from("HTTP/1.1 400 Bad Request\r\n"));
    expect(wire.seen.gaps.map(({ detail }) => detail)).toEqual([
      "an answer that is pushed is not read: /pushed",
      "not HTTP/2 that can be read: a frame of type 80",
    ]);
    expect(wire.seen.exchanges).toMatchObject([{ end: { how: "unknown" } }]);
  });
});

it("says what is no header block", () => {
  expect(() => new HeaderBlocks().read(Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0x0f]))).toThrow(
    "Integer does not fit",
  );
});

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** Literal alone: a compressor of its own, whose table knows nothing. */
function blockOf(headers: Readonly<Record<string, string>>): Buffer {
  const packer = hpack.compressor.create({ table: { maxSize: 0 } });
  packer.write(Object.entries(headers).map(([name, value]) => ({ name, value })));
  return packer.read() ?? Buffer.alloc(0);
}

function headersFrame(
  _side: "from" | "to",
  stream: number,
  flags: number,
  headers: Readonly<Record<string, string>>,
): Buffer {
  return frame(FRAME.headers, flags | FLAG.endHeaders, stream, blockOf(headers));
}

/** What the mask takes for a secret: these tests are about compression. */
function isSecretLike(text: string): boolean {
  return /sig=|code=|pwd|passw|secret|token|key|bearer|basic|:\/\/|eyJ|sas=/i.test(text);
}
