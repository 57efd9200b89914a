import type { ExchangeEnd, TapGap } from "../../../../harness/timeline/exchange.ts";
import type { Side, WireSink } from "./connection-reader.ts";
import { OpenExchange, type ExchangeManner } from "./open-exchange.ts";
import type { CapturedPacket } from "./pcap-reader.ts";
import { decodePacket, type Datagram, type Endpoint, type Segment } from "./segment.ts";
import { SPEAKS_FIRST, TcpConnection } from "./tcp-connection.ts";
import type { WireNames } from "./wire-names.ts";

export interface WireReaderOptions {
  readonly manner: ExchangeManner;
  readonly names: WireNames;
  readonly sink: WireSink;
  readonly onDatagram?: (datagram: Datagram) => void;
}

/** An exchange that goes on for so long is told of before it has ended. */
const TOLD_AFTER_MS = 1000;
/** More connections than this are not kept in mind at a time. */
const MOST_CONNECTIONS = 4096;

/** Makes exchanges of the packets of a namespace's loopback. */
export class WireReader {
  readonly #options: WireReaderOptions;
  readonly #connections = new Map<string, TcpConnection>();
  /** What was told once of a port that does not speak HTTP. */
  readonly #toldPorts = new Set<string>();
  #lastConnection = 0;
  #lastExchange = 0;

  constructor(options: WireReaderOptions) {
    this.#options = options;
  }

  packet(packet: CapturedPacket): void {
    const decoded = decodePacket(packet);
    if (decoded.kind === "tcp") this.#segment(decoded.segment);
    else if (decoded.kind === "udp") this.#options.onDatagram?.(decoded.datagram);
    else this.#options.sink.gap({ reason: "unparsable", packets: 1, detail: decoded.what }, packet.wallMs);
  }

  /** Tells of exchanges that go on for long, each once. @param wallMs the time of the wire */
  tellOpen(wallMs: number): void {
    for (const exchange of this.#open()) {
      if (!exchange.isTold && wallMs - exchange.startMs >= TOLD_AFTER_MS) this.#tell(exchange);
    }
  }

  /** Tells of all that go on, as they are now. */
  tellAllOpen(): void {
    for (const exchange of this.#open()) this.#tell(exchange);
  }

  /** Nothing more comes: what goes on is told as that. */
  end(wallMs: number): void {
    for (const connection of this.#connections.values()) connection.leave(wallMs);
    this.#connections.clear();
  }

  #tell(exchange: OpenExchange): void {
    exchange.isTold = true;
    this.#options.sink.open(exchange.toJson({ how: "open" }));
  }

  *#open(): Generator<OpenExchange> {
    for (const connection of this.#connections.values()) yield* connection.open;
  }

  #segment(segment: Segment): void {
    const { source, destination, syn, acknowledged, reset, payload, wallMs } = segment;
    const sent = keyOf(source, destination);
    const answered = keyOf(destination, source);
    const asks = syn && acknowledged === undefined;
    if (asks) this.#connections.get(sent)?.end({ how: "unknown" }, wallMs);
    let key = !asks && this.#connections.has(answered) ? answered : sent;
    let connection = asks ? undefined : this.#connections.get(key);
    if (connection === undefined) {
      // Nothing of it was seen before, and nothing is to be seen of it: the end of one, or a port that nobody listens on.
      if (!asks && (reset || payload.length === 0)) return;
      const isAsker = asks || this.#looksLikeAsker(source, destination);
      key = isAsker ? sent : answered;
      connection = this.#open_(
        key,
        isAsker ? source : destination,
        isAsker ? destination : source,
        asks,
        wallMs,
      );
    }
    const side: Side = key === sent ? "from" : "to";
    connection.take(side, segment);
    if (connection.isEnded && this.#connections.get(key) === connection) this.#connections.delete(key);
  }

  #open_(key: string, asker: Endpoint, listener: Endpoint, isNew: boolean, wallMs: number): TcpConnection {
    const { names, manner, sink } = this.#options;
    const number = ++this.#lastConnection;
    const to = names.listener(listener);
    const from = names.asker(asker, to);
    const connection = new TcpConnection(
      number,
      { from, to, isNew },
      {
        begin: (stream, protocol, startMs) =>
          new OpenExchange(
            { id: ++this.#lastExchange, connection: number, stream, protocol, from, to, startMs },
            manner,
          ),
        ended: (exchange, end, endMs) => sink.exchange(exchange.toJson(end, endOf(end, endMs))),
        gap: (gap, at) => this.#gap({ ...gap, connection: number, from, to }, at),
      },
    );
    this.#connections.set(key, connection);
    this.#forgetOldest(wallMs);
    return connection;
  }

  /** What a port does not speak is told of once, and not for each of its connections. */
  #gap(gap: TapGap, wallMs: number): void {
    if (gap.reason === "encrypted" || gap.detail.startsWith(SPEAKS_FIRST)) {
      const key = `${gap.reason} ${gap.to?.address} ${gap.to?.port}`;
      if (this.#toldPorts.has(key)) return;
      this.#toldPorts.add(key);
      const detail = `${gap.detail}; its further connections are not told of`;
      this.#options.sink.gap({ ...gap, detail }, wallMs);
      return;
    }
    this.#options.sink.gap(gap, wallMs);
  }

  #forgetOldest(wallMs: number): void {
    if (this.#connections.size <= MOST_CONNECTIONS) return;
    const [oldest] = this.#connections;
    if (oldest === undefined) return;
    const [key, connection] = oldest;
    this.#connections.delete(key);
    const { from, to } = connection;
    const detail = `more than ${MOST_CONNECTIONS} connections are open: the oldest is not looked at any more`;
    this.#options.sink.gap({ reason: "over-limit", from, to, detail }, wallMs);
    connection.end({ how: "unknown" }, wallMs);
  }

  /** Of a connection whose beginning was not seen: the listener's port is known, or else is the lower one. */
  #looksLikeAsker(source: Endpoint, destination: Endpoint): boolean {
    const { names } = this.#options;
    const [known, other] = [names.listensOn(source.port), names.listensOn(destination.port)];
    return known === other ? source.port > destination.port : other;
  }
}

function endOf(end: ExchangeEnd, wallMs: number): number | undefined {
  return end.how === "open" ? undefined : wallMs;
}

function keyOf(from: Endpoint, to: Endpoint): string {
  return `${from.address} ${from.port} ${to.address} ${to.port}`;
}
