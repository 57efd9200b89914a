import type { ExchangeEnd, WireEnd } from "../../../../harness/timeline/exchange.ts";
import { beginningOf } from "./beginning-of.ts";
import { ByteOrder } from "./byte-order.ts";
import type { ConnectionHost, ConnectionReader, Side } from "./connection-reader.ts";
import { Http1Connection } from "./http1-connection.ts";
import { Http2Connection, PREFACE } from "./http2-connection.ts";
import type { OpenExchange } from "./open-exchange.ts";
import type { Segment } from "./segment.ts";

const REQUEST_LINE =
  /^(?:GET|HEAD|POST|PUT|DELETE|CONNECT|OPTIONS|TRACE|PATCH|[A-Z-]{3,20}) [^\s]+ HTTP\/1\.[01]\r\n/;
const METHOD = /^[A-Z-]{1,20}(?: |$)/;
const TLS_HANDSHAKE = 0x16;
/** In the words of its gap. */
export const SPEAKS_FIRST = "the one that listens speaks first, and not HTTP/2";

/** What came before it was known what it is. */
interface Held {
  readonly side: Side;
  readonly bytes: Buffer;
  readonly wallMs: number;
}

/** What is known of a connection's content. `unread`: told of, and not looked at any more. */
type State =
  | { readonly kind: "undecided"; readonly held: Held[] }
  | { readonly kind: "reading"; readonly reader: ConnectionReader }
  /** It was under way before it was seen, or a hole was: an HTTP/1.1 request that begins makes it readable. */
  | { readonly kind: "resuming"; skipped: number }
  | { readonly kind: "unread" };

export type ExchangeHost = Pick<ConnectionHost, "begin" | "ended" | "gap">;

/** A connection: puts its bytes in order, finds out what it speaks, and has it read. */
export class TcpConnection {
  readonly from: WireEnd;
  readonly to: WireEnd;
  readonly #number: number;
  readonly #host: ExchangeHost;
  readonly #orders: Readonly<Record<Side, ByteOrder>>;
  #state: State;
  #requests = 0;
  #finished: Side[] = [];
  #finishedMs = 0;
  isEnded = false;

  /** @param isNew its first segment was seen. */
  constructor(
    number: number,
    ends: { readonly from: WireEnd; readonly to: WireEnd; readonly isNew: boolean },
    host: ExchangeHost,
  ) {
    this.#number = number;
    this.from = ends.from;
    this.to = ends.to;
    this.#host = host;
    this.#state = ends.isNew ? { kind: "undecided", held: [] } : { kind: "resuming", skipped: 0 };
    this.#orders = { from: this.#order("from"), to: this.#order("to") };
  }

  get open(): Iterable<OpenExchange> {
    return this.#state.kind === "reading" ? this.#state.reader.open : [];
  }

  take(side: Side, segment: Segment): void {
    const { wallMs, sequence, acknowledged, syn, reset } = segment;
    const other: Side = side === "from" ? "to" : "from";
    if (acknowledged !== undefined) this.#orders[other].acknowledged(acknowledged, wallMs);
    if (syn) this.#orders[side].open(sequence);
    else this.#orders[side].take(segment);
    if (reset) {
      this.end({ how: "reset", by: side }, wallMs);
      return;
    }
    if (this.#orders[side].isFinished && !this.#finished.includes(side)) {
      this.#finished.push(side);
      if (this.#finished.length === 1) this.#finishedMs = wallMs;
      if (this.#state.kind === "reading") this.#state.reader.finished(side, wallMs);
    }
    const [first] = this.#finished;
    // What was cut off was so when the first side closed; the other one only follows.
    if (this.#finished.length === 2) this.end({ how: "closed", ...(first && { by: first }) }, wallMs);
  }

  /** Nothing more comes of it. */
  end(how: ExchangeEnd, wallMs: number): void {
    if (this.isEnded) return;
    this.isEnded = true;
    if (this.#state.kind === "reading") {
      this.#state.reader.end(this.#likely(how), wallMs);
      this.#state.reader.close();
    }
    if (this.#state.kind === "undecided" && this.#state.held.length > 0) {
      this.#notHttp(Buffer.concat(this.#state.held.map(({ bytes }) => bytes)), wallMs);
    }
    this.#state = { kind: "unread" };
  }

  /** The tap ends: what is open is open, unless one side has closed already. */
  leave(wallMs: number): void {
    const [first] = this.#finished;
    this.end(
      first === undefined ? { how: "open" } : { how: "closed", by: first },
      first === undefined ? wallMs : this.#finishedMs,
    );
  }

  /** A reset that answers a close is the close's. */
  #likely(how: ExchangeEnd): ExchangeEnd {
    const [first] = this.#finished;
    if (how.how !== "reset" || first === undefined || how.by === first) return how;
    return { how: "closed", by: first };
  }

  #order(side: Side): ByteOrder {
    return new ByteOrder({
      bytes: (bytes, wallMs) => this.#bytes(side, bytes, wallMs),
      missing: (count, wallMs) => this.#missing(side, count, wallMs),
    });
  }

  #bytes(side: Side, bytes: Buffer, wallMs: number): void {
    const state = this.#state;
    switch (state.kind) {
      case "reading":
        state.reader.bytes(side, bytes, wallMs);
        return;
      case "undecided":
        this.#decide(state.held, side, bytes, wallMs);
        return;
      case "resuming":
        this.#tryToResume(state, side, bytes, wallMs);
        return;
      case "unread":
        return;
    }
  }

