import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";

import type { DaprTwin } from "../dapr-twin.ts";
import { grpcServer } from "./grpc-server.ts";
import { PhasedPort, type PhasedServer } from "./phased-port.ts";

export interface ServeOptions {
  /** daprd's `--dapr-http-port`. 0: a free one. */
  readonly port: number;
  /** daprd's `--dapr-grpc-port`. 0: a free one. Default: no gRPC. */
  readonly grpcPort?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
}

/** A twin behind its ports, for apps in any language. */
export interface ServedTwin extends AsyncDisposable {
  readonly twin: DaprTwin;
  readonly port: number;
  readonly grpcPort: number | undefined;
  /** Resolves when the ports are open or closed as the twin's phase has it. @throws {SitecarError} PORT_TAKEN */
  settled(): Promise<void>;
}

/**
 * Serves a twin over HTTP and gRPC: in phases in which daprd's ports refuse they are closed, and opened again afterwards.
 * @throws {SitecarError} PORT_TAKEN, USAGE for a port that this user may not open.
 */
export async function serveTwin(
  twin: DaprTwin,
  { port, grpcPort, host = "127.0.0.1" }: ServeOptions,
): Promise<ServedTwin> {
  await using stack = new AsyncDisposableStack();
  const http = stack.use(await PhasedPort.begin(twin, { port, host }, () => httpServer(twin)));
  const grpc =
    grpcPort === undefined
      ? undefined
      : stack.use(await PhasedPort.begin(twin, { port: grpcPort, host }, () => grpcServer(twin)));
  const owned = stack.move();
  return {
    twin,
    port: http.port,
    grpcPort: grpc?.port,
    settled: async () => {
      await Promise.all([http.settled(), grpc?.settled()]);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function httpServer(twin: DaprTwin): PhasedServer {
  const server = createServer((request, response) => void answer(twin, request, response));
  return {
    server,
    finish() {
      server.close();
      server.closeIdleConnections();
    },
    async cut() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(twin: DaprTwin, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await buffer(request).catch(() => undefined);
  // The caller went away.
  if (body === undefined) return;
  const answered = await twin.respond({
    method: request.method ?? "GET",
    target: request.url ?? "/",
    headers: new Map(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
    body,
  });
  if (answered === "refused") {
    response.destroy();
    return;
  }
  response.writeHead(
    answered.status,
    answered.headers.flatMap(([name, value]) => [name, value]),
  );
  response.end(Buffer.from(answered.body));
}
