import type { ExchangeEnd } from "../../../../harness/timeline/exchange.ts";
import type { ConnectionHost, ConnectionReader, Side } from "./connection-reader.ts";
import { HeaderBlocks, type HeaderBlock } from "./header-blocks.ts";
import { contentOf, FLAG, FRAME, Http2Frames, type Frame } from "./http2-frames.ts";
import type { OpenExchange } from "./open-exchange.ts";

/** What a client says first. */
export const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

/** Of RST_STREAM and GOAWAY, by their numbers (RFC 9113, section 7). */
const ERRORS = [
  "NO_ERROR",
  "PROTOCOL_ERROR",
  "INTERNAL_ERROR",
  "FLOW_CONTROL_ERROR",
  "SETTINGS_TIMEOUT",
  "STREAM_CLOSED",
  "FRAME_SIZE_ERROR",
  "REFUSED_STREAM",
  "CANCEL",
  "COMPRESSION_ERROR",
  "CONNECT_ERROR",
  "ENHANCE_YOUR_CALM",
  "INADEQUATE_SECURITY",
  "HTTP_1_1_REQUIRED",
] as const;

interface Direction {
  readonly frames: Http2Frames;
  readonly blocks: HeaderBlocks;
  /** A block that goes on in CONTINUATION frames. */
  block: { readonly frame: Frame; readonly parts: Buffer[] } | undefined;
}

/** Reads a connection of HTTP/2, each stream of which is an exchange. */
export class Http2Connection implements ConnectionReader {
  readonly #host: ConnectionHost;
  readonly #directions: Readonly<Record<Side, Direction>> = { from: newDirection(), to: newDirection() };
  readonly #streams = new Map<number, OpenExchange>();
  #prefaceLeft = PREFACE.length;
  #isLost = false;

  /** @param first of an upgraded connection: the request that asked for it, whose answer is the first stream's. */
  constructor(host: ConnectionHost, first?: OpenExchange) {
    this.#host = host;
    if (first !== undefined) this.#streams.set(1, first);
  }

  get open(): Iterable<OpenExchange> {
    return this.#streams.values();
  }

  close(): void {
    this.#streams.clear();
  }

  bytes(side: Side, bytes: Buffer, wallMs: number): void {
    let rest = bytes;
    if (side === "from" && this.#prefaceLeft > 0) {
      const preface = rest.subarray(0, this.#prefaceLeft);
      const at = PREFACE.length - this.#prefaceLeft;
      if (!preface.equals(PREFACE.subarray(at, at + preface.length))) {
        this.#lose("the client does not begin as HTTP/2 does", wallMs);
        return;
      }
      this.#prefaceLeft -= preface.length;
      rest = rest.subarray(preface.length);
    }
    this.#read(side, wallMs, () => this.#directions[side].frames.push(rest, wallMs));
  }

  missing(side: Side, count: number, wallMs: number): void {
    if (this.#isLost) return;
    const detail = `${count} bytes were not seen`;
    this.#host.gap({ reason: "bytes-missing", bytes: count, detail }, wallMs);
    this.#read(side, wallMs, () => {
      const frames = this.#directions[side].frames.miss(count, wallMs);
      if (frames === undefined) throw new Error("what was not seen is more than a frame's data");
      return frames;
    });
  }

  finished(side: Side): void {
    if (side === "to") return;
    for (const exchange of this.#streams.values()) {
      exchange.note({ by: "from", detail: "the client has closed its side" });
    }
  }

  end(how: ExchangeEnd, wallMs: number): void {
    for (const [stream, exchange] of this.#streams) {
      this.#end(stream, exchange.isAnswered ? { how: "answered" } : how, wallMs);
    }
  }

  #read(side: Side, wallMs: number, read: () => readonly Frame[]): void {
    if (this.#isLost) return;
    try {
      for (const frame of read()) this.#frame(side, frame, wallMs);
    } catch (error) {
      this.#lose(error instanceof Error ? error.message : String(error), wallMs);
    }
  }

