import os from "node:os";

/** So much of the processors' time is for trials; the rest is what lets a start be on time. */
const SHARE = 0.85;
/** What a trial costs, in seconds of a processor, until it was measured: the trial itself, and each small program with its end. */
const GUESS_OF_TRIAL_S = 0.4;
const GUESS_OF_PROGRAM_S = 0.6;

/**
 * How far apart trials begin. Each is a burst of work at its beginning and at its end; as many as are allowed at a time would
 * otherwise begin together, end together, and be late together.
 */
export class Spacing {
  readonly #processors: number;
  #everyMs: number;
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

  /** Takes the next time, not before `earliestMs`, at which a trial may begin. */
  take(earliestMs: number): number {
    const atMs = Math.max(earliestMs, this.#nextMs);
    this.#nextMs = atMs + this.#everyMs;
    return atMs;
  }

  #intervalOf(processorSeconds: number): number {
    return Math.round((processorSeconds * 1000) / (this.#processors * SHARE));
  }
}
