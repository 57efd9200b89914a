import { delay } from "../../shared/clock.ts";

/** A span of time in which the machine has something to do; milliseconds, from the time zero of whoever books it. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A place in the timetable. */
export interface Booking {
  /** Time zero of what was booked, on the clock of `performance.now()`. */
  readonly zeroMs: number;
  /** It is done, or never will be. */
  release(): void;
}

export interface TrialBooking {
  readonly earliestMs: number;
  /** So long before and after each span nothing else may be; default 0. Two that both ask for it share what is between them. */
  readonly quietMs?: number;
}

export interface WorkOptions {
  /** It waits no longer for its time, whatever is in its way then; default: as long as it must. */
  readonly longestWaitMs?: number;
  readonly signal?: AbortSignal | undefined;
}

export interface WorkBooking {
  readonly earliestMs: number;
  /** Work that can't wait longer is done then, whatever is in its way; default: it waits as long as it must. */
  readonly latestMs?: number;
}

/**
 * When the schedules of trials that run at the same time begin, and when the work around them is done: nothing else falls into the
 * starts and steps of a trial, since the engine and the machine do one after the other and the second would be late. Work has no
 * time that it could miss: it may fall into other work.
 */
export class Timetable {
  readonly #trials = new Map<symbol, Booked>();
  readonly #work = new Map<symbol, Booked>();

  /** Takes the first time at which all spans of a trial are free. */
  book(spans: readonly Span[], { earliestMs, quietMs = 0 }: TrialBooking): Booking {
    const taken = [...keptFree(this.#trials, quietMs), ...keptFree(this.#work, quietMs)];
    return put(this.#trials, { spans, quietMs }, firstFreeZero(spans, taken, earliestMs));
  }

  /** Takes the first time at which no trial starts anything for so long. */
  bookWork(lengthMs: number, { earliestMs, latestMs = Infinity }: WorkBooking): Booking {
    const spans = [{ fromMs: 0, toMs: lengthMs }];
    const freeMs = firstFreeZero(spans, keptFree(this.#trials, 0), earliestMs);
    return put(this.#work, { spans, quietMs: 0 }, Math.min(freeMs, Math.max(earliestMs, latestMs)));
  }

  /**
   * Does work at the first such time, into which no trial is booked until it is done.
   * @param typicallyMs how long the work keeps the machine busy: so much is booked.
   * @throws what `work` throws; the signal's reason before the work has begun.
   */
  async doWork<T>(
    typicallyMs: number,
    work: () => Promise<T>,
    { longestWaitMs = Infinity, signal }: WorkOptions = {},
  ): Promise<T> {
    const earliestMs = performance.now();
    const booking = this.bookWork(typicallyMs, { earliestMs, latestMs: earliestMs + longestWaitMs });
    try {
      await delay(booking.zeroMs - earliestMs, signal);
      return await work();
    } finally {
      booking.release();
    }
  }
}

interface Booked {
  readonly spans: readonly Span[];
  readonly quietMs: number;
}

/** What is booked, each span with the quiet that it or who asks wants beside it. */
function keptFree(booked: ReadonlyMap<symbol, Booked>, quietMs: number): readonly Span[] {
  return [...booked.values()].flatMap((one) => {
    const gapMs = Math.max(quietMs, one.quietMs);
    return one.spans.map(({ fromMs, toMs }) => ({ fromMs: fromMs - gapMs, toMs: toMs + gapMs }));
  });
}

function put(booked: Map<symbol, Booked>, { spans, quietMs }: Booked, zeroMs: number): Booking {
  const key = Symbol("booking");
  const own = spans.map(({ fromMs, toMs }) => ({ fromMs: fromMs + zeroMs, toMs: toMs + zeroMs }));
  booked.set(key, { spans: own, quietMs });
  return { zeroMs, release: () => void booked.delete(key) };
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
