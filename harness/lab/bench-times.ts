interface Asked {
  readonly expectedMs: number;
  beganMs: number | undefined;
}

/** When a trial can be expected to end that is asked for now: a model of the laboratory's benches and its queue. */
export class BenchTimes {
  readonly #now: () => number;
  readonly #asked = new Set<Asked>();

  constructor(now: () => number) {
    this.#now = now;
  }

  get outstanding(): number {
    return this.#asked.size;
  }

  /**
   * A trial is asked for, and lasts about so long once it has begun.
   * @returns to be called when it has ended.
   */
  ask(expectedMs: number, atOnce: number): () => void {
    const asked: Asked = { expectedMs, beganMs: undefined };
    this.#asked.add(asked);
    this.#begin(atOnce);
    return () => {
      this.#asked.delete(asked);
      this.#begin(atOnce);
    };
  }

  /** When, from now, all of these would be done if they were asked for one after the other; what is asked for already goes before. */
  untilDoneMs(expectedMs: readonly number[], atOnce: number): number {
    const benches = this.#freeInMs(atOnce);
    let last = 0;
    for (const length of expectedMs) last = Math.max(last, place(benches, length));
    return last;
  }

  /** Whoever was asked first begins first, as far as there are benches. */
  #begin(atOnce: number): void {
    let running = [...this.#asked].filter(({ beganMs }) => beganMs !== undefined).length;
    for (const asked of this.#asked) {
      if (running >= atOnce) return;
      if (asked.beganMs !== undefined) continue;
      asked.beganMs = this.#now();
      running++;
    }
  }

  #freeInMs(atOnce: number): number[] {
    const benches = Array.from({ length: Math.max(1, Math.floor(atOnce)) }, () => 0);
    const now = this.#now();
    // What has begun is further than what waits.
    const begun = [...this.#asked].toSorted(
      (one, other) => (one.beganMs ?? Infinity) - (other.beganMs ?? Infinity) || 0,
    );
    for (const { expectedMs, beganMs } of begun) {
      place(benches, beganMs === undefined ? expectedMs : Math.max(0, expectedMs - (now - beganMs)));
    }
    return benches;
  }
}

/** On the bench that is free first; returns when it is done there. */
function place(benches: number[], lengthMs: number): number {
  const first = Math.min(...benches);
  const done = first + lengthMs;
  benches[benches.indexOf(first)] = done;
  return done;
}
