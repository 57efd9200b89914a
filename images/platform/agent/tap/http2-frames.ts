/** A frame as it was on the wire. */
export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
  /** So many of the payload's bytes were not seen; zeros stand for them. */
  readonly missing: number;
  /** When its first byte came. */
  readonly beganMs: number;
}

export const FRAME = {
  data: 0,
  headers: 1,
  resetStream: 3,
  pushPromise: 5,
  goAway: 7,
  continuation: 9,
} as const;

export const FLAG = { endStream: 0x1, endHeaders: 0x4, padded: 0x8, priority: 0x20 } as const;

const HEAD_BYTES = 9;
/** Every type that RFC 9113 and its extensions in use have is below. */
const HIGHEST_TYPE = 0x20;

/** Cuts one direction of an HTTP/2 connection into its frames. */
export class Http2Frames {
  #pieces: Buffer[] = [];
  #size = 0;
  #missing = 0;
  #beganMs = 0;

  /** The frames that are whole now. @throws {Error} for what can be no frame. */
  push(bytes: Buffer, wallMs: number): readonly Frame[] {
    if (this.#size === 0) this.#beganMs = wallMs;
    this.#pieces.push(bytes);
    this.#size += bytes.length;
    const expected = this.#expected();
    if (expected === undefined || this.#size < expected) return [];
    const all = Buffer.concat(this.#pieces);
    const frames: Frame[] = [];
    let offset = 0;
    for (;;) {
      const end = endOf(all, offset);
      if (end === undefined || end > all.length) break;
      frames.push(this.#frame(all.subarray(offset, end)));
      offset = end;
      this.#beganMs = wallMs;
    }
    this.#pieces = [all.subarray(offset)];
    this.#size = all.length - offset;
    return frames;
  }

  /**
   * Bytes that nobody saw. The frames that this makes whole; `undefined`: they were not all within one frame's data, so nothing is
   * known of what comes next.
   */
  miss(count: number, wallMs: number): readonly Frame[] | undefined {
    const expected = this.#expected();
    if (expected === undefined || this.#size + count > expected) return undefined;
    if (this.#head().readUInt8(3) !== FRAME.data) return undefined;
    this.#missing += count;
    return this.push(Buffer.alloc(count), wallMs);
  }

  /** How long the frame is that has begun. */
  #expected(): number | undefined {
    return this.#size < HEAD_BYTES ? undefined : endOf(this.#head(), 0);
  }

  #head(): Buffer {
    const [first] = this.#pieces;
    if (first !== undefined && first.length >= HEAD_BYTES) return first;
    const all = Buffer.concat(this.#pieces);
    this.#pieces = [all];
    return all;
  }

  #frame(bytes: Buffer): Frame {
    const missing = this.#missing;
    this.#missing = 0;
    return {
      type: bytes.readUInt8(3),
      flags: bytes.readUInt8(4),
      stream: bytes.readUInt32BE(5) & 0x7fffffff,
      payload: bytes.subarray(HEAD_BYTES),
      missing,
      beganMs: this.#beganMs,
    };
  }
}

function endOf(bytes: Buffer, offset: number): number | undefined {
  if (bytes.length - offset < HEAD_BYTES) return undefined;
  const type = bytes.readUInt8(offset + 3);
  if (type > HIGHEST_TYPE) throw new Error(`a frame of type ${type}`);
  return offset + HEAD_BYTES + bytes.readUIntBE(offset, 3);
}

/** What a frame carries, without its padding and priority. @throws {Error} for padding that is longer than the frame. */
export function contentOf({ type, flags, payload }: Frame): Buffer {
  let from = 0;
  let padding = 0;
  if ((flags & FLAG.padded) !== 0) padding = payload.readUInt8(from++);
  if (type === FRAME.headers && (flags & FLAG.priority) !== 0) from += 5;
  if (type === FRAME.pushPromise) from += 4;
  if (from + padding > payload.length) throw new Error("a frame with more padding than it has bytes");
  return payload.subarray(from, payload.length - padding);
}
