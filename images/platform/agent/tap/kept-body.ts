import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import type { WireBody } from "../../../../harness/timeline/exchange.ts";

/** Kept beyond the limit, so that a secret that stands across it is masked as a whole. */
const BEYOND_BYTES = 4096;

/** A body as it comes: its beginning, and the size of all of it. */
export class KeptBody {
  readonly #limitBytes: number;
  #pieces: Buffer[] = [];
  #kept = 0;
  #size = 0;
  #missing = 0;
  #isDropped = false;

  /** @param limitBytes so much of it is kept. */
  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  get size(): number {
    return this.#size;
  }

  add(bytes: Buffer): void {
    this.#size += bytes.length;
    const room = this.#limitBytes + BEYOND_BYTES - this.#kept;
    if (this.#isDropped || room <= 0 || bytes.length === 0) return;
    // Copied: what was captured is a part of a much larger piece of memory.
    const piece = Buffer.from(bytes.subarray(0, room));
    this.#pieces.push(piece);
    this.#kept += piece.length;
  }

  /** So many of the bytes that were added were not seen: zeros stand for them. */
  missing(count: number): void {
    this.#missing += count;
  }

  /** The bytes are not needed, for they are told of in another way. */
  dropBytes(): void {
    this.#pieces = [];
    this.#isDropped = true;
  }

  /** @param encoding the head's `content-encoding`. */
  toJson(
    encoding: string | undefined,
    mask: { text(text: string): string; bytes(bytes: Buffer): Buffer },
  ): WireBody {
    const size = this.#size;
    const missing = this.#missing === 0 ? {} : { missing: this.#missing };
    if (this.#isDropped) return { size, truncated: false, ...missing };
    const whole = Buffer.concat(this.#pieces);
    const bytes = size === whole.length ? this.#decoded(whole, encoding) : whole;
    const truncated = size > this.#limitBytes || bytes.length > this.#limitBytes;
    if (bytes.length === 0) return { size, truncated, ...missing };
    const text = textOf(bytes, size > whole.length);
    const limit = this.#limitBytes;
    return text === undefined
      ? { size, truncated, base64: mask.bytes(bytes).subarray(0, limit).toString("base64"), ...missing }
      : { size, truncated, text: cut(mask.text(text), limit), ...missing };
  }

  #decoded(bytes: Buffer, encoding: string | undefined): Buffer {
    const decode = DECODERS.get((encoding ?? "").trim().toLowerCase());
    if (decode === undefined || bytes.length === 0) return bytes;
    try {
      return decode(bytes, { maxOutputLength: this.#limitBytes * 16 });
    } catch {
      // Not what its head says it is, or very much larger: it is shown as it came.
      return bytes;
    }
  }
}

const DECODERS: ReadonlyMap<string, typeof gunzipSync> = new Map([
  ["gzip", gunzipSync],
  ["x-gzip", gunzipSync],
  ["deflate", inflateSync],
  ["br", brotliDecompressSync],
]);

/** `undefined`: not UTF-8. @param isCut its end is missing, perhaps in the middle of a character. */
function textOf(bytes: Buffer, isCut: boolean): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes, { stream: isCut });
  } catch {
    return undefined;
  }
}

/** The beginning of a text that takes no more bytes than this, with whole characters. */
function cut(text: string, limitBytes: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= limitBytes) return text;
  return new TextDecoder("utf-8", { fatal: false }).decode(bytes.subarray(0, limitBytes), { stream: true });
}
