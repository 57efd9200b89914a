/** A span of time in which the engine starts something; milliseconds, from the trial's time zero. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A trial's place in the timetable. */
export interface Booking {
  /** When the trial's schedule begins, on the clock of `performance.now()`. */
  readonly zeroMs: number;
  /** The trial has made its starts, or never will. */
  release(): void;
}

/**
 * When the schedules of trials that run at the same time begin: none of one trial's starts and steps falls into those of
 * another, since the engine and the machine do one after the other and the second would be late.
 */
export class Timetable {
  readonly #booked = new Map<symbol, readonly Span[]>();

  /** Takes the first time from `earliestMs` on at which all spans are free. */
  book(spans: readonly Span[], earliestMs: number): Booking {
    const zeroMs = firstFreeZero(spans, [...this.#booked.values()].flat(), earliestMs);
    const key = Symbol("booking");
    this.#booked.set(
      key,
      spans.map(({ fromMs, toMs }) => ({ fromMs: fromMs + zeroMs, toMs: toMs + zeroMs })),
    );
    return { zeroMs, release: () => void this.#booked.delete(key) };
  }
}

/** The least zero ≥ `earliestMs` at which none of `spans` overlaps one of `taken`. */
export function firstFreeZero(spans: readonly Span[], taken: readonly Span[], earliestMs: number): number {
  // At the least zero either nothing is in the way at the earliest time, or one span begins where a taken one ends.
  const candidates = taken
    .flatMap((one) => spans.map(({ fromMs }) => one.toMs - fromMs))
    .filter((zeroMs) => zeroMs > earliestMs)
    .toSorted((a, b) => a - b);
  const free = [earliestMs, ...candidates].find((zeroMs) =>
    spans.every((span) =>
      taken.every(({ fromMs, toMs }) => span.fromMs + zeroMs >= toMs || span.toMs + zeroMs <= fromMs),
    ),
  );
  return free ?? earliestMs;
}