  /** After a frame or a block that can't be read, none can be. */
  #lose(why: string, wallMs: number): void {
    this.#isLost = true;
    this.#host.gap({ reason: "unparsable", detail: `not HTTP/2 that can be read: ${why}` }, wallMs);
    this.end({ how: "unknown" }, wallMs);
    this.#host.lost({ resumes: false });
  }

  #frame(side: Side, frame: Frame, wallMs: number): void {
    const direction = this.#directions[side];
    switch (frame.type) {
      case FRAME.headers:
      case FRAME.pushPromise:
        direction.block = { frame, parts: [contentOf(frame)] };
        break;
      case FRAME.continuation:
        if (direction.block === undefined) throw new Error("a continuation of nothing");
        direction.block.parts.push(frame.payload);
        break;
      case FRAME.data:
        this.#data(side, frame, wallMs);
        return;
      case FRAME.resetStream:
        this.#reset(side, frame, wallMs);
        return;
      case FRAME.goAway:
        this.#goAway(side, frame, wallMs);
        return;
      default:
        return;
    }
    if ((frame.flags & FLAG.endHeaders) === 0) return;
    const { frame: first, parts } = direction.block;
    direction.block = undefined;
    const block = direction.blocks.read(Buffer.concat(parts));
    if (first.type === FRAME.pushPromise) {
      const path = block.pseudo.get(":path") ?? "";
      this.#host.gap(
        { reason: "unparsable", detail: `an answer that is pushed is not read: ${path}` },
        wallMs,
      );
      return;
    }
    if (side === "from") this.#requestHeaders(first, block, wallMs);
    else this.#answerHeaders(first, block, wallMs);
  }

  #requestHeaders({ stream, flags, beganMs }: Frame, { pseudo, headers }: HeaderBlock, wallMs: number): void {
    let exchange = this.#streams.get(stream);
    if (exchange === undefined) {
      exchange = this.#host.begin(stream, "http/2", beganMs);
      this.#streams.set(stream, exchange);
      const authority = pseudo.get(":authority");
      exchange.requestHead(pseudo.get(":method") ?? "", pseudo.get(":path") ?? "", [
        ...(authority === undefined ? [] : [["host", authority] as const]),
        ...headers,
      ]);
    }
    if ((flags & FLAG.endStream) !== 0) this.#half(stream, exchange, "from", wallMs);
  }

  #answerHeaders({ stream, flags, beganMs }: Frame, { pseudo, headers }: HeaderBlock, wallMs: number): void {
    const exchange = this.#streams.get(stream);
    if (exchange === undefined) return;
    const status = pseudo.get(":status");
    if (status === undefined) {
      exchange.trailers(headers);
    } else {
      exchange.answerBegan(beganMs);
      if (Number(status) >= 200) exchange.answerHead(Number(status), "", headers);
    }
    if ((flags & FLAG.endStream) !== 0) this.#half(stream, exchange, "to", wallMs);
  }

  #data(side: Side, frame: Frame, wallMs: number): void {
    const exchange = this.#streams.get(frame.stream);
    if (exchange === undefined) return;
    const half = side === "from" ? "request" : "response";
    // A gRPC message with a hole is cut at the right places, and does not decode.
    exchange.body(half, contentOf(frame), wallMs);
    if (frame.missing > 0) exchange.missing(half, frame.missing);
    if ((frame.flags & FLAG.endStream) !== 0) this.#half(frame.stream, exchange, side, wallMs);
  }

  #half(stream: number, exchange: OpenExchange, side: Side, wallMs: number): void {
    if (side === "from") exchange.requestEnded(wallMs);
    else exchange.answerEnded(wallMs);
    // A gRPC call is over with its status, whether or not the client has said that it sends nothing more.
    if (exchange.isAnswered && (exchange.isRequestDone || exchange.isGrpc))
      this.#end(stream, { how: "answered" }, wallMs);
  }

  #reset(side: Side, { stream, payload }: Frame, wallMs: number): void {
    const exchange = this.#streams.get(stream);
    if (exchange === undefined) return;
    // A server that has answered may say that it does not need the rest of the request.
    const how: ExchangeEnd = exchange.isAnswered
      ? { how: "answered" }
      : { how: "reset", by: side, detail: nameOf(payload.readUInt32BE(0)) };
    this.#end(stream, how, wallMs);
  }

  /** Streams after the last one that the server has looked at are not answered. */
  #goAway(side: Side, { payload }: Frame, wallMs: number): void {
    if (side === "from") return;
    const last = payload.readUInt32BE(0) & 0x7fffffff;
    const detail = `GOAWAY ${nameOf(payload.readUInt32BE(4))}`;
    for (const stream of this.#streams.keys()) {
      if (stream > last) this.#end(stream, { how: "closed", by: "to", detail }, wallMs);
    }
  }

  #end(stream: number, how: ExchangeEnd, wallMs: number): void {
    const exchange = this.#streams.get(stream);
    this.#streams.delete(stream);
    if (exchange !== undefined) this.#host.ended(exchange, how, wallMs);
  }
}

function newDirection(): Direction {
  return { frames: new Http2Frames(), blocks: new HeaderBlocks(), block: undefined };
}

function nameOf(error: number): string {
  return ERRORS[error] ?? `error ${error}`;
}
