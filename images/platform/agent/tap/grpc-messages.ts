import { gunzipSync, inflateSync } from "node:zlib";

/** A gRPC message as it was on the wire. */
export interface RawMessage {
  readonly wallMs: number;
  readonly size: number;
  /** Decompressed where it was compressed in a way that is known; cut where `truncated`. */
  readonly bytes: Buffer;
  readonly truncated: boolean;
  /** The bytes are still compressed. */
  readonly opaque: boolean;
}

const PREFIX_BYTES = 5;
const MOST_DECODED_BYTES = 16 << 20;

/** Cuts one direction of a gRPC call into its messages: each has a prefix of a flag and a length. */
export class GrpcMessages {
  readonly #limitBytes: number;
  #prefix = Buffer.alloc(0);
  #pieces: Buffer[] = [];
  #kept = 0;
  #expected: number | undefined;
  #came = 0;

  /** @param limitBytes so much of a message is kept. */
  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** The messages that are whole now. @param encoding the head's `grpc-encoding` */
  push(bytes: Buffer, wallMs: number, encoding: string | undefined): readonly RawMessage[] {
    const messages: RawMessage[] = [];
    let rest = bytes;
    for (;;) {
      if (this.#expected === undefined) {
        const wanted = PREFIX_BYTES - this.#prefix.length;
        this.#prefix = Buffer.concat([this.#prefix, rest.subarray(0, wanted)]);
        rest = rest.subarray(wanted);
        if (this.#prefix.length < PREFIX_BYTES) return messages;
        this.#expected = this.#prefix.readUInt32BE(1);
      }
      const part = rest.subarray(0, this.#expected - this.#came);
      rest = rest.subarray(part.length);
      this.#keep(part);
      if (this.#came < this.#expected) return messages;
      messages.push(this.#message(wallMs, encoding));
    }
  }

  #keep(part: Buffer): void {
    this.#came += part.length;
    const kept = Buffer.from(part.subarray(0, Math.max(0, this.#limitBytes - this.#kept)));
    if (kept.length === 0) return;
    this.#pieces.push(kept);
    this.#kept += kept.length;
  }

  #message(wallMs: number, encoding: string | undefined): RawMessage {
    const whole = Buffer.concat(this.#pieces);
    const size = this.#came;
    const compressed = this.#prefix.readUInt8(0) === 1;
    const truncated = size > whole.length;
    const decoded = compressed && !truncated ? decompress(whole, encoding) : undefined;
    this.#prefix = Buffer.alloc(0);
    this.#pieces = [];
    this.#kept = 0;
    this.#came = 0;
    this.#expected = undefined;
    return { wallMs, size, bytes: decoded ?? whole, truncated, opaque: compressed && decoded === undefined };
  }
}

function decompress(bytes: Buffer, encoding: string | undefined): Buffer | undefined {
  const options = { maxOutputLength: MOST_DECODED_BYTES };
  try {
    if (encoding === "gzip") return gunzipSync(bytes, options);
    if (encoding === "deflate") return inflateSync(bytes, options);
    return undefined;
  } catch {
    return undefined;
  }
}
