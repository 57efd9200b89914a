import { Deadline, delay } from "../shared/clock.ts";
import type { ActualRequest } from "./pact-file.ts";
import type { PlayedSide } from "./played-side.ts";
import { isObject } from "./value-rules.ts";
import type { Ask } from "./verification.ts";

const ANSWER_MS = 60_000;
const ASK_AGAIN_MS = 100;

interface RelayedMessage {
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

interface RelayedRequest extends RelayedMessage {
  readonly id: number;
  readonly atMs: number;
  readonly method: string;
  readonly path: string;
}

interface RelayedResponse extends RelayedMessage {
  readonly status: number;
}

/** The harness's end of a relay: lets a played side answer what the relay is asked, and asks through it. */
export class RelayLink implements AsyncDisposable {
  readonly #origin: string;
  readonly #life = new AbortController();
  readonly #serving: Promise<void>;

  /** @param port the relay's {@link RELAY_PORT} as it is published on this machine. */
  constructor(port: number, side: PlayedSide) {
    this.#origin = `http://127.0.0.1:${port}`;
    this.#serving = this.#serve(side);
  }

  /** Asks a port of the namespace's loopback. Rejects with the relay's reason where no answer comes. */
  ask(port: number): Ask {
    return async ({ method, path, headers, body }: ActualRequest) => {
      const carried = headers.filter(([name]) => !["host", "content-length"].includes(name.toLowerCase()));
      const answer = await this.#post("/ask", {
        port,
        method,
        path,
        headers: carried,
        body: body.toString("base64"),
      });
      if (!isResponse(answer))
        throw new Error(isObject(answer) ? String(answer["error"]) : "the relay gave no answer");
      return { status: answer.status, headers: answer.headers, body: Buffer.from(answer.body, "base64") };
    };
  }

  async #serve(side: PlayedSide): Promise<void> {
    const { signal } = this.#life;
    while (!signal.aborted) {
      try {
        // One after the other, so that what was asked stands in the order of its coming.
        const answer = await fetch(`${this.#origin}/next`, { signal });
        const asked: unknown = await answer.json();
        if (!isRequest(asked)) continue;
        const { id, atMs, method, path, headers, body } = asked;
        const response = side.answer({ method, path, headers, body: Buffer.from(body, "base64") }, atMs);
        await this.#post("/answer", {
          id,
          status: response.status,
          headers: response.headers,
          body: response.body.toString("base64"),
        });
      } catch {
        // Not up yet, or gone; what is asked meanwhile waits in the relay.
        await delay(ASK_AGAIN_MS, signal).catch(() => undefined);
      }
    }
  }

  async #post(path: string, message: object): Promise<unknown> {
    const signal = AbortSignal.any([this.#life.signal, Deadline.in(ANSWER_MS).signal()]);
    const answer = await fetch(this.#origin + path, {
      method: "POST",
      body: JSON.stringify(message),
      signal,
    });
    return await answer.json();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#life.abort();
    await this.#serving;
  }
}

function isRequest(value: unknown): value is RelayedRequest {
  return isObject(value) && typeof value["id"] === "number" && typeof value["method"] === "string";
}

function isResponse(value: unknown): value is RelayedResponse {
  return isObject(value) && typeof value["status"] === "number";
}
