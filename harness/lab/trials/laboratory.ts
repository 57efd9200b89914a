import type { Judgement, Verdict } from "../../contracts/contract.ts";
import type { Schedule } from "../../schedule/schedule.ts";

/** What one schedule did to the site, on a bench of the laboratory. */
export interface TrialOutcome {
  readonly schedule: Schedule;
  /** `broken`: some contract is; else `unknown`: some is, or the machine was too busy for the times to count; else `held`. */
  readonly verdict: Verdict;
  readonly judgements: readonly Judgement[];
  /** With `unknown`: why. */
  readonly reason?: string;
  /** The run's folder: timeline, logs, plan, schedule, judgements. */
  readonly runDirectory: string;
  /** From the schedule's beginning to the end of the stop. */
  readonly tookMs: number;
  /** How late starts and steps were at most, in ms, and the harness itself by its weight. */
  readonly latenessMs: number;
}

export interface TrialOptions {
  /** Ends the trial; its promise rejects. */
  readonly signal?: AbortSignal;
  /** Lower ones are begun first; default 0. Trials of the same are begun in the order they were asked for. */
  readonly priority?: number;
  /** Nothing else is done around its starts and steps, as when it runs alone; it takes its turn later. Default: false. */
  readonly isQuiet?: boolean;
}

/** What the laboratory has used so far, for the report. */
export interface LaboratoryFigures {
  readonly trials: number;
  /** Trials that were run again because the machine was too busy. */
  readonly repeated: number;
  readonly benches: number;
  readonly mostAtOnce: number;
  /** Of starts and steps, over all trials that count. */
  readonly lateness: { readonly medianMs: number; readonly p95Ms: number; readonly mostMs: number };
  readonly processorSeconds: number;
  readonly engineCalls: number;
  readonly memoryBytes: number;
}

/**
 * Runs a site under many schedules, as many at a time as the machine bears without moving their times. A trial whose times
 * were moved by the machine is run again with fewer at a time; one that can't be had right is `unknown`.
 */
export interface Laboratory extends AsyncDisposable {
  /** Waits for its turn; ask for as many as you like. @throws {SitecarError} a fault of the harness. */
  run(schedule: Schedule, options?: TrialOptions): Promise<TrialOutcome>;
  /** The most trials that have run at a time, or were allowed to; as in {@link figures}, which counts more. */
  readonly mostAtOnce: number;
  figures(): LaboratoryFigures;
}
