import type { ExchangeEnd } from "../../../../harness/timeline/exchange.ts";
import type { ConnectionHost, ConnectionReader, Side } from "./connection-reader.ts";
import { beginningOf } from "./beginning-of.ts";
import { HttpMessages, type MessageHead, type Reading } from "./llhttp.ts";
import { valueOf, type OpenExchange } from "./open-exchange.ts";

const SWITCHING_PROTOCOLS = 101;
/** A hole in a body is filled with as many zeros. */
const FILLER = Buffer.alloc(1 << 16);

/** One message's body, as its head says. */
interface Body {
  /** Bytes to come; `undefined`: not known beforehand. */
  remaining: number | undefined;
}

/** Reads a connection of HTTP/1.1: answers belong to requests in their order. */
export class Http1Connection implements ConnectionReader {
  readonly #host: ConnectionHost;
  readonly #messages: Readonly<Record<Side, HttpMessages>>;
  readonly #bodies: Record<Side, Body> = { from: { remaining: 0 }, to: { remaining: 0 } };
  /** Requests without a whole answer, oldest first. */
  readonly #waiting: OpenExchange[] = [];
  /** The request that is being read. */
  #asking: OpenExchange | undefined;
  /** The request asked for another protocol: what the client sent since. */
  #held: Buffer[] | undefined;
  /** Its answer says that the connection is another protocol's from here on. */
  #upgrading: { readonly exchange: OpenExchange; readonly to: string } | undefined;
  #stream: number;
  #wallMs = 0;
  #isLost = false;

