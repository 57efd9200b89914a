import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { once } from "node:events";
import type { AgentIdentity, IdentityFailure } from "../../../harness/platform/agent-protocol.ts";
import { delay } from "../../../harness/shared/clock.ts";
import { answerIdentityRequest, failedAnswer } from "./identity-answer.ts";
import { IdentityFaults } from "./identity-faults.ts";
import { wallNow, type Reporter } from "./report.ts";
import { TokenIssuer } from "./token.ts";

/** Serves the site's managed identities at their address (A6.1), reports every request, and fails on demand. */
export class IdentityService {
  readonly #identity: AgentIdentity;
  readonly #reporter: Reporter;
  readonly #issuer: TokenIssuer;
  readonly #faults = new IdentityFaults();
  #server: Server | null = null;
  /** Where it listens; kept over a closing, also where the configuration says "any". */
  #port: number;

  constructor(identity: AgentIdentity, reporter: Reporter, issuer = new TokenIssuer(identity)) {
    this.#identity = identity;
    this.#reporter = reporter;
    this.#issuer = issuer;
    this.#port = identity.port;
  }

  get port(): number {
    return this.#port;
  }

  /** @throws {Error} EADDRINUSE and the like. */
  async listen(): Promise<void> {
    const server = createServer((request, response) => void this.#answer(request, response));
    server.listen(this.#port, this.#identity.address);
    await once(server, "listening");
    server.on("error", (error) => this.#reporter.failure("identity", error.message));
    const address = server.address();
    if (address !== null && typeof address !== "string") this.#port = address.port;
    this.#server = server;
  }

  /** Nothing listens any more, and connections that were open are closed. */
  async close(): Promise<void> {
    const server = this.#server;
    if (server === null) return;
    this.#server = null;
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  }

  async fail(fault: string, failure: IdentityFailure): Promise<void> {
    this.#faults.fail(fault, failure);
    await this.#followFaults();
  }

  async heal(fault: string): Promise<void> {
    this.#faults.heal(fault);
    await this.#followFaults();
  }

  /** As when it began: no failure is left, no token, and no connection. */
  async reset(): Promise<void> {
    this.#faults.healAll();
    this.#issuer.forget();
    this.#server?.closeAllConnections();
    await this.#followFaults();
  }

  async #followFaults(): Promise<void> {
    if (this.#faults.refused) await this.close();
    else if (this.#server === null) await this.listen();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const seenAt = wallNow();
    const url = new URL(request.url ?? "/", "http://identity");
    const path = url.pathname;
    const parameters = firstOfEach(url.searchParams);
    const faults = this.#faults.next();
    const asked = { method: request.method ?? "", path, parameters, headers: request.headers };
    const answer = answerIdentityRequest(asked, this.#identity, this.#issuer, faults.token);
    const { status, headerMatched, body } =
      faults.status === null ? answer : failedAnswer(faults.status, answer);
    const userAgent = request.headers["user-agent"] ?? "";
    // At once, also where the answer is delayed: a client may be gone by then.
    this.#reporter.report({ type: "identity", status, path, parameters, headerMatched, userAgent }, seenAt);
    request.resume();
    if (faults.delayMs > 0) await until(faults.delayMs, response);
    response.writeHead(status, { "content-type": "application/json; charset=utf-8" });
    response.end(JSON.stringify(body));
  }
}

/** Resolves after the delay, or when the client has gone. */
async function until(delayMs: number, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  await delay(delayMs, gone.signal).catch(() => undefined);
}

function firstOfEach(parameters: URLSearchParams): Record<string, string> {
  const first: Record<string, string> = {};
  for (const [name, value] of parameters) first[name] ??= value;
  return first;
}
