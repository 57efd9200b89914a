import type { Verdict } from "../contracts/contract.ts";
import type { Diagnosis } from "../diagnosis/diagnosis.ts";
import type { Schedule } from "../schedule/schedule.ts";
import type { LaboratoryFigures } from "./trials/laboratory.ts";

/** A delay between two starts, with the reason why it is tried. */
export interface GridValue {
  readonly ms: number;
  readonly reason: string;
}

/** Something done to a site besides its start order, tried on a start that is otherwise good. */
export interface Disturbance {
  /** `dapr killed and started again`. */
  readonly name: string;
  readonly reason: string;
  readonly steps: Required<Schedule>["steps"];
}

/** What an exploration could try: plain data, the same for the same site and options. */
export interface Space {
  /** Storage (if the site has any) and the site's containers. */
  readonly containers: readonly string[];
  readonly grid: readonly GridValue[];
  readonly disturbances: readonly Disturbance[];
  readonly points: readonly Point[];
  /** Where the orders and delays are too many to try them all: which are among the points. For a person. */
  readonly sampled?: string;
}

/** One schedule of the space, and where it stands on the map. */
export interface Point {
  /** The same for equivalent schedules; names the point in files of several shards. */
  readonly key: string;
  readonly schedule: Schedule;
  /** Containers in the order of their starts. */
  readonly order: readonly string[];
  /** Between each start and the one before. */
  readonly gapsMs: readonly number[];
  /** Absent: the start order alone. */
  readonly disturbance?: string;
}

/** A point that was tried. */
export interface Tried extends Point {
  readonly verdict: Verdict;
  /** Keys of {@link FailingClass} that it belongs to. */
  readonly classes: readonly string[];
  readonly reason?: string;
  readonly runDirectory: string;
  readonly tookMs: number;
  readonly latenessMs: number;
}

/** How often a schedule was run, and how often the class's contract was broken in the way of the class. */
export interface Repeats {
  readonly runs: number;
  readonly broken: number;
  /** Of the share of broken runs: 95 % (Clopper and Pearson). */
  readonly interval: readonly [number, number];
}

/** The number in a schedule on which it depends whether the contract holds. */
export interface Threshold {
  /** For a person, before the number: `main starts later than dapr by`, `identity answers later than`. */
  readonly what: string;
  /** Absent: milliseconds. Else what is counted: `requests`. */
  readonly unit?: string;
  /** Beside these two there are values that break below and hold above: the lowest step is the one given. */
  readonly several?: true;
  /** Nearest values tried on both sides, milliseconds. */
  readonly holdsMs: number;
  readonly breaksMs: number;
}

/**
 * - `always`: every schedule that was tried breaks it, the plainest too;
 * - `order-determined`: the smallest schedule always breaks it and its neighbour never;
 * - `race`: the same schedule breaks it in some runs and not in others;
 * - `unknown`: not repeated often enough, or the machine was too busy.
 */
export type ClassJudgement = "always" | "order-determined" | "race" | "unknown";

/** Trials that broke the same contract in the same way. */
export interface FailingClass {
  /** `<contract>: <symptom>`. */
  readonly key: string;
  readonly contract: string;
  readonly symptom: string;
  /** How many of the tried points broke it. */
  readonly points: number;
  readonly smallest: Schedule;
  /** Of the smallest schedule. */
  readonly evidence: readonly string[];
  readonly threshold?: Threshold;
  /** Of further numbers in the smallest schedule that count too. Absent: none. */
  readonly furtherThresholds?: readonly Threshold[];
  /** The nearest schedule that holds. Absent: `always`. */
  readonly nearestHeld?: Schedule;
  readonly judgement: ClassJudgement;
  readonly repeats: Repeats;
  /** Of {@link nearestHeld}. */
  readonly heldRepeats?: Repeats;
  readonly diagnoses: readonly Diagnosis[];
  /** A run of the smallest schedule. */
  readonly runDirectory: string;
  /** Of the nearest schedule that holds. */
  readonly heldRunDirectory?: string;
  /** The file that `sitecar replay` takes. */
  readonly scheduleFile: string;
  readonly replayCommand: string;
  /** The class that was being narrowed down when this one was found, which no point of the map shows. */
  readonly foundBy?: string;
  /**
   * The class that this one follows from: it was broken in each of this one's trials, comes before it by what the contracts
   * mean, and its smallest schedule breaks this one each time too. What it was narrowed down to is then the other's.
   */
  readonly consequenceOf?: string;
}

export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly of: number;
}

/** The result of `sitecar explore`: what the report is made from, and what `sitecar merge` reads. */
export interface Exploration {
  readonly sitecar: "exploration/1";
  readonly site: string;
  /** As given to the command. */
  readonly inputs: readonly string[];
  readonly version: string;
  readonly began: string;
  readonly tookMs: number;
  readonly seed: number;
  readonly budgetMs: number;
  readonly shard?: Shard;
  readonly containers: readonly string[];
  readonly grid: readonly GridValue[];
  readonly disturbances: readonly Pick<Disturbance, "name" | "reason">[];
  /** Of the contracts judged: name and promise. */
  readonly contracts: readonly { readonly name: string; readonly promise: string }[];
  /** How many points the space has (in this shard), and which were left out for want of time. */
  readonly points: number;
  readonly leftOut: readonly string[];
  readonly tried: readonly Tried[];
  readonly classes: readonly FailingClass[];
  readonly figures: LaboratoryFigures;
  /** What differs from the site as deployed: `cron bindings at @every 1s`. */
  readonly differences: readonly string[];
  /** See {@link Space.sampled}. */
  readonly sampled?: string;
  /** Why it ended before its budget did, and before everything was tried: it was interrupted, or the harness failed. */
  readonly endedEarly?: string;
}

/** What an exploration tells while it goes on. */
export type ExplorationProgress =
  | { readonly type: "planned"; readonly points: number; readonly leftOut: number }
  | {
      readonly type: "tried";
      readonly tried: Tried;
      readonly done: number;
      readonly of: number;
      /** Until the end of the whole exploration, as far as can be told. */
      readonly remainingMs: number;
    }
  | { readonly type: "class-found"; readonly key: string; readonly point: string }
  | {
      readonly type: "narrowing";
      readonly key: string;
      readonly step: "dropping" | "bisecting" | "repeating";
      readonly detail: string;
      readonly remainingMs: number;
    }
  | { readonly type: "judged"; readonly class: FailingClass };
