import type { ClockAnswer, ClockQuestion } from "../../../harness/platform/agent-protocol.ts";
import { LocalHttp } from "./local-http.ts";

/** Each question has its own. */
const DEFAULT_TIMEOUT_MS = 10_000;

/** The clocks of the namespace's daprds, each over one kept connection: they are asked thousands of times. */
export class ClockConnections {
  readonly #connections = new Map<number, LocalHttp>();

  /** One question after the other for each clock. Never rejects. */
  async ask({ port, method, path, body, withinMs }: ClockQuestion): Promise<ClockAnswer> {
    const look = await this.#to(port).send({
      method,
      path,
      timeoutMs: withinMs,
      ...(body === undefined ? {} : { body }),
    });
    return look.status === null
      ? { status: null, body: look.detail }
      : { status: look.status, body: look.body };
  }

  #to(port: number): LocalHttp {
    const known = this.#connections.get(port);
    if (known !== undefined) return known;
    const connection = new LocalHttp({ port, timeoutMs: DEFAULT_TIMEOUT_MS });
    this.#connections.set(port, connection);
    return connection;
  }
}
