import type { ErrorCode, Observation } from "../../errors/index.ts";

/** In a run's folder, while its clock can be stepped: where to ask, and with which token. */
export const CLOCK_FILE = "clock.json";

/** What `sitecar clock` asks of the process that runs the site. */
export type ClockWish =
  | { readonly do: "show" }
  | ({ readonly do: "advance"; readonly span: string } & StepWish)
  | ({ readonly do: "advance-to"; readonly time: string } & StepWish)
  /** To the next tick that is due. */
  | ({ readonly do: "next" } & StepWish);

export interface StepWish {
  readonly await: "answered" | "started";
  readonly mostTicks?: number;
}

/** A virtual tick as it is printed. */
export interface TickLine {
  /** In virtual time, ISO 8601 in UTC. */
  readonly due: string;
  readonly instance: string;
  readonly container: string;
  readonly component: string;
  readonly outcome: string;
  readonly latencyMs: number;
  readonly detail?: string;
}

/** Everything in it is of virtual time. */
export interface ClockShown {
  readonly time: "virtual";
  readonly from?: string;
  readonly now: string;
  readonly next: { readonly due: string; readonly component: string } | null;
  readonly ticks: readonly TickLine[];
}

export type ClockReply =
  | ClockShown
  | {
      readonly error: {
        readonly code: ErrorCode;
        readonly message: string;
        readonly observations: readonly Observation[];
        readonly remedy: string;
      };
    };
