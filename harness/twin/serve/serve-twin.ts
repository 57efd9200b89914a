import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";

import type { DaprTwin } from "../dapr-twin.ts";
import { refuses } from "../phase.ts";
import { listen, portOf } from "./listen.ts";

export interface ServeOptions {
  /** 0: a free one. */
  readonly port: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
}

/** A twin behind a port, for apps in any language. */
export interface ServedTwin extends AsyncDisposable {
  readonly twin: DaprTwin;
  readonly port: number;
  /** Resolves when the port is open or closed as the twin's phase has it. @throws {SitecarError} PORT_TAKEN */
  settled(): Promise<void>;
}

/**
 * Serves a twin over HTTP: in phases in which daprd's port refuses it is closed, and opened again afterwards.
 * @throws {SitecarError} PORT_TAKEN, USAGE for a port that this user may not open.
 */
export async function serveTwin(
  twin: DaprTwin,
  { port, host = "127.0.0.1" }: ServeOptions,
): Promise<ServedTwin> {
  const served = new Served(twin, host, port);
  await served.begin();
  return served;
}

class Served implements ServedTwin {
  readonly twin: DaprTwin;
  port: number;
  readonly #host: string;
  #server: Server | undefined;
  #change: Promise<void> = Promise.resolve();
  #ended = false;

  constructor(twin: DaprTwin, host: string, port: number) {
    this.twin = twin;
    this.#host = host;
    this.port = port;
  }

  async begin(): Promise<void> {
    // Opened in any phase, so that a free port is known and one that is taken is told at once.
    await this.#open();
    await this.#follow();
    void this.#watch();
  }

  /** One change after the other; where there is nothing to change, it is nothing. */
  settled(): Promise<void> {
    this.#change = this.#change.catch(() => undefined).then(() => this.#follow());
    return this.#change;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true;
    await this.#change.catch(() => undefined);
    await this.#close({ cutting: true });
  }

  async #watch(): Promise<void> {
    while (!this.#ended) {
      await this.twin.moved;
      if (this.#ended) return;
      // Who moved the twin hears of a port that can't be opened again when it asks.
      await this.settled().catch(() => undefined);
    }
  }

  async #follow(): Promise<void> {
    if (!refuses(this.twin.phase)) await this.#open();
    else await this.#close({ cutting: false });
  }

  async #open(): Promise<void> {
    if (this.#server !== undefined) return;
    const server = createServer((request, response) => void this.#answer(request, response));
    await listen(server, { port: this.port, host: this.#host });
    this.port = portOf(server);
    this.#server = server;
  }

  /** What is under way is answered, unless it is cut. */
  async #close({ cutting }: { readonly cutting: boolean }): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    const closed = once(server, "close");
    server.close();
    server.closeIdleConnections();
    if (cutting) server.closeAllConnections();
    // Answers that are still to come do not hold up what waits for the port to be closed.
    if (cutting) await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request).catch(() => undefined);
    // The caller went away.
    if (body === undefined) return;
    const answer = await this.twin.respond({
      method: request.method ?? "GET",
      target: request.url ?? "/",
      headers: new Map(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
      body,
    });
    if (answer === "refused") {
      response.destroy();
      return;
    }
    response.writeHead(
      answer.status,
      answer.headers.flatMap(([name, value]) => [name, value]),
    );
    response.end(Buffer.from(answer.body));
  }
}
