/** What a schedule does besides starting containers. Plain data, readable and written as JSON. */

/**
 * Something that can be seen of a site, at which a schedule may act. `count`: at the so-manyth such event since the schedule
 * began; default 1. Fields that are left out match anything.
 */
export type Cue =
  | {
      readonly seen: "container-started" | "container-exited";
      readonly container: string;
      readonly count?: number;
    }
  | { readonly seen: "port-opened"; readonly port: number; readonly count?: number }
  /** daprd's healthz answers 204 for the first time: it has found the app (daprd.md §1). */
  | { readonly seen: "app-found"; readonly container?: string; readonly count?: number }
  | { readonly seen: "component-loaded"; readonly component: string; readonly count?: number }
  /** A delivery of an input binding that daprd has counted. */
  | {
      readonly seen: "tick";
      readonly component?: string;
      readonly success?: boolean;
      /** Only those after the site was ready for the first time. */
      readonly ready?: true;
      readonly count?: number;
    }
  | { readonly seen: "blob-created"; readonly count?: number }
  /** The platform's state `Started`. */
  | { readonly seen: "site-started"; readonly count?: number }
  /** Started, all components of the sidecars' files loaded, all input bindings active; for the first time. */
  | { readonly seen: "site-ready" };

/** `atMs`: after the schedule begins. With a cue: `plusMs` (default 0) after it was seen. */
export type Moment = { readonly atMs: number } | { readonly after: Cue; readonly plusMs?: number };

/** A fault as data: its kind's name and that kind's attributes, units in their names. See `faults/`. */
export interface FaultData {
  /** For example `storage-status`. */
  readonly fault: string;
  readonly [attribute: string]: string | number | boolean;
}

export type ContainerAction = "start" | "kill" | "pause" | "resume" | "restart" | "stop";

interface StepBase {
  readonly when: Moment;
  /**
   * Of which worker the containers and the cues are, from 0; default 0. What is the whole site's, as storage and the identity
   * service are, belongs to each.
   */
  readonly worker?: number;
}

/** Something done to one container. One that is not in the state that it needs is left alone, and the record says why. */
export interface ContainerStep extends StepBase {
  readonly do: ContainerAction;
  /** A site container's name, or `storage`. */
  readonly container: string;
  /** With `kill`; default SIGKILL. */
  readonly signal?: string;
}

/**
 * A fault that is on from one moment to another; without `until` it lasts to the end of the run. One that is on from
 * `{ atMs: 0 }` is in force before the first container of the schedule starts.
 */
export interface FaultStep extends StepBase {
  readonly inject: FaultData;
  readonly until?: Moment;
}

/** The platform stops the whole site (A7.1). Nothing of the schedule happens after it. */
export interface StopSiteStep extends StepBase {
  readonly do: "stop-site";
}

export type ScheduledStep = ContainerStep | FaultStep | StopSiteStep;

/** When a step begins and, where it has an end, when that is. */
export function momentsOf(step: ScheduledStep): readonly Moment[] {
  return [step.when, ...("until" in step && step.until ? [step.until] : [])];
}

/** What steps wait for, where they wait for something that is seen. */
export function cuesOf(steps: readonly ScheduledStep[]): readonly Cue[] {
  return steps.flatMap(momentsOf).flatMap((moment) => ("after" in moment ? [moment.after] : []));
}
