import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Wire } from "./test-support/wire.ts";

const POST = "POST /.internal/batch HTTP/1.1\r\nHost: 127.0.0.1:9000\r\nContent-Length: 0\r\n\r\n";
const OK = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok";

describe("an HTTP/1.1 connection", () => {
  it("gives an exchange with its times, heads and bodies", () => {
    const wire = new Wire();
    const connection = wire.connect();
    connection.client(POST);
    connection.server(OK);
    expect(wire.seen.exchanges).toEqual([
      {
        id: 1,
        connection: 1,
        stream: 1,
        protocol: "http/1.1",
        from: { container: "dapr", address: "127.0.0.1", port: 40_000 },
        to: { container: "main", address: "127.0.0.1", port: 9000 },
        times: { startMs: 1_000_003, requestEndMs: 1_000_003, firstByteMs: 1_000_004, endMs: 1_000_004 },
        request: {
          method: "POST",
          path: "/.internal/batch",
          headers: [
            ["Host", "127.0.0.1:9000"],
            ["Content-Length", "0"],
          ],
          body: { size: 0, truncated: false },
        },
        response: {
          status: 200,
          reason: "OK",
          headers: [
            ["Content-Type", "text/plain"],
            ["Content-Length", "2"],
          ],
          body: { size: 2, truncated: false, text: "ok" },
          trailers: [],
        },
        end: { how: "answered" },
      },
    ]);
    expect(wire.seen.gaps).toEqual([]);
  });

  it("is the same however its segments are cut", () => {
    const bodies = ["", "x".repeat(300)];
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 40 }), (lengths) => {
        const wire = new Wire();
        const connection = wire.connect();
        for (const body of bodies) {
          pieces(
            `POST /a HTTP/1.1\r\nX-One: two\r\nTransfer-Encoding: chunked\r\n\r\n${chunked(body)}`,
            lengths,
          ).forEach((piece) => connection.client(piece));
          pieces(`HTTP/1.1 201 Created\r\nContent-Length: ${body.length}\r\n\r\n${body}`, lengths).forEach(
            (piece) => connection.server(piece),
          );
        }
        expect(wire.seen.gaps).toEqual([]);
        expect(
          wire.seen.exchanges.map(({ stream, request, response }) => [
            stream,
            request,
            response?.status,
            response?.body.text,
          ]),
        ).toEqual(
          bodies.map((text, index) => [
            index + 1,
            {
              method: "POST",
              path: "/a",
              headers: [
                ["X-One", "two"],
                ["Transfer-Encoding", "chunked"],
              ],
              body: { size: text.length, truncated: false, ...(text === "" ? {} : { text }) },
            },
            201,
            text === "" ? undefined : text,
          ]),
        );
      }),
    );
  });

  it("is the same in whatever order its segments come, each once or several times", () => {
    const text = `${POST}${POST}POST /last HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc`;
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 20 }),
        fc.infiniteStream(fc.nat({ max: 1000 })),
        (lengths, order) => {
          const wire = new Wire();
          const connection = wire.connect();
          const sends = pieces(text, lengths).map((piece) => connection.prepare("client", piece));
          const shuffled = [...sends, ...sends]
            .map((send) => ({ send, key: order.next().value }))
            .toSorted((a, b) => a.key - b.key);
          for (const { send } of shuffled) send();
          connection.server(`${OK}${OK}${OK}`);
          expect(wire.seen.gaps).toEqual([]);
          expect(wire.seen.exchanges.map(({ request }) => request.path)).toEqual([
            "/.internal/batch",
            "/.internal/batch",
            "/last",
          ]);
          expect(wire.seen.exchanges[2]?.request.body).toEqual({ size: 3, truncated: false, text: "abc" });
        },
      ),
    );
  });

  it("pairs pipelined answers with their requests, and leaves out what comes before an answer", () => {
    const wire = new Wire();
    const connection = wire.connect();
    connection.client("HEAD /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n");
    connection.server("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n");
    connection.server(
      "HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\nX-Trailer: t\r\n\r\n",
    );
    expect(
      wire.seen.exchanges.map(({ request, response }) => [
        request.path,
        response?.status,
        response?.body,
        response?.trailers,
      ]),
    ).toEqual([
      ["/1", 200, { size: 0, truncated: false }, []],
      ["/2", 404, { size: 2, truncated: false, text: "no" }, [["X-Trailer", "t"]]],
    ]);
  });

  it("reads an answer that ends with its connection", () => {
    const wire = new Wire();
    const connection = wire.connect();
    connection.client("GET / HTTP/1.0\r\n\r\n");
    connection.server("HTTP/1.0 200 OK\r\n\r\nall of it");
    expect(wire.seen.exchanges).toEqual([]);
    connection.fin("server");
    expect(wire.seen.exchanges[0]?.response?.body.text).toBe("all of it");
    expect(wire.seen.exchanges[0]?.end).toEqual({ how: "answered" });
  });

  it("keeps a body's beginning, and counts all of it", () => {
    const wire = new Wire({ bodyLimitBytes: 4 });
    const connection = wire.connect();
    connection.client("POST / HTTP/1.1\r\nContent-Length: 10000\r\n\r\n");
    connection.client("é".repeat(5000));
    connection.server(OK);
    expect(wire.seen.exchanges[0]?.request.body).toEqual({ size: 10_000, truncated: true, text: "éé" });
  });

  it("undoes a content encoding, and shows bytes that are no text in base64", () => {
    const wire = new Wire();
    const zipped = gzipSync('{"a":1}');
    const connection = wire.connect();
    connection.client(POST);
    connection.server(
      Buffer.concat([
        Buffer.from(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${zipped.length}\r\n\r\n`),
        zipped,
      ]),
    );
    connection.client(POST);
    connection.server(
      Buffer.concat([Buffer.from("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"), Buffer.from([0xff, 0xfe])]),
    );
    expect(wire.seen.exchanges.map(({ response }) => response?.body)).toEqual([
      { size: zipped.length, truncated: false, text: '{"a":1}' },
      { size: 2, truncated: false, base64: "//4=" },
    ]);
  });

  it("is read over IPv6 and beside others", () => {
    const wire = new Wire();
    const one = wire.connect({
      client: { address: "::1", port: 40_001 },
      server: { address: "::1", port: 3500 },
    });
    const two = wire.connect({ server: { address: "169.254.129.2", port: 8081 } });
    one.client(POST);
    two.client(POST);
    two.server(OK);
    one.server(OK);
    expect(wire.seen.exchanges.map(({ connection, from, to }) => [connection, from, to])).toEqual([
      [
        2,
        { address: "127.0.0.1", port: 40_000 },
        { container: "platform", address: "169.254.129.2", port: 8081 },
      ],
      [
        1,
        { container: "main", address: "::1", port: 40_001 },
        { container: "dapr", address: "::1", port: 3500 },
      ],
    ]);
  });
});

describe("an exchange that is not answered", () => {
  it.each([
    ["its server resets", (c: C) => c.reset("server"), { how: "reset", by: "to" }],
    ["its client resets", (c: C) => c.reset("client"), { how: "reset", by: "from" }],
    ["its client gives up", (c: C) => (c.fin("client"), c.fin("server")), { how: "closed", by: "from" }],
    [
      "its client gives up and its server is gone",
      (c: C) => (c.fin("client"), c.reset("server")),
      { how: "closed", by: "from" },
    ],
    ["its server closes", (c: C) => (c.fin("server"), c.fin("client")), { how: "closed", by: "to" }],
  ] as const)("ends when %s", (_, end, expected) => {
    const wire = new Wire();
    const connection = wire.connect();
    connection.client(POST);
    connection.server("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
    end(connection);
    expect(wire.seen.exchanges.map((one) => one.end)).toEqual([expected]);
    expect(wire.seen.exchanges[0]?.response?.body).toEqual({ size: 4, truncated: false, text: "half" });
    expect(wire.seen.exchanges[0]?.times.endMs).toBe(wire.wallMs);
  });

  it("is told of once after a second, and is open when the tap ends", () => {
    const wire = new Wire();
    const connection = wire.connect();
    connection.client(POST);
    wire.reader.tellOpen(wire.wallMs + 999);
    expect(wire.seen.open).toEqual([]);
    wire.reader.tellOpen(wire.wallMs + 1000);
    wire.reader.tellOpen(wire.wallMs + 2000);
    expect(wire.seen.open.map(({ id, end }) => [id, end])).toEqual([[1, { how: "open" }]]);
    wire.reader.end(wire.wallMs);
    expect(wire.seen.exchanges.map(({ id, end, times }) => [id, end, times.endMs])).toEqual([
      [1, { how: "open" }, undefined],
    ]);
  });

  it("is closed since its client closed, where its server never says anything", () => {
    const wire = new Wire();
    const connection = wire.connect();
    connection.client(POST);
    connection.fin("client");
    const closedMs = wire.wallMs;
    wire.pass(5000);
    wire.reader.tellOpen(wire.wallMs);
    expect(wire.seen.open[0]?.end).toEqual({
      how: "open",
      by: "from",
      detail: "the client has closed its side",
    });
    wire.reader.end(wire.wallMs);
    expect(wire.seen.exchanges.map(({ end, times }) => [end, times.endMs])).toEqual([
      [{ how: "closed", by: "from" }, closedMs],
    ]);
  });
});

describe("what could not be seen or read", () => {
  it("is a hole in a body", () => {
    const wire = new Wire();
    const connection = wire.connect();
    connection.client("POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc");
    connection.unseen("client", "def");
    connection.client("ghi");
    connection.server(OK);
    expect(wire.seen.exchanges[0]?.request.body).toEqual({
      size: 9,
      truncated: false,
      text: "abc\0\0\0ghi",
      missing: 3,
    });
    expect(wire.seen.gaps).toMatchObject([{ reason: "bytes-missing", bytes: 3, connection: 1 }]);
  });

  it("is a hole in a head; the next request is seen again", () => {
    const wire = new Wire();
    const connection = wire.connect();
    connection.client("POST / HTTP/1.1\r\n");
    connection.unseen("client", "Content-Length: 0\r\n\r\n");
    connection.server(OK);
    connection.client(POST);
    connection.server(OK);
    expect(wire.seen.exchanges.map(({ stream, end }) => [stream, end.how])).toEqual([
      [1, "unknown"],
      [2, "answered"],
    ]);
    expect(wire.seen.gaps).toMatchObject([{ reason: "bytes-missing", bytes: 21, connection: 1 }]);
  });

  it("is a connection that was under way; its next request is seen", () => {
    const wire = new Wire();
    const connection = wire.join();
    connection.server("rest of an answer");
    connection.client(POST);
    connection.server(OK);
    expect(wire.seen.exchanges.map(({ end, to }) => [end.how, to.container])).toEqual([["answered", "main"]]);
    expect(wire.seen.gaps).toMatchObject([{ reason: "mid-connection", to: { port: 9000 } }]);
  });

  it("is bytes that are not HTTP", () => {
    const wire = new Wire();
    const connection = wire.connect();
    connection.client("POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n");
    connection.server("220 mail.example ready\r\n");
    expect(wire.seen.exchanges.map(({ end }) => end.how)).toEqual(["unknown"]);
    expect(wire.seen.gaps).toMatchObject([
      { reason: "unparsable", detail: expect.stringContaining("220 mail.example") },
    ]);
  });

  it("is TLS, and what a server says first, once for each port", () => {
    const wire = new Wire();
    for (const port of [1, 2]) {
      const client = { address: "127.0.0.1", port: 50_000 + port };
      wire.connect({ client }).client(Buffer.from([0x16, 3, 1, 0, 5]));
      wire.connect({ client, server: { address: "127.0.0.1", port: 2222 } }).server("SSH-2.0-OpenSSH\r\n");
    }
    expect(wire.seen.gaps.map(({ reason, to, detail }) => [reason, to?.port, detail])).toEqual([
      ["encrypted", 9000, expect.stringContaining("further connections are not told of")],
      ["unparsable", 2222, expect.stringContaining("SSH-2.0")],
    ]);
  });

  it("is what a connection carries after another protocol was agreed on", () => {
    const wire = new Wire();
    const connection = wire.connect();
    connection.client("GET /ws HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    connection.server(
      "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n\x81\x01a",
    );
    connection.client("\x81\x01b");
    expect(wire.seen.exchanges.map(({ response, end }) => [response?.status, end.how])).toEqual([
      [101, "answered"],
    ]);
    expect(wire.seen.gaps).toMatchObject([
      { reason: "unparsable", detail: expect.stringContaining("websocket") },
    ]);
  });

  it("is nothing where the other protocol was not agreed on", () => {
    const wire = new Wire();
    const connection = wire.connect();
    connection.client(`GET /a HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n${POST}`);
    connection.server(`${OK}${OK}`);
    expect(wire.seen.gaps).toEqual([]);
    expect(wire.seen.exchanges.map(({ request, end }) => [request.path, end.how])).toEqual([
      ["/a", "answered"],
      ["/.internal/batch", "answered"],
    ]);
  });
});

type C = ReturnType<Wire["connect"]>;

function chunked(body: string): string {
  return `${body === "" ? "" : `${body.length.toString(16)}\r\n${body}\r\n`}0\r\n\r\n`;
}

/** Cut at these lengths, over and over. */
function pieces(text: string, lengths: readonly number[]): string[] {
  const result: string[] = [];
  for (let at = 0, turn = 0; at < text.length; turn++) {
    const length = lengths[turn % lengths.length] ?? 1;
    result.push(text.slice(at, at + length));
    at += length;
  }
  return result;
}
