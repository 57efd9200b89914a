import type { Exchange, TapGap } from "../../../../../harness/timeline/exchange.ts";
import { MessageTypes } from "../message-types.ts";
import { SecretMask } from "../secret-mask.ts";
import { WireNames } from "../wire-names.ts";
import { WireReader } from "../wire-reader.ts";

/** What a reader told of a wire. */
export interface Seen {
  readonly exchanges: readonly Exchange[];
  readonly open: readonly Exchange[];
  readonly gaps: readonly TapGap[];
}

export interface WireOptions {
  readonly secrets?: readonly string[];
  readonly bodyLimitBytes?: number;
  readonly types?: MessageTypes;
  readonly containers?: readonly string[];
}

/** A wire between a client at port 40,000 and a server at 9000, as a capture of the loopback would have it. */
export class Wire {
  readonly seen: { exchanges: Exchange[]; open: Exchange[]; gaps: TapGap[] } = {
    exchanges: [],
    open: [],
    gaps: [],
  };
  readonly reader: WireReader;
  #wallMs = 1_000_000;

  constructor({
    secrets = [],
    bodyLimitBytes = 1024,
    types = new MessageTypes(),
    containers = ["main", "dapr"],
  }: WireOptions = {}) {
    this.reader = new WireReader({
      manner: { bodyLimitBytes, mask: new SecretMask(secrets), types },
      names: new WireNames({
        containers,
        ports: { 9000: "main", 3500: "dapr" },
        identity: { address: "169.254.129.2", port: 8081 },
      }),
      sink: {
        exchange: (exchange) => this.seen.exchanges.push(exchange),
        open: (exchange) => this.seen.open.push(exchange),
        gap: (gap) => this.seen.gaps.push(gap),
      },
    });
  }

  get wallMs(): number {
    return this.#wallMs;
  }

  pass(ms: number): void {
    this.#wallMs += ms;
  }

  packet(bytes: Buffer, length = bytes.length): void {
    this.#wallMs += 1;
    this.reader.packet({ wallMs: this.#wallMs, bytes, length });
  }

  connect(options: Partial<ConnectionEnds> = {}): TestConnection {
    const connection = this.join(options);
    connection.open();
    return connection;
  }

  /** A connection whose beginning nobody sees. */
  join(options: Partial<ConnectionEnds> = {}): TestConnection {
    return new TestConnection((bytes, length) => this.packet(bytes, length), {
      client: { address: "127.0.0.1", port: 40_000 },
      server: { address: "127.0.0.1", port: 9000 },
      ...options,
    });
  }
}

interface ConnectionEnds {
  readonly client: { readonly address: string; readonly port: number };
  readonly server: { readonly address: string; readonly port: number };
}

const FLAGS = { fin: 1, syn: 2, reset: 4, push: 8, ack: 16 } as const;

/** Both ends of a connection, as they send. Sequence numbers begin close to where they begin anew. */
export class TestConnection {
  readonly #send: (bytes: Buffer, length?: number) => void;
  readonly #ends: ConnectionEnds;
  readonly #next = { client: 2 ** 32 - 3, server: 2 ** 32 - 7 };

  constructor(send: (bytes: Buffer, length?: number) => void, ends: ConnectionEnds) {
    this.#send = send;
    this.#ends = ends;
  }

  open(): void {
    this.#emit("client", FLAGS.syn, Buffer.alloc(0));
    this.#advance("client", 1);
    this.#emit("server", FLAGS.syn | FLAGS.ack, Buffer.alloc(0));
    this.#advance("server", 1);
  }

  client(text: string | Buffer): void {
    this.#write("client", text);
  }

  server(text: string | Buffer): void {
    this.#write("server", text);
  }

  /** It is sent, and nobody sees it; the other side acknowledges it. */
  unseen(side: "client" | "server", text: string | Buffer): void {
    this.#advance(side, Buffer.byteLength(text));
    this.#emit(side === "client" ? "server" : "client", FLAGS.ack, Buffer.alloc(0));
  }

  /** Segments as they will be sent, to be sent in any order. */
  prepare(side: "client" | "server", text: string | Buffer): () => void {
    const at = this.#next[side];
    const bytes = Buffer.from(text as string);
    this.#advance(side, bytes.length);
    return () => this.#emit(side, FLAGS.push, bytes, at);
  }

  fin(side: "client" | "server"): void {
    this.#emit(side, FLAGS.fin | FLAGS.ack, Buffer.alloc(0));
    this.#advance(side, 1);
  }

  reset(side: "client" | "server"): void {
    this.#emit(side, FLAGS.reset, Buffer.alloc(0));
  }

  #write(side: "client" | "server", text: string | Buffer): void {
    const bytes = Buffer.from(text as string);
    this.#emit(side, FLAGS.push | FLAGS.ack, bytes);
    this.#advance(side, bytes.length);
  }

  #advance(side: "client" | "server", count: number): void {
    this.#next[side] = (this.#next[side] + count) % 2 ** 32;
  }

  #emit(side: "client" | "server", flags: number, payload: Buffer, at = this.#next[side]): void {
    const other = side === "client" ? "server" : "client";
    const tcp = Buffer.alloc(20);
    tcp.writeUInt16BE(this.#ends[side].port, 0);
    tcp.writeUInt16BE(this.#ends[other].port, 2);
    tcp.writeUInt32BE(at, 4);
    tcp.writeUInt32BE((flags & FLAGS.ack) === 0 ? 0 : this.#next[other], 8);
    tcp.writeUInt8(5 << 4, 12);
    tcp.writeUInt8(flags, 13);
    this.#send(frame(this.#ends[side].address, this.#ends[other].address, Buffer.concat([tcp, payload])));
  }
}

function frame(source: string, destination: string, transport: Buffer): Buffer {
  const isV6 = source.includes(":");
  const ip = isV6 ? Buffer.alloc(40) : Buffer.alloc(20);
  if (isV6) {
    ip.writeUInt8(6 << 4, 0);
    ip.writeUInt16BE(transport.length, 4);
    ip.writeUInt8(6, 6);
    // Only the loopback's own address is needed.
    ip.writeUInt8(1, 23);
    ip.writeUInt8(1, 39);
  } else {
    ip.writeUInt8(0x45, 0);
    ip.writeUInt16BE(20 + transport.length, 2);
    ip.writeUInt8(6, 9);
    ip.set(source.split(".").map(Number), 12);
    ip.set(destination.split(".").map(Number), 16);
  }
  const link = Buffer.alloc(14);
  link.writeUInt16BE(isV6 ? 0x86dd : 0x0800, 12);
  return Buffer.concat([link, ip, transport]);
}
