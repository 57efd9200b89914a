import { Agent, request, type IncomingMessage } from "node:http";
import { Deadline } from "../../../harness/shared/clock.ts";

/** One request and what came of it. `status` null: no HTTP answer, `detail` says why. */
export type Look =
  | { readonly status: number; readonly detail: string; readonly body: string }
  | { readonly status: null; readonly detail: string };

export interface LocalHttpOptions {
  readonly port: number;
  /** For the whole of one request, its body included. */
  readonly timeoutMs: number;
  readonly host?: string;
  /** The asker's address. Default: the kernel's choice. */
  readonly localAddress?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface LocalRequest {
  readonly path: string;
  /** Default GET. */
  readonly method?: "GET" | "POST";
  /** JSON. */
  readonly body?: string;
  /** Default: what the connection was made with. */
  readonly timeoutMs?: number;
}

/**
 * Asks one port of the namespace over one kept connection. A connection per request would leave some thousand
 * sockets in TIME_WAIT, which the user's own programs would see and which slow down reading the socket table.
 */
export class LocalHttp {
  readonly #options: LocalHttpOptions;
  readonly #connections = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(options: LocalHttpOptions) {
    this.#options = options;
  }

  async get(path: string): Promise<Look> {
    return await this.send({ path });
  }

  async send(asked: LocalRequest): Promise<Look> {
    try {
      return await this.#once(asked);
    } catch (error) {
      // A kept connection that the other side closed in the same moment says nothing about the other side.
      if (!(error instanceof StaleConnection)) return { status: null, detail: describe(error) };
    }
    try {
      return await this.#once(asked);
    } catch (error) {
      return { status: null, detail: describe(error instanceof StaleConnection ? error.cause : error) };
    }
  }

  close(): void {
    this.#connections.destroy();
  }

  #once({ path, method = "GET", body, timeoutMs = this.#options.timeoutMs }: LocalRequest): Promise<Look> {
    const { host = "127.0.0.1", port, headers: own = {}, localAddress } = this.#options;
    const headers = body === undefined ? own : { ...own, "content-type": "application/json" };
    const timeout = Deadline.in(timeoutMs).signal();
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => {
        if (timeout.aborted) resolve({ status: null, detail: `no answer in ${timeoutMs} ms` });
        else if (asked.reusedSocket && codeOf(error) !== "ECONNREFUSED") reject(new StaleConnection(error));
        else reject(error);
      };
      const asked = request(
        {
          host,
          port,
          path,
          method,
          headers,
          agent: this.#connections,
          signal: timeout,
          ...(localAddress === undefined ? {} : { localAddress }),
        },
        (answer) => {
          readBody(answer, fail, (text) =>
            resolve({ status: answer.statusCode ?? 0, detail: answer.statusMessage ?? "", body: text }),
          );
        },
      );
      asked.on("error", fail);
      asked.end(body);
    });
  }
}

class StaleConnection extends Error {
  constructor(cause: Error) {
    super("the kept connection was closed", { cause });
  }
}

function readBody(
  answer: IncomingMessage,
  onError: (error: Error) => void,
  onBody: (body: string) => void,
): void {
  const chunks: Buffer[] = [];
  answer.on("data", (chunk: Buffer) => chunks.push(chunk));
  answer.on("error", onError);
  answer.on("end", () => onBody(Buffer.concat(chunks).toString("utf8")));
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

function describe(error: unknown): string {
  return codeOf(error) ?? (error instanceof Error ? error.message : String(error));
}
