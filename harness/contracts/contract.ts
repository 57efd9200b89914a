import type { RunRecord } from "./run-record.ts";

/** `unknown`: the harness could not see it; never a pass. */
export type Verdict = "held" | "broken" | "unknown";

/** What a contract says of a run. */
export interface Judgement {
  /** For example `notPublic("/.internal/batch")`. */
  readonly contract: string;
  readonly verdict: Verdict;
  /** What was seen, one sentence each. */
  readonly evidence: readonly string[];
  /** With `broken`: what to do. */
  readonly remedy?: string;
  /** What was measured, where a contract measures: plain data, for example one `Cadence` for each instance. */
  readonly figures?: readonly object[];
  /**
   * With `broken`: the failure in a few words without times or numbers that differ from run to run, for example
   * `binding "batch" never active`. Runs with the same contract and symptom fail in the same way.
   */
  readonly symptom?: string;
  /**
   * With `broken`: the {@link Judgement.contract} of the same run that this one follows from, so that a report can lead with the
   * cause: a component is not loaded because its daprd exited. Absent: it stands by itself, or nothing tells.
   */
  readonly because?: string;
  /**
   * With `unknown`: nothing that the contract is about was to happen while the run was looked at, as with a cron binding that fires
   * daily. It says nothing, and is no doubt about the rest.
   */
  readonly nothingDue?: true;
  /** `virtual`: cron followed virtual time in that run. Absent: this machine's. */
  readonly time?: "virtual";
}

/** A promise about a run, judged by its record alone. One file each. */
export interface Contract {
  /** As it is chosen by: `bindingsActive`. */
  readonly name: string;
  /** One sentence: what is promised. */
  readonly promise: string;
  /** One judgement for each subject (a component, a container); none where the promise does not apply to the site. */
  judge(record: RunRecord): readonly Judgement[];
}

/** A contract of sitecar's own, with what docs/built-in-contracts.md says of it. */
export interface BuiltInContract extends Contract {
  /** How it is judged, and what is not held against a site. */
  readonly about: string;
  /** Every {@link Judgement.symptom}, `…` for what is the site's own. */
  readonly symptoms: readonly string[];
}
