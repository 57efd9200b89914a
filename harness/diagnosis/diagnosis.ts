import type { Look } from "./look.ts";

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
      /** Without the dashes. */
      readonly flag: string;
      /** Absent: a flag that stands alone. */
      readonly value?: string;
    }
  /**
   * A key of a component's document, dotted: `spec.initTimeout`, or `metadata.direction` for an item of `spec.metadata`.
   * `scopes` takes app ids, divided by commas.
   */
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
      /** `sameAs`: the value that this other container has. */
      readonly value: string | { readonly sameAs: string };
    }
  /** A text in a container's entrypoint script is replaced. */
  | { readonly kind: "entrypoint"; readonly container: string; readonly replace: string; readonly by: string }
  /** The last program of a container's entrypoint script takes the shell's place: `exec` is put before it. */
  | { readonly kind: "entrypoint-exec"; readonly container: string }
  | { readonly kind: "start-up-command"; readonly container: string; readonly command: string };

export interface Remedy {
  /** What to do, for a person. */
  readonly text: string;
  /** Absent: it can't be tried by a change to the site's files (the app's own code has to change). */
  readonly changes?: readonly RemedyChange[];
}

export interface Diagnosis {
  /** The rule's id: `options-answered`. */
  readonly rule: string;
  /** One sentence. */
  readonly cause: string;
  readonly evidence: readonly Evidence[];
  /** Where the rule is from: daprd's documentation or source, an issue, a fact of the platform such as `(A7.1)`. */
  readonly source: string;
  /** The best first. */
  readonly remedies: readonly Remedy[];
}

/** What a rule concludes from a record. */
export type Conclusion = Pick<Diagnosis, "cause" | "evidence" | "remedies">;

/** From a run's record to a cause. One file each. */
export interface DiagnosisRule {
  /** Kebab-case; for ever. */
  readonly id: string;
  /** One sentence: what happens when this is the cause. */
  readonly about: string;
  /** See {@link Diagnosis.source}. */
  readonly source: string;
  /** Names of the built-in contracts that it can break. A contract of the user's own may be broken by any cause. */
  readonly explains: readonly string[];
  /** Ids of rules that say the same less exactly: where this one applies they are left out. */
  readonly insteadOf?: readonly string[];
  /** What to do, in general; for docs/diagnosis.md. */
  readonly advice: readonly string[];
  /** `undefined`: it is not the cause. */
  conclude(look: Look): Conclusion | undefined;
}
