import type { Judgement } from "../contracts/contract.ts";
import type { Diagnosis } from "../diagnosis/diagnosis.ts";
import type { FaultKind } from "../faults/fault-kind.ts";
import type { Exploration, ExplorationProgress, Shard } from "./exploration.ts";

export interface ExploreOptions extends Pick<
  Exploration,
  "site" | "inputs" | "version" | "seed" | "contracts" | "differences"
> {
  /**
   * How long the exploration may take, in ms. No trial is begun that is not expected to end in it; one that takes longer than
   * expected is waited for.
   */
  readonly budgetMs: number;
  readonly shard?: Shard;
  /** The exploration's own folder, where the schedules to replay are written. */
  readonly directory: string;
  /** Saved with each schedule, for `sitecar replay`. */
  readonly inputOptions?: Readonly<Record<string, unknown>>;
  readonly tickEvery?: string;
  /** The site's Dapr sidecars: other containers' starts are told by theirs. */
  readonly sidecars?: readonly string[];
  /** How often the smallest schedule of a class and its neighbour are run; default 20, fewer where the budget is short. */
  readonly repeats?: number;
  /** For what the faults' numbers mean and how far they go. */
  readonly faultKinds?: readonly FaultKind[];
  /** From the run of a class's smallest schedule to causes; default none. */
  readonly diagnose?: (runDirectory: string, judgement: Judgement) => Promise<readonly Diagnosis[]>;
  readonly progress?: (event: ExplorationProgress) => void;
  /** Ends it with what is known until then. */
  readonly signal?: AbortSignal;
  /** In ms; default the process's own clock. */
  readonly now?: () => number;
}
