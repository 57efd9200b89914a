import type { ClientRequest, IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { FrontEndWorker } from "./front-end-site.ts";
import { renderAnswer, type PlatformAnswer } from "./platform-answer.ts";

/** Where the answer goes: an HTTP response, or the bare connection of a client that asked for an upgrade. */
export type Client =
  | { readonly kind: "request"; readonly response: ServerResponse; readonly expectsContinue: boolean }
  | { readonly kind: "upgrade"; readonly socket: Socket; readonly head: Buffer };

/** One request from its arrival until its last byte; for a WebSocket, until it is closed. */
export class Exchange {
  readonly request: IncomingMessage;
  readonly client: Client;
  /** Aborts when the client is gone or has its whole answer. */
  readonly ended: AbortSignal;
  worker: FrontEndWorker | undefined;
  /** `Set-Cookie` values to add to main's answer. */
  cookies: readonly string[] = [];
  /** The request to main. */
  upstream: ClientRequest | undefined;
  #stopWatching: (() => void) | undefined;
  #refused = false;
  #begun = false;
  #bytes: number;
  #movedAtMs = performance.now();

  constructor(request: IncomingMessage, client: Client) {
    this.request = request;
    this.client = client;
    this.#bytes = this.#passed();
    const ended = new AbortController();
    this.ended = ended.signal;
    const target = client.kind === "request" ? client.response : client.socket;
    target.once("close", () => ended.abort());
    if (client.kind === "upgrade") {
      // The platform's own answer may meet a closed connection; the proxy has its own listener later.
      client.socket.on("error", () => ended.abort());
      this.#stopWatching = watchEnd(client.socket);
    }
  }

  /** The platform has answered, or cut it. */
  get refused(): boolean {
    return this.#refused;
  }

  /** No answer of main or the platform has begun, and the client still waits for one. */
  get open(): boolean {
    if (this.#refused || this.#begun || this.ended.aborted) return false;
    return this.client.kind === "upgrade" || !this.client.response.headersSent;
  }

  /** The proxy reads the client's connection from now on. */
  handOver(): void {
    this.#stopWatching?.();
  }

  /** Main answers. */
  begin(): void {
    this.#begun = true;
  }

  /**
   * Ends the exchange with an answer of the platform. Where main's answer has begun, there is no room for one: the
   * connection is cut, which tells the client that the answer is not whole.
   */
  refuse(answer: PlatformAnswer): void {
    if (this.#refused) return;
    const open = this.open;
    this.#refused = true;
    if (!open) this.request.socket.destroy();
    else if (this.client.kind === "request") this.#respond(this.client, answer);
    else writeAnswer(this.client.socket, answer, this.request);
    this.upstream?.destroy();
  }

  /** How long no byte has passed between the client and the front end, in either direction. */
  idleForMs(): number {
    const bytes = this.#passed();
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#movedAtMs = performance.now();
    }
    return performance.now() - this.#movedAtMs;
  }

  destroy(): void {
    this.#refused = true;
    this.upstream?.destroy();
    this.request.socket.destroy();
  }

  #respond(client: Extract<Client, { kind: "request" }>, answer: PlatformAnswer): void {
    const { headers, body } = renderAnswer(answer, this.request.headers.accept);
    // A client that waits to be asked for its body may send it or the next request: the connection can't tell.
    if (client.expectsContinue && !this.request.complete) headers["connection"] = "close";
    client.response.writeHead(answer.status, answer.title, headers);
    client.response.end(body);
    // Any other is read to its end: a client that is cut while it sends may lose the answer.
    this.request.unpipe().resume();
  }

  #passed(): number {
    return this.request.socket.bytesRead + this.request.socket.bytesWritten;
  }
}

/** The end of a connection that nobody reads would go unseen; what the client sends stays unread. */
function watchEnd(socket: Socket): () => void {
  const look = (): void => {
    if (socket.readableLength === 0) socket.read(0);
  };
  const onEnd = (): void => {
    socket.destroy();
  };
  socket.on("readable", look).once("end", onEnd);
  return () => {
    socket.off("readable", look).off("end", onEnd);
  };
}

function writeAnswer(socket: Socket, answer: PlatformAnswer, request: IncomingMessage): void {
  const { headers, body } = renderAnswer(answer, request.headers.accept);
  const lines = Object.entries({ ...headers, connection: "close" }).map(
    ([name, value]) => `${name}: ${String(value)}\r\n`,
  );
  socket.end(`HTTP/1.1 ${answer.status} ${answer.title}\r\n${lines.join("")}\r\n${body}`);
}
