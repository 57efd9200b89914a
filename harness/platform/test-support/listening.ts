import { once } from "node:events";
import type { Server } from "node:net";

/** The TCP port on which a server listens. */
export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no TCP port");
  return address.port;
}

/**
 * Lets a server (an HTTP server is one) listen on 127.0.0.1 and resolves with its port.
 * @param port default: any free one.
 */
export async function listen(server: Server, port = 0): Promise<number> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return portOf(server);
}
