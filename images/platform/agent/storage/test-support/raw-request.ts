import { once } from "node:events";
import { connect, type TLSSocket } from "node:tls";
import type { AgentStorage } from "../../../../../harness/platform/agent-protocol.ts";
import { HOST_NAME } from "./small-storage-server.ts";

/** A TLS connection as a client of storage opens it. */
export async function connectTo(port: number, { authorityPem }: AgentStorage): Promise<TLSSocket> {
  const socket = connect({ host: "127.0.0.1", port, servername: HOST_NAME, ca: authorityPem });
  socket.on("error", () => undefined);
  await once(socket, "secureConnect");
  return socket;
}

/** Sends these bytes and hands back all that comes until the other side ends. */
export async function exchange(socket: TLSSocket, bytes: string | Buffer): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  socket.write(bytes);
  await once(socket, "close");
  return Buffer.concat(chunks).toString("latin1");
}
