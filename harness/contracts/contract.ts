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
}
