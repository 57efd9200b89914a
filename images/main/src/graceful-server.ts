import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { listeningPort } from "./listening-port.ts";

/** A listening server that can end without cutting an answer short. */
export interface GracefulServer {
  readonly port: number;
  /**
   * Stops accepting, lets requests under way finish, and resolves with true. Connections kept alive by a client
   * (daprd keeps one) are closed as soon as they carry no request. Requests still unanswered after `limitMs` are cut,
   * and the result is false.
   */
  stop(limitMs: number): Promise<boolean>;
}

/**
 * Listens on all IPv4 addresses (port 0: a free one): App Service reaches main from outside its namespace (A2.3), and daprd dials 127.0.0.1.
 *
 * @throws the error of `listen`, for example EADDRINUSE.
 */
export async function listenGracefully(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
  port: number,
): Promise<GracefulServer> {
  let stopping = false;
  const server = createServer((request, response) => {
    response.once("close", () => {
      if (stopping) server.closeIdleConnections();
    });
    handle(request, response);
  });
  server.listen(port, "0.0.0.0");
  await once(server, "listening");

  return {
    port: listeningPort(server),
    async stop(limitMs) {
      stopping = true;
      let inTime = true;
      const limit = setTimeout(() => {
        inTime = false;
        server.closeAllConnections();
      }, limitMs);
      await new Promise<void>((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeIdleConnections();
      });
      clearTimeout(limit);
      return inTime;
    },
  };
}
