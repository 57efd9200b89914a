/** What was seen of the machine since the last look. */
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

/** A machine that is busier than this gets no more to do. */
const BUSY_ENOUGH = 0.85;
/** So much of the memory stays free. */
const MEMORY_LEFT = 0.15;
/** What one bench takes at most, with its trial: storage, agent, and a few small programs. */
const BENCH_BYTES = 512 * 1024 ** 2;
/** As many trials as this, or as run at a time where that is more, are looked at before the number grows. */
const LEAST_LOOKS = 2;
/** While no limit has been seen. */
const LOOKS_WHILE_SEARCHING = 1;
/** Lateness beyond this share of the bound is a warning: the number grows no more. */
const NEAR_THE_BOUND = 0.8;
const SHRINK = 0.75;

/**
 * How many trials run at a time: at first one more after every trial in time, until the first sign of a limit; from then
 * on one more after every round in which none was late and the machine had time and memory left; a quarter fewer when one was
 * too late. Like TCP's slow start and congestion window, and for their reason: the limit is not known, moves, and is seen only
 * by reaching it.
 */
export class Pace {
  readonly #options: PaceOptions;
  readonly #recent: number[] = [];
  #atOnce: number;
  #most: number;
  #ended = 0;
  /** No limit has been seen yet. */
  #searching = true;
  /** Trials that had begun before the number shrank say nothing of the new one. */
  #ignored = 0;

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
    this.#recent.push(latenessMs);
    this.#ended++;
    const { latenessBoundMs, mostAtOnce = Infinity } = this.#options;
    if (latenessMs > latenessBoundMs) {
      this.#searching = false;
      this.#become(Math.max(1, Math.floor(this.#atOnce * SHRINK)));
      this.#ignored = running;
      return;
    }
    if (machine.availableBytes < machine.totalBytes * MEMORY_LEFT) {
      this.#become(Math.max(1, this.#atOnce - 1));
      return;
    }
    if (this.#ended < (this.#searching ? LOOKS_WHILE_SEARCHING : Math.max(LEAST_LOOKS, this.#atOnce))) return;
    const nearTheBound = this.#recent.some((one) => one > latenessBoundMs * NEAR_THE_BOUND);
    const room = machine.availableBytes - machine.totalBytes * MEMORY_LEFT > BENCH_BYTES;
    if (nearTheBound || machine.busy > BUSY_ENOUGH || !room) {
      this.#searching = false;
      this.#forget();
    } else this.#become(Math.min(mostAtOnce, this.#atOnce + 1));
  }

  #become(atOnce: number): void {
    this.#atOnce = atOnce;
    this.#most = Math.max(this.#most, atOnce);
    this.#forget();
  }

  #forget(): void {
    this.#recent.length = 0;
    this.#ended = 0;
  }
}
