import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { SitecarError } from "../errors/index.ts";
import { pairsOf } from "./ask-over-http.ts";
import type { PlayedSide } from "./played-side.ts";

export interface ServedSide extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
}

/**
 * Serves a played side over HTTP on this machine, for a process that runs outside of containers.
 * @param port 0: a free one.
 * @throws {SitecarError} PORT_TAKEN
 */
export async function serveSide(side: PlayedSide, port: number): Promise<ServedSide> {
  const server = createServer((request, response) => {
    answer(side, request, response).catch((error: unknown) =>
      response.destroy(error instanceof Error ? error : undefined),
    );
  });
  server.listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (error) {
    throw new SitecarError("PORT_TAKEN", {
      message: `nothing can be served on port ${port} of 127.0.0.1.`,
      observations: [{ label: "system", value: error instanceof Error ? error.message : String(error) }],
      remedy: "end what listens there, or choose another port and tell the app of it.",
      cause: error,
    });
  }
  const address = server.address();
  const chosen = typeof address === "object" && address !== null ? address.port : port;
  return {
    port: chosen,
    url: `http://127.0.0.1:${chosen}`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(side: PlayedSide, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const atMs = performance.now();
  const body = await buffer(request);
  const {
    status,
    headers,
    body: answered,
  } = side.answer(
    {
      method: request.method ?? "",
      path: request.url ?? "",
      headers: pairsOf(request.rawHeaders),
      body,
    },
    atMs,
  );
  // An answer without a body has no length either, where its status forbids one.
  const length = status === 204 || status === 304 ? [] : [["Content-Length", String(answered.length)]];
  response.writeHead(
    status,
    [...headers.filter(([name]) => name.toLowerCase() !== "content-length"), ...length].flat(),
  );
  response.end(answered);
}
