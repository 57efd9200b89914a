import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import type { PortHold } from "../../../harness/platform/agent-protocol.ts";
import type { ListeningSocket } from "./socket-table.ts";

const LOOPBACK = "127.0.0.1";
const NOT_FOUND = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

interface Taken {
  readonly server: Server;
  readonly sockets: Set<Socket>;
  readonly listening: ListeningSocket;
}

/** Ports of the namespace that the agent listens on in somebody's place. */
export class TakenPorts {
  readonly #taken = new Map<string, Taken>();

  /** Resolves when it listens. @throws {Error} EADDRINUSE: somebody else does. */
  async take(id: string, { port, address, answers }: PortHold): Promise<void> {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
      socket.on("error", () => undefined); // whoever connected goes away as it likes
      if (answers === "not-found") socket.once("data", () => socket.end(NOT_FOUND));
      else socket.resume();
    });
    server.listen(port, address === "loopback" ? LOOPBACK : undefined);
    await once(server, "listening");
    const bound = server.address();
    if (bound === null || typeof bound === "string") throw new TypeError("unreachable: it listens on a port");
    this.#taken.set(id, { server, sockets, listening: { address: bound.address, port: bound.port } });
  }

  /** Resolves when the port is free; its connections are reset. One that is not taken is fine. */
  async release(id: string): Promise<void> {
    const taken = this.#taken.get(id);
    if (taken === undefined) return;
    this.#taken.delete(id);
    const closed = once(taken.server, "close");
    taken.server.close();
    for (const socket of taken.sockets) socket.resetAndDestroy();
    await closed;
  }

  async releaseAll(): Promise<void> {
    await Promise.all([...this.#taken.keys()].map((id) => this.release(id)));
  }

  /** It is one of these sockets. */
  has({ address, port }: ListeningSocket): boolean {
    return [...this.#taken.values()].some(
      ({ listening }) => listening.port === port && listening.address === address,
    );
  }
}
