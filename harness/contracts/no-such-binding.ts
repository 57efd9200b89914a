import { nearest } from "../shared/nearest.ts";
import type { Judgement } from "./contract.ts";

export interface MissingBinding {
  readonly contract: string;
  /** What the contract names. */
  readonly component: string;
  /** With its article: `a cron binding`. */
  readonly kind: string;
  /** Those that there are. */
  readonly names: readonly string[];
  /** Said where there are none. */
  readonly none: string;
}

/** Of a contract that names a binding which the sidecars' component files have not. */
export function noSuchBinding({ contract, component, kind, names, none }: MissingBinding): Judgement {
  const meant = nearest(component, names);
  return {
    contract,
    verdict: "broken",
    symptom: `there is no ${kind.replace(/^an? /, "")} "${component}"`,
    evidence: [
      names.length === 0
        ? none
        : `the sidecars' component files have ${names.map((name) => JSON.stringify(name)).join(", ")}`,
    ],
    remedy: `name ${kind} of the component files${meant === undefined ? "" : `: "${meant}"`}.`,
  };
}
