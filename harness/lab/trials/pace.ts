/** What was seen of the machine in the last seconds. */
export interface MachineLook {
  /** Share of the processors' time that was used, 0–1. */
  readonly busy: number;
  readonly availableBytes: number;
  readonly totalBytes: number;
}

export interface PaceOptions {
  /** The most trials at a time; default: what the machine bears. */
  readonly mostAtOnce?: number;
  /** A trial later than this does not count. */
  readonly latenessBoundMs: number;
  /** How many to begin with. */
  readonly first: number;
}

const ROOM = 0.7;
/** A machine that is busier than this gets no more to do. */
const BUSY_ENOUGH = 0.85;
/** So much of the memory stays free. */
const MEMORY_LEFT = 0.15;
/** What one bench takes at most, with its trial: storage, agent, and a few small programs. */
export const BENCH_BYTES = 512 * 1024 ** 2;
/** On a machine that is rather busy, as many trials as this, or as run at a time where that is more, are looked at before the number grows. */
const LEAST_LOOKS = 2;
/** Lateness beyond this share of the bound is a warning: the number grows no more. */
const NEAR_THE_BOUND = 0.8;
const SHRINK = 0.75;

/** Little enough busy: what made a trial late was not how many there were. */
export function hasRoom({ busy }: MachineLook): boolean {
  return busy < ROOM;
}

/**
 * How many trials run at a time. While the processors have room: one more after every trial in time, one fewer after one that was
 * late, for whatever it was that made those late that ran beside it. Beyond that: one more after every round in which none was late, a quarter fewer when one was too late. Like TCP's slow start
 * and congestion window, and for their reason: the limit is not known, moves, and is seen only by reaching it.
 */
export class Pace {
  readonly #options: PaceOptions;
  readonly #recent: number[] = [];
  #atOnce: number;
  #most: number;
  /** Trials that had begun before the number shrank say nothing of the new one. */
  #ignored = 0;
  /** One moment in which the machine or the harness stood still makes all late that run then, and is one reason to shrink. */
  #alike = 0;

  constructor(options: PaceOptions) {
    this.#options = options;
    this.#atOnce = Math.min(options.first, options.mostAtOnce ?? Infinity);
    this.#most = this.#atOnce;
  }

  /** How many may run now. */
  get atOnce(): number {
    return this.#atOnce;
  }

  /** The most that were ever allowed. */
  get most(): number {
    return this.#most;
  }

  /** A trial has ended. @param running how many others still run. */
  ended(latenessMs: number, running: number, machine: MachineLook): void {
    if (this.#ignored > 0) {
      this.#ignored--;
      return;
    }
    const { latenessBoundMs, mostAtOnce = Infinity } = this.#options;
    const room = hasRoom(machine);
    const isAlike = room && this.#alike > 0;
    this.#alike = Math.max(0, this.#alike - 1);
    if (latenessMs > latenessBoundMs) {
      if (isAlike) return;
      this.#become(room ? this.#atOnce - 1 : Math.floor(this.#atOnce * SHRINK));
      if (room) this.#alike = running;
      else this.#ignored = running;
      return;
    }
    if (machine.availableBytes < machine.totalBytes * MEMORY_LEFT) {
      this.#become(this.#atOnce - 1);
      return;
    }
    this.#recent.push(latenessMs);
    if (this.#recent.length < (room ? 1 : Math.max(LEAST_LOOKS, this.#atOnce))) return;
    const nearTheBound = !room && this.#recent.some((one) => one > latenessBoundMs * NEAR_THE_BOUND);
    const fits = machine.availableBytes - machine.totalBytes * MEMORY_LEFT > BENCH_BYTES;
    if (nearTheBound || machine.busy > BUSY_ENOUGH || !fits) this.#recent.length = 0;
    else this.#become(Math.min(mostAtOnce, this.#atOnce + 1));
  }

  #become(atOnce: number): void {
    this.#atOnce = Math.max(1, atOnce);
    this.#most = Math.max(this.#most, this.#atOnce);
    this.#recent.length = 0;
  }
}
