import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { StandInCounts } from "../../../harness/platform/stand-in/stand-in-protocol.ts";
import { delay } from "../../../harness/shared/clock.ts";
import type { Behaviour } from "./behaviour.ts";

export interface StandInServerOptions {
  readonly behaviour: Behaviour;
  /** The work of a tick; what it rejects with is answered with 500. */
  readonly onTick: (path: string) => Promise<void>;
  /** Milliseconds since the process began. */
  readonly nowMs: () => number;
  /** A line for a person. */
  readonly print: (text: string) => void;
}

/** The HTTP side: listens when it is to, and does to each request what the behaviour says. */
export class StandInServer {
  readonly #options: StandInServerOptions;
  readonly #sockets = new Set<Socket>();
  readonly #counts = { options: 0, ticks: 0, ticksDone: 0, others: 0 };
  #server: Server | undefined;
  /** Takes no more connections, and answers what it has. */
  #ending: Server | undefined;

  constructor(options: StandInServerOptions) {
    this.#options = options;
  }

  get counts(): Pick<StandInCounts, "options" | "ticks" | "ticksDone" | "others"> {
    return { ...this.#counts };
  }

  get isListening(): boolean {
    return this.#server !== undefined;
  }

  /** On all addresses. @param port 0: a free one. @returns the port. @throws {Error} EADDRINUSE and the like. */
  async listen(port: number): Promise<number> {
    const server = createServer((request, response) => void this.#answer(request, response));
    server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    });
    server.listen(port);
    await once(server, "listening");
    this.#server = server;
    const { behaviour, nowMs, print } = this.#options;
    behaviour.listeningSinceMs = nowMs();
    const address = server.address();
    const bound = address !== null && typeof address !== "string" ? address.port : port;
    print(`listening on port ${bound}`);
    return bound;
  }

  /** Nothing listens any more; connections that were open are reset. */
  async close(): Promise<void> {
    if (this.#server === undefined) return;
    await this.#end(() => {
      for (const socket of this.#sockets) socket.resetAndDestroy();
    });
    this.#options.print("not listening any more");
  }

  /** As on SIGTERM: takes no more connections, and resolves when the requests that it has are answered. */
  async finish(): Promise<void> {
    await this.#end((server) => server.closeIdleConnections());
  }

  async #end(open: (server: Server) => void): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    this.#ending = server;
    this.#options.behaviour.listeningSinceMs = undefined;
    const closed = once(server, "close");
    server.close();
    open(server);
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { behaviour, nowMs, print } = this.#options;
    const method = request.method ?? "";
    const { pathname: path } = new URL(request.url ?? "/", "http://main");
    const kind = behaviour.kindOf(method, path);
    this.#counts[kind]++;
    const cameMs = nowMs();
    const { delayMs, outcome } = behaviour.next(method, path, cameMs);
    response.once("close", () => this.#ending?.closeIdleConnections());
    request.on("error", () => undefined); // the client went away, which the response's end tells too
    request.resume();
    const status = await this.#act(path, outcome, { delayMs, response });
    if (typeof status === "number") {
      if (kind === "ticks" && status === 200) this.#counts.ticksDone++;
      response.writeHead(status, { "content-type": "text/plain; charset=utf-8" });
      response.end(method === "HEAD" ? undefined : `stand-in main: ${status}\n`);
    }
    if (kind !== "others") {
      const result =
        typeof status === "number" ? `${status} after ${Math.round(nowMs() - cameMs)} ms` : status;
      print(`${method} ${path}: ${result}`);
    }
  }

  /** @returns the status to answer with, or what became of the request. */
  async #act(
    path: string,
    outcome: ReturnType<Behaviour["next"]>["outcome"],
    { delayMs, response }: { readonly delayMs: number; readonly response: ServerResponse },
  ): Promise<number | "hangs" | "reset" | "client gone"> {
    if (outcome === "hangs") return "hangs";
    if (outcome === "reset") {
      response.req.socket.resetAndDestroy();
      return "reset";
    }
    const status = outcome === "served" ? await this.#work(path) : outcome.status;
    if (delayMs > 0 && !(await passed(delayMs, response))) return "client gone";
    return status;
  }

  async #work(path: string): Promise<number> {
    try {
      await this.#options.onTick(path);
      return 200;
    } catch (error) {
      this.#options.print(
        `work of ${path} failed: ${error instanceof Error ? error.message : String(error)}`,
      );
      return 500;
    }
  }
}

/** False: the client went away before. */
async function passed(delayMs: number, response: ServerResponse): Promise<boolean> {
  const gone = new AbortController();
  const leave = (): void => gone.abort();
  response.once("close", leave);
  try {
    await delay(delayMs, gone.signal);
    return true;
  } catch {
    return false;
  } finally {
    response.off("close", leave);
  }
}