  #missing(side: Side, count: number, wallMs: number): void {
    if (this.#state.kind === "reading") {
      this.#state.reader.missing(side, count, wallMs);
    } else if (this.#state.kind !== "unread") {
      this.#host.gap(
        { reason: "bytes-missing", bytes: count, detail: `${count} bytes were not seen` },
        wallMs,
      );
      this.#state = { kind: "resuming", skipped: 0 };
    }
  }

  /** The client's first bytes tell what it speaks; a server of HTTP/2 may have said its settings before. */
  #decide(held: Held[], side: Side, bytes: Buffer, wallMs: number): void {
    // Copied: what was captured is a part of a much larger piece of memory.
    held.push({ side, bytes: Buffer.from(bytes), wallMs });
    const asked = heldOf(held, "from");
    if (asked.length === 0) {
      const said = heldOf(held, "to");
      if (!mayBeSettings(said)) this.#notHttp(said, wallMs, SPEAKS_FIRST);
      return;
    }
    const preface = PREFACE.subarray(0, Math.min(asked.length, PREFACE.length));
    if (asked.subarray(0, preface.length).equals(preface)) {
      // Enough of it to be no other method.
      if (asked.length >= 4) this.#read(new Http2Connection(this.#readerHost()), held);
      return;
    }
    if (METHOD.test(asked.subarray(0, 21).toString("latin1"))) {
      if (asked.includes(0x20)) this.#read(new Http1Connection(this.#readerHost()), held);
      return;
    }
    if (asked[0] === TLS_HANDSHAKE) {
      this.#state = { kind: "unread" };
      this.#host.gap({ reason: "encrypted", detail: "the connection is encrypted (TLS)" }, wallMs);
      return;
    }
    this.#notHttp(asked, wallMs);
  }

  #read(reader: ConnectionReader, held: readonly Held[]): void {
    this.#state = { kind: "reading", reader };
    // Whoever takes over meanwhile, an upgrade, takes the rest.
    for (const { side, bytes, wallMs } of held) this.#bytes(side, bytes, wallMs);
  }

  #notHttp(bytes: Buffer, wallMs: number, what = "the client does not speak HTTP"): void {
    this.#state = { kind: "unread" };
    this.#host.gap({ reason: "unparsable", detail: `${what}: ${beginningOf(bytes)}` }, wallMs);
  }

  #tryToResume(state: { skipped: number }, side: Side, bytes: Buffer, wallMs: number): void {
    if (side === "from" && REQUEST_LINE.test(bytes.subarray(0, 4096).toString("latin1"))) {
      this.#read(new Http1Connection(this.#readerHost(), this.#requests), [{ side, bytes, wallMs }]);
      return;
    }
    if (state.skipped === 0) {
      const detail = `the connection was under way, and is read from its next HTTP/1.1 request on: ${beginningOf(bytes)}`;
      this.#host.gap({ reason: "mid-connection", detail }, wallMs);
    }
    state.skipped += bytes.length;
  }

  #readerHost(): ConnectionHost {
    const host = this.#host;
    return {
      connection: this.#number,
      from: this.from,
      to: this.to,
      begin: (stream, protocol, startMs) => {
        this.#requests = stream;
        return host.begin(stream, protocol, startMs);
      },
      ended: (exchange, end, wallMs) => host.ended(exchange, end, wallMs),
      gap: (gap, wallMs) => host.gap(gap, wallMs),
      lost: ({ resumes }) => {
        if (this.#state.kind === "reading") this.#state.reader.close();
        this.#state = resumes ? { kind: "resuming", skipped: 1 } : { kind: "unread" };
      },
      upgraded: (first) => {
        if (this.#state.kind === "reading") this.#state.reader.close();
        first.upgradedToHttp2();
        const reader = new Http2Connection(this.#readerHost(), first);
        this.#state = { kind: "reading", reader };
        return reader;
      },
    };
  }
}

function heldOf(held: readonly Held[], side: Side): Buffer {
  return Buffer.concat(held.filter((one) => one.side === side).map(({ bytes }) => bytes));
}

/** A frame of HTTP/2's settings, as far as it came: a length of some bytes, type 4, stream 0. */
function mayBeSettings(bytes: Buffer): boolean {
  const [highest, , , type, flags, ...stream] = bytes.subarray(0, 9);
  const is = (byte: number | undefined, expected: number): boolean => byte === undefined || byte === expected;
  return is(highest, 0) && is(type, 4) && is(flags, 0) && stream.every((byte) => byte === 0);
}
