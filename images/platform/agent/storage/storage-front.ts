import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Agent, createServer, request, type Server } from "node:https";
import type { Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import type { AgentStorage } from "../../../../harness/platform/agent-protocol.ts";
import type { AnswerFailure } from "../../../../harness/platform/storage-failure.ts";
import { delay } from "../../../../harness/shared/clock.ts";
import { wallNow, type Reporter } from "../report.ts";
import { AnswerFailures, type DecidingFailure, type RequestFate } from "./answer-failures.ts";
import { azureError } from "./azure-error.ts";
import { unfinishedAnswer } from "./unfinished-answer.ts";

export interface StorageFrontOptions {
  readonly storage: AgentStorage;
  readonly port: number;
  readonly reporter: Reporter;
}

type Unfinished = Extract<DecidingFailure, { readonly kind: "unfinished" }>;

/**
 * Stands before storage, under the accounts' names and with their certificate, where single requests are to fail: everything
 * else it passes on as it came, headers in their order and spelling, bodies byte for byte.
 */
export class StorageFront {
  readonly #options: StorageFrontOptions;
  readonly #failures = new AnswerFailures();
  readonly #upstream: Agent;
  /** Connections whose answer never ends, by the fault that keeps it. */
  readonly #silent = new Map<string, Set<Socket>>();
  readonly #server: Server;

  constructor(options: StorageFrontOptions) {
    this.#options = options;
    const { certificatePem, keyPem, authorityPem, hostNames } = options.storage;
    this.#upstream = new Agent({ keepAlive: true, ca: authorityPem, servername: hostNames[0] ?? "" });
    // How long a request takes and an idle connection stays is between the client and storage.
    const limits = { requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 0 };
    this.#server = createServer({ cert: certificatePem, key: keyPem, ...limits }, (asked, response) => {
      void this.#serve(asked, response);
    });
    this.#server.on("checkContinue", (asked, response) => {
      response.writeContinue();
      void this.#serve(asked, response);
    });
  }

  /** Where it listens, also where the configuration says "any". */
  get port(): number {
    const address = this.#server.address();
    return address === null || typeof address === "string" ? this.#options.port : address.port;
  }

  /** Safe to call again. @throws {Error} EADDRINUSE and the like. */
  async listen(): Promise<void> {
    if (this.#server.listening) return;
    this.#server.listen(this.#options.port, this.#options.storage.address);
    await once(this.#server, "listening");
    this.#server.on("error", (error) => this.#options.reporter.failure("storage front", error.message));
  }

  async close(): Promise<void> {
    this.#upstream.destroy();
    if (!this.#server.listening) return;
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  fail(fault: string, failure: AnswerFailure): void {
    this.#failures.add(fault, failure);
  }

  /** Answers that the fault kept from ending are given up: their connections end. */
  heal(fault: string): void {
    this.#failures.remove(fault);
    for (const socket of this.#silent.get(fault) ?? []) socket.destroy();
    this.#silent.delete(fault);
  }

  async #serve(asked: IncomingMessage, response: ServerResponse): Promise<void> {
    const seenAt = wallNow();
    const fate = this.#failures.next(asked.method ?? "");
    this.#report(asked, fate, seenAt);
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    try {
      if (fate.failure?.how.kind === "status") {
        asked.resume();
        await delay(fate.delayMs, gone.signal);
        refuse(asked, response, fate.failure.how);
        return;
      }
      const answer = await this.#ask(asked, gone.signal);
      if (fate.delayMs > 0) await delay(fate.delayMs, gone.signal);
      if (fate.failure === null) pass(answer, response);
      else await this.#leaveUnfinished(fate.failure.fault, fate.failure.how, { answer, response });
    } catch {
      // The client has gone, or storage has: the connection ends, as it does on the direct way.
      response.socket?.destroy();
    }
  }

  #ask(asked: IncomingMessage, signal: AbortSignal): Promise<IncomingMessage> {
    const { host, port } = this.#options.storage.upstream;
    return new Promise((resolve, reject) => {
      const asking = request(
        {
          host,
          port,
          agent: this.#upstream,
          method: asked.method,
          path: asked.url,
          headers: withoutExpectation(asked.rawHeaders),
          signal,
        },
        (answer) => {
          // Whoever takes the answer may come late; that it was cut off is seen on the answer itself.
          answer.on("error", () => undefined);
          resolve(answer);
        },
      );
      asking.once("error", reject);
      asked.pipe(asking);
    });
  }

  async #leaveUnfinished(
    fault: string,
    { sent, afterwards }: Unfinished,
    { answer, response }: { readonly answer: IncomingMessage; readonly response: ServerResponse },
  ): Promise<void> {
    const { socket } = response;
    const body = await buffer(answer);
    if (socket === null || socket.destroyed) return;
    const part = unfinishedAnswer(sent, { answer, body });
    if (part.length > 0) await new Promise<void>((resolve) => socket.write(part, () => resolve()));
    if (afterwards === "end") socket.destroy();
    else if (!socket.destroyed) this.#keepSilent(fault, socket);
  }

  #keepSilent(fault: string, socket: Socket): void {
    const kept = this.#silent.get(fault) ?? new Set();
    this.#silent.set(fault, kept.add(socket));
    socket.once("close", () => kept.delete(socket));
  }

  #report(asked: IncomingMessage, { delayMs, failure }: RequestFate, seenAt: number): void {
    const what = [
      ...(failure === null ? [] : [describe(failure.how)]),
      ...(delayMs > 0 ? [`answered ${delayMs} ms later`] : []),
    ];
    if (what.length === 0) return;
    const [path = ""] = (asked.url ?? "").split("?", 1);
    const { host = "" } = asked.headers;
    this.#options.reporter.report(
      { type: "storage", host, method: asked.method ?? "", path, what: what.join(", ") },
      seenAt,
    );
  }
}

function describe(failure: DecidingFailure): string {
  if (failure.kind === "status") return `answered ${failure.status} ${azureError(failure, {}).code}`;
  const sent = {
    nothing: "nothing of its answer",
    head: "the head of its answer",
    half: "half of its answer",
  };
  return `sent ${sent[failure.sent]}, then ${failure.afterwards === "end" ? "the connection ended" : "nothing more"}`;
}

function refuse(
  asked: IncomingMessage,
  response: ServerResponse,
  failure: Extract<DecidingFailure, { readonly kind: "status" }>,
): void {
  const { status, message, headers, body } = azureError(failure, asked.headers);
  response.writeHead(status, message, headers);
  response.end(asked.method === "HEAD" ? undefined : body);
}

/** Where storage ends before its answer does, what came of it is sent, and then the connection ends too. */
function pass(answer: IncomingMessage, response: ServerResponse): void {
  const cutOff = (): void => response.socket?.destroySoon();
  response.sendDate = false;
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage ?? "", answer.rawHeaders);
  response.flushHeaders();
  if (answer.errored !== null) cutOff();
  else answer.once("error", cutOff).pipe(response);
}

/** It was met here: the client has been told to go on. */
function withoutExpectation(rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter((_, index) => rawHeaders[index - (index % 2)]?.toLowerCase() !== "expect");
}
