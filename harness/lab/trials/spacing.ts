import os from "node:os";

/** So much of the processors' time is for trials; the rest is what lets a start be on time. */
const SHARE = 0.85;
/**
 * What a trial costs, in seconds of a processor, until it was measured: the trial itself, and each small program with its end. Rather
 * more than what is measured mostly (2.0 to 2.4 with two programs): the first ones find nothing in any cache.
 */
const GUESS_OF_TRIAL_S = 0.6;
const GUESS_OF_PROGRAM_S = 1.1;
/** A trial that was late moves the next ones apart, many in time bring them together again: 18 of these undo one of those. */
const WIDEN = 1.2;
const NARROW = 0.99;
const WIDEST = 2.5;

/**
 * How far apart trials begin. Each is a burst of work at its beginning and at its end; as many as are allowed at a time would
 * otherwise begin together, end together, and be late together.
 */
export class Spacing {
  readonly #processors: number;
  #everyMs: number;
  #wider = 1;
  #nextMs = -Infinity;

  /**
   * @param programs how many containers a trial starts.
   * @param processors how many this machine has.
   */
  constructor(programs: number, processors = os.availableParallelism()) {
    this.#processors = processors;
    this.#everyMs = this.#intervalOf(GUESS_OF_TRIAL_S + programs * GUESS_OF_PROGRAM_S);
  }

  /** @param processorSeconds what a trial was seen to cost, on an average. */
  learn(processorSeconds: number): void {
    this.#everyMs = this.#intervalOf(processorSeconds);
  }

  /** A trial has ended. @param isLate because there were too many. */
  ended(isLate: boolean): void {
    this.#wider = Math.min(WIDEST, Math.max(1, this.#wider * (isLate ? WIDEN : NARROW)));
  }

  /** Takes the next time, not before `earliestMs`, at which a trial may begin. */
  take(earliestMs: number): number {
    const atMs = Math.max(earliestMs, this.#nextMs);
    this.#nextMs = atMs + Math.round(this.#everyMs * this.#wider);
    return atMs;
  }

  #intervalOf(processorSeconds: number): number {
    return Math.round((processorSeconds * 1000) / (this.#processors * SHARE));
  }
}
