import { SitecarError } from "../../errors/index.ts";
import type { Engine } from "../../runtime/engine/engine.ts";
import { countCalls } from "../../runtime/engine/count-calls.ts";
import { processorTime, secondsBetween, type ProcessorTime } from "../../runtime/processor-time.ts";
import type { Schedule } from "../../schedule/schedule.ts";
import { percentile } from "../../shared/distribution.ts";
import { attempt, verdictOfTrial, type Attempt, type AttemptParts } from "./attempt.ts";
import type { BenchPool } from "./bench-pool.ts";
import type { Laboratory, LaboratoryFigures, TrialOptions, TrialOutcome } from "./laboratory.ts";
import { MachineWatch } from "./machine-watch.ts";
import { hasRoom, type Pace } from "./pace.ts";
import { TrialQueue, type Waiting } from "./trial-queue.ts";

export interface LaboratoryParts {
  readonly engine: Engine;
  readonly attempts: AttemptParts;
  readonly benches: BenchPool;
  readonly pace: Pace;
  readonly latenessBoundMs: number;
  readonly signal: AbortSignal | undefined;
  /** Before anything was done. */
  readonly processorTimeBefore: ProcessorTime;
  /** When the first benches had been made. */
  readonly processorTimeAhead: ProcessorTime;
}

interface Job extends Waiting {
  readonly schedule: Schedule;
  readonly signal: AbortSignal;
  readonly isQuiet: boolean;
  /** Counted from 1. */
  readonly tries: number;
  readonly resolve: (outcome: TrialOutcome) => void;
  readonly reject: (reason: unknown) => void;
}

const MOST_TRIES = 4;
/** For so long nothing else is done around the starts and steps of a trial that was late before, by how often it is tried. */
const QUIET_MS: Readonly<Record<number, number>> = { 3: 250, 4: 1_000 };
/** A trial that is to be quiet has so much around its starts and steps: by then Node listens, and daprd does. */
const ASKED_QUIET_MS = 300;
/** Fewer say little of what a trial costs. */
const ENOUGH_ATTEMPTS = 8;
const PROCESSOR_LOOKS_EVERY_MS = 5_000;

/** {@link Laboratory} from the inside. */
export class RunningLaboratory implements Laboratory {
  readonly #parts: LaboratoryParts;
  readonly #queue = new TrialQueue<Job>();
  readonly #machine = new MachineWatch();
  readonly #end = new AbortController();
  readonly #signal: AbortSignal;
  readonly #calls: ReturnType<typeof countCalls>;
  readonly #lateness: number[] = [];
  readonly #going = new Set<Promise<void>>();
  #trials = 0;
  #repeated = 0;
  #attempts = 0;
  #memoryBytes = 0;
  #nextProcessorLookMs = 0;
  #processor: ProcessorTime;
  #disposal: Promise<void> | undefined;

  constructor(parts: LaboratoryParts) {
    this.#parts = parts;
    this.#processor = parts.processorTimeBefore;
    this.#calls = countCalls(parts.engine);
    this.#signal = AbortSignal.any([this.#end.signal, ...(parts.signal === undefined ? [] : [parts.signal])]);
    this.#signal.addEventListener("abort", () => this.#refuseWaiting(), { once: true });
  }

