import { Agent, type ClientRequest, type IncomingMessage } from "node:http";
import { createProxyServer, type ProxyServer } from "httpxy";
import type { Exchange } from "./exchange.ts";
import { workerFailed } from "./platform-answer.ts";
import { platformHeaders, type ClientScheme } from "./platform-headers.ts";
import type { TroubleLog } from "./trouble.ts";

export interface ToWorkerOptions {
  readonly siteName: string;
  readonly scheme: ClientScheme;
  readonly troubles: TroubleLog;
}

/**
 * Connections to main are kept this long for the next request: shorter than the servers in use keep theirs, so that
 * a request does not meet a connection that main is just closing.
 */
const KEEP_ALIVE_MS = 1_000;

/** Carries an exchange to its worker and the answer back, with the proxy library. */
export class ToWorker {
  readonly #options: ToWorkerOptions;
  readonly #agent = new Agent({ keepAlive: true, timeout: KEEP_ALIVE_MS, maxFreeSockets: 64 });
  readonly #proxy: ProxyServer = createProxyServer();
  readonly #exchanges = new WeakMap<object, Exchange>();

  constructor(options: ToWorkerOptions) {
    this.#options = options;
    this.#proxy.on("proxyReq", (upstream, request) => this.#sending(upstream, request));
    this.#proxy.on("proxyReqWs", (upstream, request) => this.#upgrading(upstream, request));
    this.#proxy.on("proxyRes", (answer, request) => this.#answered(answer, request));
    this.#proxy.on("error", (error, request) => this.#failed(error, request));
  }

  /** Needs the exchange's worker. Whatever goes wrong ends as an answer of the platform. */
  send(exchange: Exchange): void {
    const { request, client, worker } = exchange;
    if (worker === undefined || !exchange.open) return;
    this.#exchanges.set(request, exchange);
    exchange.handOver();
    const { connection, upgrade } = request.headers;
    request.url = originForm(request.url ?? "/");
    request.headers = platformHeaders(request.headers, {
      siteName: this.#options.siteName,
      scheme: this.#options.scheme,
      target: request.url,
      address: (request.socket.remoteAddress ?? "").replace(/^::ffff:/, ""),
      port: request.socket.remotePort ?? 0,
    });
    if (client.kind === "request") {
      if (client.expectsContinue) client.response.writeContinue();
      if (/\bclose\b/i.test(connection ?? "")) client.response.shouldKeepAlive = false;
      this.#watch(
        this.#proxy.web(request, client.response, { target: worker.origin, agent: this.#agent }),
        request,
      );
    } else {
      request.headers.connection = "Upgrade";
      request.headers.upgrade = upgrade;
      this.#watch(this.#proxy.ws(request, client.socket, { target: worker.origin }, client.head), request);
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  /** What the library does not tell as an event, such as an answer that breaks off. */
  #watch(proxied: Promise<void>, request: IncomingMessage): void {
    proxied.catch((error: unknown) => {
      this.#failed(error instanceof Error ? error : new Error(String(error)), request);
    });
  }

  #sending(upstream: ClientRequest, request: IncomingMessage): void {
    const exchange = this.#exchanges.get(request);
    if (exchange === undefined) return;
    exchange.upstream = upstream;
    if (!exchange.open) upstream.destroy();
    // The library sends the head with the first piece of the body; main may have to say something before that.
    else setImmediate(() => upstream.headersSent || upstream.destroyed || upstream.flushHeaders());
  }

  #upgrading(upstream: ClientRequest, request: IncomingMessage): void {
    const exchange = this.#exchanges.get(request);
    if (exchange === undefined) return;
    exchange.upstream = upstream;
    // A client that leaves before main has answered takes the request with it.
    exchange.ended.addEventListener("abort", () => upstream.destroy(), { once: true });
    // Both come before the library's own listeners, which write the answer.
    upstream.once("upgrade", (answer, socket) => {
      this.#begin(answer, exchange);
      // The library carries an end over, not a cut.
      exchange.ended.addEventListener("abort", () => socket.destroySoon(), { once: true });
    });
    upstream.once("response", (answer) => this.#begin(answer, exchange));
  }

  #answered(answer: IncomingMessage, request: IncomingMessage): void {
    const exchange = this.#exchanges.get(request);
    if (exchange === undefined) return;
    for (const name of HOP_BY_HOP_OF_ANSWERS) delete answer.headers[name];
    // The library copies this one where main gave none; the client decides whether its own connection stays.
    if (exchange.client.kind === "request" && !exchange.client.response.shouldKeepAlive) {
      answer.headers.connection = "close";
    }
    this.#begin(answer, exchange);
    const { client } = exchange;
    // As above: a client may wait for the head of a stream whose first piece is far off.
    if (client.kind === "request") {
      setImmediate(
        () => client.response.headersSent || client.response.destroyed || client.response.flushHeaders(),
      );
    }
  }

  #begin(answer: IncomingMessage, exchange: Exchange): void {
    exchange.begin();
    this.#options.troubles.end(exchange.worker?.instanceId);
    if (exchange.cookies.length === 0) return;
    answer.headers["set-cookie"] = [...(answer.headers["set-cookie"] ?? []), ...exchange.cookies];
  }

  #failed(error: Error, request: IncomingMessage | undefined): void {
    const exchange = request && this.#exchanges.get(request);
    // The client's own leaving, and what the front end ended itself, are nobody's fault.
    if (exchange === undefined || exchange.ended.aborted || exchange.refused) return;
    const code = "code" in error && typeof error.code === "string" ? error.code : error.message;
    const detail = { ECONNREFUSED: "connection refused", ECONNRESET: "connection reset" }[code] ?? code;
    const instanceId = exchange.worker?.instanceId;
    this.#options.troubles.note({
      kind: "worker-failed",
      detail,
      ...(instanceId === undefined ? {} : { instanceId }),
    });
    exchange.refuse(workerFailed(detail));
  }
}

const HOP_BY_HOP_OF_ANSWERS = ["connection", "proxy-connection", "keep-alive", "te", "trailer", "upgrade"];

/** A proxy's client may send `http://host/path`; main gets the path, as from any front end (RFC 9112, 3.2.2). */
function originForm(target: string): string {
  const absolute = /^https?:\/\/[^/?#]*(?<rest>[^]*)$/i.exec(target)?.groups?.["rest"];
  if (absolute === undefined) return target;
  return absolute.startsWith("/") ? absolute : `/${absolute}`;
}
