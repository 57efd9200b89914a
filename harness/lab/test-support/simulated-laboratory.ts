import type { Judgement } from "../../contracts/contract.ts";
import type { Schedule } from "../../schedule/schedule.ts";
import { Random } from "../../shared/random.ts";
import type { Laboratory, LaboratoryFigures, TrialOptions, TrialOutcome } from "../trials/laboratory.ts";
import { lengthOf } from "../space/schedule-length.ts";

/** What a site does under a schedule; `random` is for its races. */
export type SimulatedSite = (schedule: Schedule, random: Random) => readonly Judgement[];

export interface SimulatedOptions {
  readonly atOnce?: number;
  readonly seed?: number;
  /** What a trial takes beside its schedule; default 8000. */
  readonly besideMs?: number;
  /** Starts are late by up to so much, which moves what the site does; default 0. */
  readonly jitterMs?: number;
  /** Of 100 trials so many are unknown, because the machine was busy; default 0. */
  readonly busyPercent?: number;
  readonly onBegin?: () => void;
  /** Asked before each trial; what it throws is the trial's failure. */
  readonly fail?: (trial: number) => void;
}

interface Queued {
  readonly schedule: Schedule;
  readonly priority: number;
  readonly isQuiet: boolean;
  readonly number: number;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (outcome: TrialOutcome) => void;
  readonly reject: (error: unknown) => void;
}

/** A laboratory with a clock of its own: trials take simulated time, so many at once, and end in the order of their ends. */
export class SimulatedLaboratory implements Laboratory {
  readonly #site: SimulatedSite;
  readonly #options: SimulatedOptions;
  readonly #random: Random;
  readonly #queue: Queued[] = [];
  readonly #running: { readonly trial: Queued; readonly endMs: number }[] = [];
  /** Every schedule that was run, in the order in which they began. */
  readonly ran: Schedule[] = [];
  /** Those that were to be run quietly. */
  readonly ranQuietly: Schedule[] = [];
  #nowMs = 0;
  #asked = 0;
  #pumping = false;

  constructor(site: SimulatedSite, options: SimulatedOptions = {}) {
    this.#site = site;
    this.#options = options;
    this.#random = new Random(options.seed ?? 1);
  }

  readonly now = (): number => this.#nowMs;

  run(schedule: Schedule, options: TrialOptions = {}): Promise<TrialOutcome> {
    return new Promise((resolve, reject) => {
      this.#queue.push({
        schedule,
        priority: options.priority ?? 0,
        isQuiet: options.isQuiet ?? false,
        number: this.#asked++,
        signal: options.signal,
        resolve,
        reject,
      });
      if (!this.#pumping) void this.#pump();
    });
  }

  get mostAtOnce(): number {
    return this.#atOnce;
  }

  figures(): LaboratoryFigures {
    return {
      trials: this.ran.length,
      repeated: 0,
      benches: this.#atOnce,
      mostAtOnce: this.mostAtOnce,
      lateness: { medianMs: 0, p95Ms: 0, mostMs: 0 },
      processorSeconds: 0,
      engineCalls: 0,
      memoryBytes: 0,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  get #atOnce(): number {
    return this.#options.atOnce ?? 8;
  }

  async #pump(): Promise<void> {
    this.#pumping = true;
    for (;;) {
      // Whoever was answered may ask for more before time goes on.
      await new Promise((resolve) => setImmediate(resolve));
      this.#begin();
      const next = this.#running.toSorted((one, other) => one.endMs - other.endMs)[0];
      if (next === undefined) break;
      this.#running.splice(this.#running.indexOf(next), 1);
      this.#nowMs = next.endMs;
      this.#end(next.trial);
    }
    this.#pumping = false;
  }

  #begin(): void {
    while (this.#queue.length > 0 && this.#running.length < this.#atOnce) {
      const [trial] = this.#queue.toSorted(
        (one, other) => one.priority - other.priority || one.number - other.number,
      );
      if (trial === undefined) return;
      this.#queue.splice(this.#queue.indexOf(trial), 1);
      if (trial.signal?.aborted === true) {
        trial.reject(trial.signal.reason);
        continue;
      }
      this.ran.push(trial.schedule);
      if (trial.isQuiet) this.ranQuietly.push(trial.schedule);
      this.#options.onBegin?.();
      this.#running.push({ trial, endMs: this.#nowMs + this.#lengthOf(trial.schedule) });
    }
  }

  #end({ schedule, signal, number, resolve, reject }: Queued): void {
    if (signal?.aborted === true) {
      reject(signal.reason);
      return;
    }
    try {
      this.#options.fail?.(number);
    } catch (error) {
      reject(error);
      return;
    }
    resolve(this.#outcome(schedule, number));
  }

  #outcome(schedule: Schedule, number: number): TrialOutcome {
    const busy = this.#random.below(100) < (this.#options.busyPercent ?? 0);
    const judgements = this.#site(this.#late(schedule), this.#random);
    const broken = judgements.some(({ verdict }) => verdict === "broken");
    const unknown = busy || judgements.some(({ verdict }) => verdict === "unknown");
    return {
      schedule,
      verdict: busy ? "unknown" : broken ? "broken" : unknown ? "unknown" : "held",
      judgements,
      ...(busy ? { reason: "starts were 240 ms late" } : {}),
      runDirectory: `runs/${number}`,
      tookMs: this.#lengthOf(schedule),
      latenessMs: busy ? 240 : 5,
    };
  }

  #lengthOf(schedule: Schedule): number {
    return lengthOf(schedule) + (this.#options.besideMs ?? 8000);
  }

  #late(schedule: Schedule): Schedule {
    const jitterMs = this.#options.jitterMs ?? 0;
    if (jitterMs === 0) return schedule;
    const late = (atMs: number | null) => (atMs === null ? null : atMs + this.#random.below(jitterMs));
    return {
      ...schedule,
      starts: schedule.starts.map(({ container, atMs }) => ({ container, atMs: late(atMs) })),
    };
  }
}

/** One start after the other in the list takes about so long. */
const NEXT_MS = 100;

/** When a container really starts: those at the same time one after the other. `undefined`: up before, or never. */
export function startOf({ starts }: Schedule, container: string): number | undefined {
  const index = starts.findIndex((start) => start.container === container);
  const start = starts[index];
  if (start === undefined || start.atMs === null) return undefined;
  const together = starts.slice(0, index).filter(({ atMs }) => atMs === start.atMs);
  return start.atMs + together.length * NEXT_MS;
}

/** How much later one container starts than another; storage that is not named starts long before. */
export function lag(schedule: Schedule, container: string, than: string): number {
  const before = -1_000_000;
  return (startOf(schedule, container) ?? before) - (startOf(schedule, than) ?? before);
}

export function judged(contract: string, symptom: string, broken: boolean): Judgement {
  return broken
    ? { contract, verdict: "broken", symptom, evidence: [`seen: ${symptom}`] }
    : { contract, verdict: "held", evidence: [] };
}