  async run(
    schedule: Schedule,
    { signal, priority = 0, isQuiet = false }: TrialOptions = {},
  ): Promise<TrialOutcome> {
    const ends = signal === undefined ? this.#signal : AbortSignal.any([this.#signal, signal]);
    ends.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<TrialOutcome>();
    const job: Job = { schedule, signal: ends, priority, isQuiet, tries: 1, resolve, reject };
    this.#queue.add(job);
    const onAbort = (): void => {
      if (this.#queue.remove(job)) reject(ends.reason);
    };
    ends.addEventListener("abort", onAbort, { once: true });
    this.#beginSome();
    try {
      return await promise;
    } finally {
      ends.removeEventListener("abort", onAbort);
    }
  }

  get mostAtOnce(): number {
    return this.#parts.pace.most;
  }

  figures(): LaboratoryFigures {
    const used = secondsBetween(this.#parts.processorTimeBefore, this.#processor);
    return {
      trials: this.#trials,
      repeated: this.#repeated,
      benches: this.#parts.benches.made,
      mostAtOnce: this.mostAtOnce,
      lateness: {
        medianMs: percentile(this.#lateness, 0.5),
        p95Ms: percentile(this.#lateness, 0.95),
        mostMs: percentile(this.#lateness, 1),
      },
      processorSeconds: Math.round(used * 1000) / 1000,
      engineCalls: this.#calls.calls,
      memoryBytes: this.#memoryBytes,
    };
  }

  /** Ends what still runs; its promises reject. Removes everything. @throws {SitecarError} CLEANUP_FAILED */
  [Symbol.asyncDispose](): Promise<void> {
    this.#disposal ??= this.#dispose();
    return this.#disposal;
  }

  async #dispose(): Promise<void> {
    this.#end.abort(
      new SitecarError("RUN_STOPPED", {
        message: "the laboratory was closed before the trial had ended.",
        remedy: "nothing to mend: something else ended it.",
      }),
    );
    await Promise.allSettled(this.#going);
    this.#calls.stop();
    await this.#parts.benches.dispose();
  }

  #refuseWaiting(): void {
    for (const { reject } of this.#queue.clear()) reject(this.#signal.reason);
  }

  #beginSome(): void {
    if (this.#signal.aborted) return;
    for (let job = this.#next(); job !== undefined; job = this.#next()) {
      const going = this.#run(job);
      this.#going.add(going);
      void going.finally(() => {
        this.#going.delete(going);
        this.#beginSome();
      });
    }
  }

  #next(): Job | undefined {
    return this.#queue.next(this.#parts.pace.atOnce);
  }

  /** Never rejects: whoever asked for the trial has its failure. */
  async #run(job: Job): Promise<void> {
    try {
      const tried = await this.#attempt(job);
      this.#queue.ended(job);
      await this.#look();
      const isLate = tried.latenessMs > this.#parts.latenessBoundMs;
      const machine = this.#machine.look();
      // Late on a machine that had room: another's burst at the same moment, not too many trials.
      this.#parts.attempts.spacing.ended(isLate && !hasRoom(machine));
      this.#parts.pace.ended(tried.latenessMs, this.#queue.running, machine);
      if (isLate && job.tries < MOST_TRIES && !job.signal.aborted) this.#tryAgain(job);
      else job.resolve(this.#outcome(job, tried, isLate));
    } catch (error) {
      this.#queue.ended(job);
      job.reject(error);
    }
  }

  async #attempt({ schedule, signal, isQuiet, tries }: Job): Promise<Attempt> {
    const { benches, attempts } = this.#parts;
    const quietMs = Math.max(QUIET_MS[tries] ?? 0, isQuiet ? ASKED_QUIET_MS : 0);
    const bench = await benches.take(signal);
    try {
      const tried = await attempt(bench, schedule, attempts, { signal, quietMs });
      if (tried.isCleared) benches.give(bench);
      else await benches.throwAway(bench);
      return tried;
    } catch (error) {
      await benches.throwAway(bench);
      throw error;
    }
  }

  /** The pace has been slowed meanwhile, and from the third time on its starts have quiet around them. */
  #tryAgain(job: Job): void {
    this.#repeated++;
    this.#queue.addFirst({ ...job, tries: job.tries + 1 });
  }

  #outcome({ schedule, tries }: Job, tried: Attempt, isLate: boolean): TrialOutcome {
    const { judgements, runDirectory, tookMs, latenessMs, lateness } = tried;
    this.#trials++;
    const common = { schedule, judgements, runDirectory, tookMs, latenessMs };
    if (isLate) {
      const reason = `the machine was too busy: a start or step, or the harness itself, was ${latenessMs} ms late in the last of ${tries} tries`;
      return { ...common, verdict: "unknown", reason };
    }
    this.#lateness.push(...lateness);
    const verdict = verdictOfTrial(judgements);
    if (verdict !== "unknown") return { ...common, verdict };
    const reason = judgements.find((one) => one.verdict === "unknown")?.evidence.join("; ") ?? "";
    return { ...common, verdict, reason };
  }

  async #look(): Promise<void> {
    this.#memoryBytes = Math.max(this.#memoryBytes, process.memoryUsage.rss());
    this.#attempts++;
    // It reads the files of every process of the machine: after each trial, that is a work of its own.
    if (performance.now() < this.#nextProcessorLookMs && this.#queue.running > 0) return;
    this.#nextProcessorLookMs = performance.now() + PROCESSOR_LOOKS_EVERY_MS;
    this.#processor = await processorTime();
    if (this.#attempts < ENOUGH_ATTEMPTS) return;
    const used = secondsBetween(this.#parts.processorTimeAhead, this.#processor);
    // Those under way have cost most of theirs already.
    this.#parts.attempts.spacing.learn(used / (this.#attempts + this.#queue.running));
  }
}
