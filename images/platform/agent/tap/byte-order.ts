import type { Segment } from "./segment.ts";

/** What a direction of a connection tells, in the order of its bytes. */
export interface ByteConsumer {
  /** The next bytes. */
  bytes(bytes: Buffer, wallMs: number): void;
  /** So many bytes are missing here, and never come. */
  missing(count: number, wallMs: number): void;
}

/** So much that is ahead of a hole is kept; no receiver's window is larger. */
const MOST_AHEAD_BYTES = 8 << 20;

/**
 * One direction of a connection: puts its bytes in order, whatever order the segments came in, each byte once. A hole is known to
 * be one when the other side has acknowledged what is in it: the receiver has seen it, and the capture has not.
 */
export class ByteOrder {
  readonly #consumer: ByteConsumer;
  /** The next byte's sequence number; `undefined` before the first segment. */
  #next: number | undefined;
  #ahead: Segment[] = [];
  #aheadBytes = 0;
  #finAt: number | undefined;

  constructor(consumer: ByteConsumer) {
    this.#consumer = consumer;
  }

  /** Everything up to the end that the sender has given it was handed on. */
  get isFinished(): boolean {
    return this.#finAt !== undefined && this.#next !== undefined && !isBefore(this.#next, this.#finAt);
  }

  /** It was seen from its first byte on, or has begun in the middle. */
  get isKnown(): boolean {
    return this.#next !== undefined;
  }

  /** The sender's SYN. */
  open(sequence: number): void {
    this.#next = add(sequence, 1);
  }

  take(segment: Segment): void {
    const { sequence, payload, cutOff, fin } = segment;
    this.#next ??= sequence;
    if (fin) this.#finAt = add(sequence, payload.length + cutOff);
    if (payload.length + cutOff === 0) return;
    this.#ahead.push(segment);
    this.#aheadBytes += payload.length;
    this.#drain();
    if (this.#aheadBytes > MOST_AHEAD_BYTES) this.#skipTo(this.#firstAhead(), segment.wallMs);
  }

  /** The other side has everything before this. */
  acknowledged(sequence: number, wallMs: number): void {
    if (this.#next === undefined || !isBefore(this.#next, sequence)) return;
    // The end of the sender's bytes is acknowledged as if it were one.
    const end = this.#finAt !== undefined && sequence === add(this.#finAt, 1) ? this.#finAt : sequence;
    while (this.#next !== undefined && isBefore(this.#next, end)) {
      const first = this.#firstAhead();
      this.#skipTo(first !== undefined && isBefore(first, end) ? first : end, wallMs);
    }
  }

  #firstAhead(): number | undefined {
    return this.#ahead.reduce<number | undefined>(
      (first, { sequence }) => (first === undefined || isBefore(sequence, first) ? sequence : first),
      undefined,
    );
  }

  #skipTo(sequence: number | undefined, wallMs: number): void {
    if (sequence === undefined || this.#next === undefined) return;
    const count = distance(this.#next, sequence);
    this.#next = sequence;
    if (count > 0) this.#consumer.missing(count, wallMs);
    this.#drain();
  }

  #drain(): void {
    for (;;) {
      const index = this.#ahead.findIndex(
        ({ sequence }) => this.#next !== undefined && !isBefore(this.#next, sequence),
      );
      const [segment] = index < 0 ? [] : this.#ahead.splice(index, 1);
      if (segment === undefined || this.#next === undefined) return;
      this.#aheadBytes -= segment.payload.length;
      this.#hand(segment, this.#next);
    }
  }

  /** What of it is new. */
  #hand({ sequence, payload, cutOff, wallMs }: Segment, next: number): void {
    const known = distance(sequence, next);
    const total = payload.length + cutOff;
    if (known >= total) return;
    this.#next = add(sequence, total);
    if (known < payload.length) this.#consumer.bytes(payload.subarray(known), wallMs);
    const cut = Math.min(cutOff, total - known);
    if (cut > 0) this.#consumer.missing(cut, wallMs);
  }
}

const MODULUS = 2 ** 32;

function add(sequence: number, count: number): number {
  return (sequence + count) % MODULUS;
}

/** From `from` on to `to`, for numbers less than half the circle apart; negative backwards. */
function distance(from: number, to: number): number {
  return (to - from) | 0;
}

function isBefore(a: number, b: number): boolean {
  return distance(a, b) > 0;
}
