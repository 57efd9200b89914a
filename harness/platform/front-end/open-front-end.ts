import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { Socket } from "node:net";
import { SitecarError } from "../../errors/index.ts";
import { delay } from "../../shared/clock.ts";
import { Exchange, type Client } from "./exchange.ts";
import type { FrontEndSite } from "./front-end-site.ts";
import { idleTooLong, siteUnavailable } from "./platform-answer.ts";
import type { ClientScheme } from "./platform-headers.ts";
import { Router } from "./routing.ts";
import { ToWorker } from "./to-worker.ts";
import { TroubleLog, type FrontEndTrouble } from "./trouble.ts";
import { WaitingRoom } from "./waiting-room.ts";

export interface FrontEndOptions {
  /** On 127.0.0.1; default: a free one. */
  readonly port?: number;
  /** App Service: 230,000 (A2.9). Milliseconds without a byte in either direction, after which a request is ended. */
  readonly idleMs: number;
  /** `clientAffinityEnabled`. */
  readonly affinity: boolean;
  /** What the site is told that its clients speak. Default `http`, which local clients do. */
  readonly scheme?: ClientScheme;
  /** What a stopped site answers. Default 503; App Service answers 403 where the owner stopped it. */
  readonly stoppedStatus?: 403 | 503;
  /** Told when trouble begins, and how many requests met it when it ends. */
  readonly onTrouble?: (trouble: FrontEndTrouble) => void;
  /** Aborting closes the front end. */
  readonly signal: AbortSignal;
}

/** One local address that behaves as App Service's front end. Leaving its scope closes it. */
export interface FrontEnd extends AsyncDisposable {
  /** For example `http://127.0.0.1:41234`. */
  readonly url: string;
  /** Requests that wait for a worker. */
  readonly held: number;
  /**
   * Resolves when no request runs at that worker's origin any more, or the front end is closed: a worker keeps its
   * instance id over its lives, the origin is one life's. Rejects with the signal's reason.
   */
  untilDrained(origin: string, signal: AbortSignal): Promise<void>;
  /** Stops listening and cuts what waits or runs. Drain the workers first to lose nothing. */
  close(): Promise<void>;
}

/** Looks at idle requests so many times within the idle limit; one may live longer by a part of it. */
const LOOKS_PER_IDLE_LIMIT = 20;

/**
 * Opens the front end of a site: a request goes to main's port of a worker in rotation (A2.3), waits while the site
 * starts, and is refused with the site's state where it can't hope.
 *
 * @throws {SitecarError} PORT_TAKEN, or USAGE for a port that this user may not open.
 */
export async function openFrontEnd(site: FrontEndSite, options: FrontEndOptions): Promise<FrontEnd> {
  options.signal.throwIfAborted();
  const frontEnd = new RunningFrontEnd(site, options);
  await frontEnd.listen(options.port ?? 0);
  return frontEnd;
}

class RunningFrontEnd implements FrontEnd {
  readonly #site: FrontEndSite;
  readonly #options: FrontEndOptions;
  readonly #server: Server;
  readonly #exchanges = new Set<Exchange>();
  readonly #waiting = new WaitingRoom();
  /** Told when a request has ended. */
  readonly #ends = new WaitingRoom();
  readonly #router: Router;
  readonly #troubles: TroubleLog;
  readonly #toWorker: ToWorker;
  readonly #closing = new AbortController();
  #port = 0;
  #closed: Promise<void> | undefined;

