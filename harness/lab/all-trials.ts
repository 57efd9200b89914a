import type { Schedule } from "../schedule/schedule.ts";
import type { Laboratory, TrialOptions, TrialOutcome } from "./trials/laboratory.ts";
import { BenchTimes } from "./bench-times.ts";
import { keyOf } from "./space/schedule-key.ts";
import { lengthOf } from "./space/schedule-length.ts";
import { SpansOfTime } from "./spans-of-time.ts";

export interface TrialsOptions {
  readonly signal?: AbortSignal;
  /** In ms; default the process's own clock. */
  readonly now?: () => number;
}

/** The laboratory has failed so often in a row that it will not recover. */
const MOST_FAILURES = 3;
/** Until enough trials have ended to know better. */
const FIRST_GUESS_MS = 10_000;
const FIRST_AT_ONCE = 4;
const ENOUGH_TRIALS = 4;
/** So many wait for a place, so that one that becomes free is taken at once. */
const ALWAYS_WAITING = 4;

/** Every trial of an exploration goes through here: what came out is kept, and how long further ones will take is learnt. */
export class Trials {
  readonly #laboratory: Laboratory;
  readonly #options: TrialsOptions;
  readonly #outcomes = new Map<string, TrialOutcome[]>();
  readonly #benches: BenchTimes;
  readonly #beganMs: number;
  /** When more were asked for than are run at a time: only then what is done shows what can be done. */
  readonly #busy = new SpansOfTime();
  #ended = 0;
  #tookMs = 0;
  /** As far as the laboratory was busy meanwhile. */
  #tookWhileBusyMs = 0;
  #besideMs = 0;
  #failures = 0;
  #failure: unknown;

  constructor(laboratory: Laboratory, options: TrialsOptions = {}) {
    this.#laboratory = laboratory;
    this.#options = options;
    this.#benches = new BenchTimes(() => this.#now());
    this.#beganMs = this.#now();
  }

  get elapsedMs(): number {
    return this.#now() - this.#beganMs;
  }

  get outstanding(): number {
    return this.#benches.outstanding;
  }

  /** How many were ended with an outcome. */
  get ended(): number {
    return this.#ended;
  }

  /** What made the laboratory give up; `undefined` while it works. */
  get failure(): unknown {
    return this.#failure;
  }

  get aborted(): boolean {
    return this.#options.signal?.aborted ?? false;
  }

  /** Nothing can be run any more: aborted, or the laboratory has given up. */
  get over(): boolean {
    return this.aborted || this.#failure !== undefined;
  }

  throwIfOver(): void {
    this.#options.signal?.throwIfAborted();
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Asked for by now, and not begun or not ended: so many keep the laboratory busy. More would only be in the way of what is urgent. */
  get window(): number {
    return this.mostAtOnce + ALWAYS_WAITING;
  }

  /** How many trials are run at a time: as many as the laboratory says, or fewer if it was seen to do fewer when it was busy. */
  get atOnce(): number {
    const most = this.mostAtOnce;
    const busyMs = this.#busy.within(0, this.elapsedMs);
    if (this.#ended < ENOUGH_TRIALS || busyMs === 0) return most;
    // Of those under way half is done, on an average.
    const underWayMs = this.outstanding > most ? (most * this.#tookMs) / this.#ended / 2 : 0;
    return Math.min(most, Math.max(1, (this.#tookWhileBusyMs + underWayMs) / busyMs));
  }

  /** How long one trial of a schedule is expected to take on its bench, in ms. */
  expectedMs(schedule: Schedule): number {
    const besideMs = this.#ended < ENOUGH_TRIALS ? FIRST_GUESS_MS : this.#besideMs / this.#ended;
    return lengthOf(schedule) + besideMs;
  }

  /** How long it takes until these are done, behind all that is asked for already, in ms. */
  estimateMs(schedules: readonly Schedule[]): number {
    return this.#benches.untilDoneMs(
      schedules.map((schedule) => this.expectedMs(schedule)),
      this.atOnce,
    );
  }

  /** All outcomes so far of this schedule and of those equivalent to it. */
  of(schedule: Schedule): readonly TrialOutcome[] {
    return this.#outcomes.get(keyOf(schedule)) ?? [];
  }

  all(): readonly TrialOutcome[] {
    return [...this.#outcomes.values()].flat();
  }

  /**
   * Runs it, also if it was run before. A trial that fails for a fault of the harness is `unknown`; when several in a row
   * fail so, this and all further calls reject. Rejects with the signal's reason when aborted.
   */
  async run(
    schedule: Schedule,
    { priority, isQuiet = false }: Pick<TrialOptions, "isQuiet"> & { readonly priority: number },
  ): Promise<TrialOutcome> {
    const { signal } = this.#options;
    this.throwIfOver();
    const ended = this.#benches.ask(this.expectedMs(schedule), this.atOnce);
    this.#tellBusy();
    try {
      const outcome = await this.#laboratory.run(schedule, {
        priority,
        isQuiet,
        ...(signal === undefined ? {} : { signal }),
      });
      this.#learn(schedule, outcome);
      return outcome;
    } catch (error) {
      signal?.throwIfAborted();
      this.#failures++;
      if (this.#failures >= MOST_FAILURES) this.#failure ??= error;
      return failed(schedule, error);
    } finally {
      ended();
      this.#tellBusy();
    }
  }

  /** How many the laboratory runs at a time, as it says. */
  get mostAtOnce(): number {
    return this.#laboratory.mostAtOnce || FIRST_AT_ONCE;
  }

  #tellBusy(): void {
    this.#busy.tell(this.outstanding > this.mostAtOnce, this.elapsedMs);
  }

  #learn(schedule: Schedule, outcome: TrialOutcome): void {
    const key = keyOf(schedule);
    this.#outcomes.set(key, [...(this.#outcomes.get(key) ?? []), outcome]);
    this.#failures = 0;
    this.#ended++;
    this.#tookMs += outcome.tookMs;
    this.#tookWhileBusyMs += this.#busy.within(this.elapsedMs - outcome.tookMs, this.elapsedMs);
    this.#besideMs += Math.max(0, outcome.tookMs - lengthOf(schedule));
  }

  #now(): number {
    return (this.#options.now ?? (() => performance.now()))();
  }
}

function failed(schedule: Schedule, error: unknown): TrialOutcome {
  return {
    schedule,
    verdict: "unknown",
    judgements: [],
    reason: error instanceof Error ? error.message : String(error),
    runDirectory: "",
    tookMs: 0,
    latenessMs: 0,
  };
}