  /** @param before how many requests the connection has had. */
  constructor(host: ConnectionHost, before = 0) {
    this.#host = host;
    this.#stream = before;
    this.#messages = {
      from: new HttpMessages("request", {
        begin: () => this.#requestBegan(),
        head: (head) => this.#requestHead(head),
        body: (bytes) => this.#body("from", bytes),
        end: () => this.#requestEnded(),
      }),
      to: new HttpMessages("response", {
        begin: () => this.#answerBegan(),
        head: (head) => this.#answerHead(head),
        body: (bytes) => this.#body("to", bytes),
        end: (trailers) => {
          this.#answering?.trailers(trailers);
          this.#answerEnded();
        },
      }),
    };
  }

  get open(): readonly OpenExchange[] {
    return this.#waiting;
  }

  /** How many requests there were. */
  get requests(): number {
    return this.#stream;
  }

  close(): void {
    for (const messages of Object.values(this.#messages)) messages.close();
  }

  bytes(side: Side, bytes: Buffer, wallMs: number): void {
    if (this.#isLost) return;
    this.#wallMs = wallMs;
    if (side === "from" && this.#held !== undefined) {
      this.#held.push(bytes);
      return;
    }
    this.#follow(side, this.#messages[side].read(bytes), bytes);
  }

  missing(side: Side, count: number, wallMs: number): void {
    if (this.#isLost) return;
    this.#wallMs = wallMs;
    const { remaining } = this.#bodies[side];
    const isInBody = remaining !== undefined && remaining >= count && remaining > 0;
    this.#host.gap(
      {
        reason: "bytes-missing",
        bytes: count,
        detail: `${count} bytes ${isInBody ? "of a body" : "of the messages' heads"} were not seen`,
      },
      wallMs,
    );
    if (!isInBody) {
      this.#lose({ how: "unknown" }, { resumes: true });
      return;
    }
    const exchange = side === "from" ? this.#asking : this.#answering;
    exchange?.missing(side === "from" ? "request" : "response", count);
    for (let left = count; left > 0; left -= FILLER.length) {
      this.#messages[side].read(FILLER.subarray(0, left));
    }
  }

  finished(side: Side, wallMs: number): void {
    if (this.#isLost) return;
    this.#wallMs = wallMs;
    if (side === "to") {
      // Ends a body that ends with the connection. One that it cuts off is told of when the connection has ended.
      this.#messages.to.finish();
      return;
    }
    for (const exchange of this.#waiting) {
      if (!exchange.isAnswered) exchange.note({ by: "from", detail: "the client has closed its side" });
    }
  }

  end(how: ExchangeEnd, wallMs: number): void {
    this.#wallMs = wallMs;
    this.#endAll(how);
  }

  get #answering(): OpenExchange | undefined {
    return this.#waiting.find((exchange) => !exchange.isAnswered);
  }

  #requestBegan(): void {
    this.#stream++;
    this.#asking = this.#host.begin(this.#stream, "http/1.1", this.#wallMs);
    this.#waiting.push(this.#asking);
  }

  #requestHead({ method, path, headers }: MessageHead): undefined {
    this.#asking?.requestHead(method, path, headers);
    this.#bodies.from.remaining = lengthOf(valueOf(headers, "content-length"));
  }

  #requestEnded(): void {
    const asking = this.#asking;
    this.#asking = undefined;
    this.#bodies.from.remaining = 0;
    asking?.requestEnded(this.#wallMs);
    this.#settle(asking);
  }

  #answerBegan(): void {
    this.#answering?.answerBegan(this.#wallMs);
  }

  #answerHead({ status, reason, headers }: MessageHead): "no-body" | undefined {
    const answering = this.#answering;
    if (answering === undefined) {
      this.#host.gap(
        { reason: "unparsable", detail: `an answer ${status} that no request asked for` },
        this.#wallMs,
      );
      return undefined;
    }
    const hasBody = answering.method !== "HEAD" && status >= 200 && status !== 204 && status !== 304;
    this.#bodies.to.remaining = hasBody ? lengthOf(valueOf(headers, "content-length")) : 0;
    if (status >= 200 || status === SWITCHING_PROTOCOLS) answering.answerHead(status, reason, headers);
    if (status === SWITCHING_PROTOCOLS) {
      this.#upgrading = { exchange: answering, to: valueOf(headers, "upgrade") ?? "another protocol" };
    }
    return answering.method === "HEAD" ? "no-body" : undefined;
  }

  #body(side: Side, bytes: Buffer): void {
    const body = this.#bodies[side];
    if (body.remaining !== undefined) body.remaining -= bytes.length;
    const exchange = side === "from" ? this.#asking : this.#answering;
    exchange?.body(side === "from" ? "request" : "response", bytes, this.#wallMs);
  }

  #answerEnded(): void {
    const answering = this.#answering;
    this.#bodies.to.remaining = 0;
    if (this.#upgrading !== undefined) return;
    // What comes before the answer, 100 and 103, is a message of its own.
    if (answering === undefined || !answering.hasAnswerHead) return;
    answering.answerEnded(this.#wallMs);
    this.#settle(answering);
    this.#refuseUpgrade();
  }

  /** Tells of an exchange both of whose halves are whole. */
  #settle(exchange: OpenExchange | undefined): void {
    if (exchange === undefined || !exchange.isRequestDone || !exchange.isAnswered) return;
    this.#waiting.splice(this.#waiting.indexOf(exchange), 1);
    this.#host.ended(exchange, { how: "answered" }, this.#wallMs);
  }

  #follow(side: Side, reading: Reading, bytes: Buffer): void {
    switch (reading.state) {
      case "reading":
        return;
      case "upgraded":
        if (side === "from") this.#held = [reading.rest];
        else this.#upgrade(reading.rest);
        return;
      case "failed": {
        const which = side === "from" ? "a request" : "an answer";
        const detail = `${which} is not HTTP/1.1 (${reading.reason}): ${beginningOf(reading.rest.length > 0 ? reading.rest : bytes)}`;
        this.#host.gap({ reason: "unparsable", bytes: reading.rest.length, detail }, this.#wallMs);
        this.#lose({ how: "unknown" }, { resumes: false });
      }
    }
  }

  /** The answer to a request for another protocol is one of HTTP/1.1: what the client has sent since is, too. */
  #refuseUpgrade(): void {
    const held = this.#held;
    // The one that asked is the last that was read.
    if (held === undefined || this.#waiting.length > 0) return;
    this.#held = undefined;
    this.#messages.from.resume();
    const bytes = Buffer.concat(held);
    this.#follow("from", this.#messages.from.read(bytes), bytes);
  }

  #upgrade(rest: Buffer): void {
    if (this.#upgrading === undefined) return;
    const { exchange, to } = this.#upgrading;
    this.#waiting.splice(this.#waiting.indexOf(exchange), 1);
    this.#isLost = true;
    if (to.toLowerCase() === "h2c") {
      const reader = this.#host.upgraded(exchange);
      reader.bytes("from", Buffer.concat(this.#held ?? []), this.#wallMs);
      reader.bytes("to", rest, this.#wallMs);
      return;
    }
    exchange.answerEnded(this.#wallMs);
    this.#host.ended(exchange, { how: "answered" }, this.#wallMs);
    this.#host.gap(
      { reason: "unparsable", detail: `the connection was upgraded to ${to}, which is not read` },
      this.#wallMs,
    );
    this.#host.lost({ resumes: false });
  }

  #lose(how: ExchangeEnd, { resumes }: { readonly resumes: boolean }): void {
    this.#isLost = true;
    this.#endAll(how);
    this.#host.lost({ resumes });
  }

  #endAll(how: ExchangeEnd): void {
    for (const exchange of this.#waiting.splice(0)) {
      this.#host.ended(exchange, exchange.isAnswered ? { how: "answered" } : how, this.#wallMs);
    }
  }
}

function lengthOf(contentLength: string | undefined): number | undefined {
  return contentLength === undefined ? undefined : Number(contentLength);
}
