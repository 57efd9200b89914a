import type { RunRecord } from "../contracts/run-record.ts";
import type { Judgement } from "../contracts/contract.ts";

/** Something in a run's record that a cause was concluded from. */
export interface Evidence {
  /** Where it stands: `timeline`, `log of dapr`, `metrics of dapr`, `metadata of dapr`, `component files`, `plan`. */
  readonly source: string;
  /** Milliseconds since the run began; absent for what has no time. */
  readonly tMs?: number;
  /** Quoted as it is. */
  readonly quote: string;
}

/** A change to a copy of the site that can be tried by running it. */
export type RemedyChange =
  /** A flag is added to the command that starts daprd, or replaced there. */
  | {
      readonly kind: "daprd-flag";
      readonly container: string;
      readonly flag: string;
      readonly value?: string;
    }
  /** A key of a component's document, dotted: `spec.initTimeout`, or `metadata.direction` for an item of `spec.metadata`. */
  | {
      readonly kind: "component-key";
      readonly container: string;
      readonly component: string;
      readonly key: string;
      readonly value: string;
    }
  | { readonly kind: "app-setting"; readonly name: string; readonly value: string }
  | {
      readonly kind: "environment";
      readonly container: string;
      readonly name: string;
      readonly value: string;
    }
  /** A text in a container's entrypoint script is replaced. */
  | { readonly kind: "entrypoint"; readonly container: string; readonly replace: string; readonly by: string }
  | { readonly kind: "start-up-command"; readonly container: string; readonly command: string };

export interface Remedy {
  /** What to do, for a person. */
  readonly text: string;
  /** Absent: it can't be tried by a change to the site's files (the app's own code has to change). */
  readonly changes?: readonly RemedyChange[];
}

export interface Diagnosis {
  /** The rule's id: `option-answered-404`. */
  readonly rule: string;
  /** One sentence. */
  readonly cause: string;
  readonly evidence: readonly Evidence[];
  /** Where the rule is from: `daprd.md §1.1`, `dapr/dapr#7828`. */
  readonly source: string;
  /** The best first. */
  readonly remedies: readonly Remedy[];
}

/** From a run's record to a cause. One file each. `undefined`: the rule does not apply. */
export interface DiagnosisRule {
  readonly id: string;
  /** One sentence: what it recognises. */
  readonly about: string;
  diagnose(record: RunRecord, broken: Judgement): Diagnosis | undefined;
}