  constructor(site: FrontEndSite, options: FrontEndOptions) {
    this.#site = site;
    this.#options = options;
    const scheme = options.scheme ?? "http";
    this.#router = new Router({ affinity: options.affinity, scheme });
    this.#troubles = new TroubleLog(options.onTrouble ?? (() => undefined));
    this.#toWorker = new ToWorker({ siteName: site.name, scheme, troubles: this.#troubles });
    this.#server = createServer({
      // The idle limit is the only limit; uploads may take as long as they move.
      requestTimeout: 0,
      keepAliveTimeout: options.idleMs,
      // App Service passes WebSockets on; any other upgrade is offered in vain, as HTTP allows (RFC 9110, 7.8).
      shouldUpgradeCallback: (request) => /^websocket$/i.test(request.headers.upgrade ?? ""),
    });
    this.#server.on("request", (request, response) =>
      this.#take(request, { kind: "request", response, expectsContinue: false }),
    );
    this.#server.on("checkContinue", (request, response) =>
      this.#take(request, { kind: "request", response, expectsContinue: true }),
    );
    this.#server.on("upgrade", (request: IncomingMessage, socket: Socket, head: Buffer) =>
      this.#take(request, { kind: "upgrade", socket, head }),
    );
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get held(): number {
    return this.#waiting.size;
  }

  async listen(port: number): Promise<void> {
    const { signal } = this.#options;
    try {
      this.#server.listen(port, "127.0.0.1");
      await once(this.#server, "listening", { signal });
      const address = this.#server.address();
      if (typeof address === "object" && address !== null) this.#port = address.port;
    } catch (error) {
      this.#server.close();
      throw signal.aborted ? error : notListening(port, error);
    }
    signal.addEventListener("abort", () => void this.close(), { once: true, signal: this.#closing.signal });
    void this.#watchSite();
    void this.#watchIdle();
  }

  async untilDrained(origin: string, signal: AbortSignal): Promise<void> {
    await this.#ends.waitFor(
      () => (this.#runsAt(origin) ? undefined : true),
      AbortSignal.any([signal, this.#closing.signal]),
    );
    signal.throwIfAborted();
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#closing.abort();
    for (const exchange of this.#exchanges) exchange.destroy();
    this.#server.closeAllConnections();
    this.#toWorker.close();
    this.#troubles.end();
    await closed;
  }

  #runsAt(origin: string): boolean {
    return [...this.#exchanges].some(({ worker }) => worker?.origin === origin);
  }

  #take(request: IncomingMessage, client: Client): void {
    const exchange = new Exchange(request, client);
    this.#exchanges.add(exchange);
    exchange.ended.addEventListener("abort", () => {
      this.#exchanges.delete(exchange);
      this.#ends.lookAgain();
    });
    void this.#serve(exchange);
  }

  async #serve(exchange: Exchange): Promise<void> {
    const decision = await this.#waiting.waitFor(() => this.#decide(exchange), exchange.ended);
    if (decision === "refused" || decision === undefined) return;
    this.#toWorker.send(exchange);
  }

  /** `undefined`: hold it. A worker is taken at the moment it is decided, so that a drain sees it. */
  #decide(exchange: Exchange): "routed" | "refused" | undefined {
    if (!exchange.open) return "refused";
    const { cookie } = exchange.request.headers;
    const route = this.#router.route(this.#site.workers(), cookie);
    if (route !== undefined) {
      exchange.worker = route.worker;
      exchange.cookies = route.cookies;
      return "routed";
    }
    if (this.#site.state === "Starting" || this.#site.state === "Started") return undefined;
    this.#refuseAsUnavailable(exchange);
    return "refused";
  }

  #refuseAsUnavailable(exchange: Exchange): void {
    this.#troubles.note({ kind: "unavailable", detail: `the site is ${this.#site.state}` });
    exchange.refuse(siteUnavailable(this.#site, this.#options.stoppedStatus));
  }

  async #watchSite(): Promise<void> {
    const { signal } = this.#closing;
    try {
      for (;;) {
        await this.#site.changed(signal);
        this.#troubles.end();
        this.#waiting.lookAgain();
      }
    } catch (error) {
      // A site that can't be watched any more would hold its requests for ever.
      if (!signal.aborted) this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#troubles.note({
      kind: "unavailable",
      detail: error instanceof Error ? error.message : String(error),
    });
    void this.close();
  }

  async #watchIdle(): Promise<void> {
    const { idleMs } = this.#options;
    const { signal } = this.#closing;
    try {
      for (;;) {
        await delay(idleMs / LOOKS_PER_IDLE_LIMIT, signal);
        for (const exchange of this.#exchanges) {
          if (exchange.idleForMs() >= idleMs) this.#endIdle(exchange);
        }
      }
    } catch {
      // The front end is closed.
    }
  }

  #endIdle(exchange: Exchange): void {
    const { worker } = exchange;
    if (worker === undefined) {
      this.#refuseAsUnavailable(exchange);
      return;
    }
    this.#troubles.note({
      kind: "idle",
      detail: `no byte for ${this.#options.idleMs / 1000} s`,
      instanceId: worker.instanceId,
    });
    exchange.refuse(idleTooLong(this.#options.idleMs));
  }
}

function notListening(port: number, error: unknown): SitecarError {
  const words = error instanceof Error ? error.message : String(error);
  const taken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
  return new SitecarError(taken ? "PORT_TAKEN" : "USAGE", {
    message: taken
      ? `port ${port} of 127.0.0.1 is in use; the front end can't listen on it.`
      : `the front end can't listen on port ${port} of 127.0.0.1.`,
    observations: [{ label: "answer", value: words }],
    remedy: taken
      ? "end what listens there (`ss -ltnp`), choose another port, or leave the port out and take the one that is free."
      : "choose a port from 1024 to 65535, or leave the port out and take the one that is free.",
    cause: error,
  });
}
