import type { Schedule } from "../../schedule/schedule.ts";
import { answerOf, type Answer } from "../failing-classes.ts";
import type { TrialOutcome } from "../trials/laboratory.ts";
import type { Trials } from "../all-trials.ts";

/** Narrowing goes before the rest of the map, in the order in which it asks. */
const PRIORITY = 0;

/** A class by what its trials have in common. */
export interface ClassId {
  readonly key: string;
  readonly contract: string;
}

/** What a schedule was seen to do to one class, over all its trials. */
export type Seen = Answer | "both";

/** Asks the laboratory how schedules stand to one class, and keeps to the budget: what does not fit is not run. */
export class Asking {
  readonly #trials: Trials;
  readonly #id: ClassId;
  readonly #endMs: () => number;
  readonly #onOutcome: (outcome: TrialOutcome) => void;
  #cutShort = false;

  /**
   * @param endMs when, in the trials' elapsed time, everything that is asked has to be done; asked each time.
   * @param onOutcome called with each new outcome: it may show another class than this one.
   */
  constructor(
    trials: Trials,
    id: ClassId,
    endMs: () => number,
    onOutcome: (outcome: TrialOutcome) => void = () => undefined,
  ) {
    this.#trials = trials;
    this.#id = id;
    this.#endMs = endMs;
    this.#onOutcome = onOutcome;
  }

  /** Something was not run for want of time. */
  get cutShort(): boolean {
    return this.#cutShort;
  }

  get remainingMs(): number {
    return Math.max(0, this.#endMs() - this.#trials.elapsedMs);
  }

  get atOnce(): number {
    return Math.max(1, Math.floor(this.#trials.atOnce));
  }

  /** How long one trial of a schedule is expected to take, in ms. */
  expectedMs(schedule: Schedule): number {
    return this.#trials.expectedMs(schedule);
  }

  /** Whether so many trials more of a schedule can be done in the time left. */
  fits(schedules: readonly Schedule[]): boolean {
    return this.#trials.estimateMs(schedules) <= this.remainingMs;
  }

  /** All that is known of a schedule. */
  seen(schedule: Schedule): Seen {
    const answers = new Set(this.#trials.of(schedule).map((outcome) => this.answer(outcome)));
    if (answers.has("breaks")) return answers.has("holds") ? "both" : "breaks";
    return answers.has("holds") ? "holds" : "unknown";
  }

  answer(outcome: TrialOutcome): Answer {
    return answerOf(outcome, this.#id.key, this.#id.contract);
  }

  /** The outcomes of a schedule that broke the class. */
  broken(schedule: Schedule): readonly TrialOutcome[] {
    return this.#trials.of(schedule).filter((outcome) => this.answer(outcome) === "breaks");
  }

  held(schedule: Schedule): readonly TrialOutcome[] {
    return this.#trials.of(schedule).filter((outcome) => this.answer(outcome) === "holds");
  }

  /** Every schedule that held whenever it was run. */
  everHeld(): readonly Schedule[] {
    const schedules = this.#trials.all().map(({ schedule }) => schedule);
    return schedules.filter((schedule) => this.seen(schedule) === "holds");
  }

  /** What each of them does, all at once; those of which it is known are not run again. */
  async ask(
    schedules: readonly Schedule[],
    runs = 1,
    options: { readonly isQuiet?: boolean } = {},
  ): Promise<readonly Seen[]> {
    await Promise.all(
      schedules.map((schedule) => {
        const known = this.#trials.of(schedule).filter((outcome) => this.answer(outcome) !== "unknown");
        return this.repeat(schedule, runs - known.length, options);
      }),
    );
    return schedules.map((schedule) => this.seen(schedule));
  }

  /**
   * Runs a schedule so often, all at once. Fewer come back where the time is short.
   * @param isQuiet as `TrialOptions` has it; default false.
   */
  async repeat(
    schedule: Schedule,
    runs: number,
    { isQuiet = false }: { readonly isQuiet?: boolean } = {},
  ): Promise<readonly TrialOutcome[]> {
    const asked: Promise<TrialOutcome>[] = [];
    for (let run = 0; run < runs; run++) {
      if (!this.fits([schedule])) {
        this.#cutShort = true;
        break;
      }
      asked.push(this.#trials.run(schedule, { priority: PRIORITY, isQuiet }));
    }
    const outcomes = await Promise.all(asked);
    for (const outcome of outcomes) this.#onOutcome(outcome);
    return outcomes;
  }
}
