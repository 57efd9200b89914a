/** The vocabulary of a run's record. One event is one JSON line. */

import type { FaultData, ScheduledStep } from "../schedule/step.ts";
import type { Exchange, TapGap } from "./exchange.ts";
import type { LastError, SiteState, SiteStateDetails } from "./site-state.ts";

interface EventBase {
  /** Position in the record, from 0. */
  readonly seq: number;
  /** Milliseconds since the run began, monotonic; when it happened as far as the source can tell. */
  readonly tMs: number;
  /** The same instant as wall time, ISO 8601 in UTC. */
  readonly wall: string;
  /** The instance that it happened in: `<worker>-<life>`, for example `0-1`; absent for what is the whole site's. */
  readonly instance?: string;
  /** In a run with virtual time: what the virtual clock showed when this was recorded, ISO 8601 in UTC. */
  readonly virtual?: string;
}

/** What happened, without the stamps that the timeline adds. */
export type Happening =
  /** A step of the harness itself. */
  | { readonly type: "phase"; readonly name: string; readonly detail?: string }
  /** The schedule's time zero. */
  | { readonly type: "schedule.began" }
  | {
      readonly type: "container.created";
      readonly container: string;
      readonly id: string;
      readonly imageId: string;
    }
  /** `plannedMs`: relative to the schedule's beginning; absent for a start by hand. */
  | {
      readonly type: "container.started";
      readonly container: string;
      readonly plannedMs?: number;
      readonly latenessMs?: number;
    }
  | {
      readonly type: "container.exited";
      readonly container: string;
      readonly exitCode: number;
      readonly outOfMemory: boolean;
      readonly asked: boolean;
    }
  /**
   * The kernel killed a process of the container because memory ran out; the container may live on. `limit`: the
   * container's own, the plan's, which all containers of the instance share, or the machine's.
   */
  | {
      readonly type: "container.out-of-memory";
      readonly container: string;
      readonly process: string;
      readonly limit: "container" | "plan" | "machine";
    }
  | { readonly type: "container.paused"; readonly container: string }
  | { readonly type: "container.resumed"; readonly container: string }
  /** A signal or stop that the harness sent. */
  | { readonly type: "container.signalled"; readonly container: string; readonly signal: string }
  | {
      readonly type: "port.opened";
      readonly port: number;
      readonly address: string;
      readonly container?: string;
    }
  | {
      readonly type: "port.closed";
      readonly port: number;
      readonly address: string;
      readonly container?: string;
    }
  /** An answer (or the lack of one) that differs from the probe before. `status` null: no HTTP answer, `detail` says why. */
  | {
      readonly type: "probe.changed";
      readonly probe: ProbeName;
      readonly container: string;
      readonly status: number | null;
      readonly detail: string;
    }
  /** daprd's metrics counted one more delivery of an input binding. `startedMs`: when the app was called, from the latency sum. */
  | {
      readonly type: "tick";
      readonly container: string;
      readonly component: string;
      readonly count: number;
      readonly success: boolean;
      readonly latencyMs: number;
    }
  /**
   * The virtual clock let a cron binding fire. Recorded when the app has answered. `due`: in virtual time, ISO 8601 in UTC;
   * `latencyMs` is real. `started`: its answer was not waited for. `dropped`: its cron was stopped in the same moment, and
   * nothing was posted. daprd's own count of the same delivery is a `tick`.
   */
  | {
      readonly type: "virtual.tick";
      readonly container: string;
      readonly component: string;
      readonly due: string;
      readonly outcome: "succeeded" | "failed" | "started" | "unanswered" | "dropped";
      readonly latencyMs: number;
      /** Why daprd counts it as failed. */
      readonly detail?: string;
    }
  /** The virtual clock has gone on, by what was asked or as far as it came. Times in ISO 8601, UTC. */
  | {
      readonly type: "virtual.advanced";
      readonly from: string;
      readonly to: string;
      readonly ticks: number;
      /** Why it ended before what was asked for. */
      readonly stopped?: string;
    }
  | {
      readonly type: "component.loaded";
      readonly container: string;
      readonly component: string;
      readonly componentType: string;
    }
  | {
      readonly type: "component.gone";
      readonly container: string;
      readonly component: string;
      readonly componentType: string;
    }
  | {
      readonly type: "blob.created";
      readonly account: string;
      readonly container: string;
      readonly blob: string;
      readonly size: number;
      readonly createdOn: string;
    }
  | {
      readonly type: "identity.requested";
      readonly status: number;
      readonly resource: string;
      readonly apiVersion: string;
      readonly headerMatched: boolean;
      readonly path: string;
      readonly userAgent: string;
      readonly parameters: Readonly<Record<string, string>>;
    }
  /** A request to storage that a fault has met. `path` is without its query; `what`: for example `answered 503 ServerBusy`. */
  | {
      readonly type: "storage.request-failed";
      readonly host: string;
      readonly method: string;
      readonly path: string;
      readonly what: string;
    }
  /** The platform's state of an instance (A3.2), whenever it changes. */
  | {
      readonly type: "platform.state";
      readonly state: SiteState;
      readonly details: SiteStateDetails;
      /** Whose step it is, where it is one container's. */
      readonly container?: string;
      readonly lastError?: LastError;
    }
  /** A line of the platform's log, in App Service's words (A3.3, A3.4). */
  | {
      readonly type: "platform.log";
      readonly level: "INFO" | "ERROR";
      readonly line: string;
      readonly container?: string;
    }
  /** A worker entered or left the front end's rotation. */
  | {
      readonly type: "rotation.changed";
      readonly worker: number;
      readonly inRotation: boolean;
      readonly reason: string;
    }
  /**
   * The front end answered requests in main's place. Told when it begins, with 1, and when it ends if there were more.
   * `unavailable`: no worker could take them. `worker-failed`: main refused or reset. `idle`: the idle limit passed.
   */
  | {
      readonly type: "front-end.trouble";
      readonly kind: "unavailable" | "worker-failed" | "idle";
      readonly detail: string;
      readonly requests: number;
      readonly instanceId?: string;
    }
  /**
   * A step of the schedule was done. `plannedMs`: after the schedule began; with a cue, as the cue made it. `latenessMs`: when it
   * took effect, against that; negative for a fault that was put in force before the schedule began. `healed`: the step's
   * `until`.
   */
  | {
      readonly type: "schedule.step";
      readonly step: ScheduledStep;
      readonly plannedMs: number;
      readonly latenessMs: number;
      readonly healed?: boolean;
    }
  /** It was not, and won't be: its container was not in the state it needs, or its moment never came. */
  | { readonly type: "schedule.step-not-done"; readonly step: ScheduledStep; readonly reason: string }
  /** `id` is the same in the event of its end. */
  | { readonly type: "fault.injected"; readonly id: number; readonly fault: FaultData; readonly what: string }
  | { readonly type: "fault.healed"; readonly id: number; readonly fault: FaultData; readonly what: string }
  /** Somebody asked for a route as the public could; `verdict`: `held` where that did not reach it. */
  | {
      readonly type: "route.probed";
      readonly route: string;
      readonly method: "OPTIONS" | "POST";
      readonly verdict: "held" | "broken" | "unknown";
      readonly evidence: string;
    }
  /** From here on the instance's loopback is seen. */
  | { readonly type: "tap.began" }
  /** An exchange on an instance's loopback that has ended, or that goes on when the tap ends; `tMs` is that of its first byte. */
  | { readonly type: "exchange"; readonly exchange: Exchange }
  /** It goes on for a second now, or somebody asks what there is; told again as `exchange` when it ends. `tMs` as there. */
  | { readonly type: "exchange.open"; readonly exchange: Exchange }
  /** Something of the wire was not seen or could not be read. */
  | { readonly type: "tap.gap"; readonly gap: TapGap }
  /** The harness could not observe something; never silent. */
  | { readonly type: "observer.failed"; readonly observer: string; readonly detail: string };

/**
 * `warm-up`: the platform's start-time ping of main. `health-check`: its run-time ping. `swap-warm-up`: before a slot
 * swap. `healthz` and `outbound`: daprd's own.
 */
export type ProbeName = "warm-up" | "health-check" | "swap-warm-up" | "healthz" | "outbound";

export type TimelineEvent = Happening & EventBase;
export type EventType = Happening["type"];
export type EventOf<T extends EventType> = Extract<Happening, { readonly type: T }> & EventBase;
