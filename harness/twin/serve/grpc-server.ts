import { once } from "node:events";
import {
  constants,
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";

import type { DaprTwin } from "../dapr-twin.ts";
import { failureTrailers, GrpcFailure } from "../grpc/grpc-failure.ts";
import type { PhasedServer } from "./phased-port.ts";

/** Flag, then the length of the message in four bytes. */
const PREFIX_BYTES = 5;

/**
 * Unary gRPC over HTTP/2 without TLS. Of its own, because daprd hands a call's headers on to the binding, and gRPC's libraries keep
 * some of them for themselves.
 */
export function grpcServer(twin: DaprTwin): PhasedServer {
  const server = createServer();
  const sessions = new Set<ServerHttp2Session>();
  server.on("session", (session) => {
    sessions.add(session);
    session.on("close", () => sessions.delete(session));
    session.on("error", () => undefined);
  });
  server.on("stream", (stream, headers) => {
    stream.on("error", () => undefined);
    void answer(twin, stream, headers);
  });
  return {
    server,
    finish() {
      server.close();
      for (const session of sessions) session.close();
    },
    async cut() {
      const closed = once(server, "close");
      server.close();
      for (const session of sessions) session.destroy();
      await closed;
    },
  };
}

async function answer(
  twin: DaprTwin,
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
): Promise<void> {
  const body = await buffer(stream).catch(() => undefined);
  // The caller went away.
  if (body === undefined) return;
  const message = unframed(body, headers);
  if (message === undefined) {
    respond(
      stream,
      {},
      undefined,
      new GrpcFailure("INTERNAL", "the twin takes one message, plain or as gzip"),
    );
    return;
  }
  const answered = await twin.respondGrpc({
    path: headers[":path"] ?? "",
    headers: new Map(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    message,
  });
  if (stream.destroyed) return;
  if (answered === "refused") stream.close(constants.NGHTTP2_REFUSED_STREAM);
  else if ("failure" in answered) respond(stream, answered.headers, undefined, answered.failure);
  else respond(stream, answered.headers, answered.message);
}

/** `undefined`: not one message. */
function unframed(body: Buffer, headers: IncomingHttpHeaders): Buffer | undefined {
  if (body.length < PREFIX_BYTES || body.readUInt32BE(1) !== body.length - PREFIX_BYTES) return undefined;
  const message = body.subarray(PREFIX_BYTES);
  if (body[0] === 0) return message;
  return headers["grpc-encoding"] === "gzip" ? gunzipSync(message) : undefined;
}

function respond(
  stream: ServerHttp2Stream,
  headers: Readonly<Record<string, string>>,
  message: Buffer | undefined,
  failure?: GrpcFailure,
): void {
  const trailers =
    failure === undefined ? { "grpc-status": "0", "grpc-message": "" } : failureTrailers(failure);
  const head = { ":status": 200, "content-type": "application/grpc", ...headers };
  // What fails before daprd's own code has trailers alone.
  if (Object.keys(headers).length === 0 && failure !== undefined) {
    stream.respond({ ...head, ...trailers }, { endStream: true });
    return;
  }
  stream.respond(head, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers(trailers));
  if (message === undefined) stream.end();
  else {
    const prefix = Buffer.alloc(PREFIX_BYTES);
    prefix.writeUInt32BE(message.length, 1);
    stream.end(Buffer.concat([prefix, message]));
  }
}
