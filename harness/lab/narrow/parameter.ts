import type { FaultKind } from "../../faults/fault-kind.ts";
import type { Schedule } from "../../schedule/schedule.ts";

/** A number in a schedule that can be moved between two values. */
export interface Parameter {
  /** For a person, before the value: `main starts later than dapr by`. */
  readonly what: string;
  /** Absent: milliseconds. */
  readonly unit?: string;
  readonly value: number;
  /** The least it can be. */
  readonly least: number;
  /** The schedule with another value. */
  readonly at: (value: number) => Schedule;
}

export interface ParameterContext {
  /** Of the faults in force, for the ranges of their attributes. Default: none known. */
  readonly faultKinds?: readonly FaultKind[];
  /** The class's symptom: a container that it names is the one that the others' starts are told by. */
  readonly symptom: string;
  /** The site's Dapr sidecars. */
  readonly sidecars: readonly string[];
}
