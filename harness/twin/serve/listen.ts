import { once } from "node:events";
import type { Server } from "node:net";

import { SitecarError } from "../../errors/index.ts";

export interface ListenOptions {
  readonly port: number;
  readonly host: string;
}

/** @throws {SitecarError} PORT_TAKEN, or USAGE for a port that this user may not open. */
export async function listen(server: Server, { port, host }: ListenOptions): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
    throw new SitecarError(code === "EADDRINUSE" ? "PORT_TAKEN" : "USAGE", {
      message: `port ${port} on ${host} ${code === "EADDRINUSE" ? "is in use" : `can't be opened (${code})`}.`,
      remedy: "end the program that has it (a daprd perhaps), or choose another port and tell the app.",
      cause,
    });
  }
}

export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}
