/**
 * What the harness and the agent in the platform container say to each other.
 * Harness → agent: one JSON document in the environment variable {@link AGENT_CONFIGURATION_VARIABLE}.
 * Agent → harness: JSON lines on standard output, one {@link AgentReport} each.
 */

import type { PlannedIdentity } from "../plan/site-plan.ts";

export const AGENT_CONFIGURATION_VARIABLE = "SITECAR_AGENT_CONFIGURATION";

export interface AgentConfiguration {
  /** `null`: the site has no identity; then nothing listens at the identity address. */
  readonly identity: AgentIdentity | null;
  readonly daprSidecars: readonly AgentDaprSidecar[];
  /** How often /proc/net/tcp is read. */
  readonly portsIntervalMs: number;
  /** How often daprd's health is asked until it first answers 204; afterwards every `healthyIntervalMs`. */
  readonly healthIntervalMs: number;
  readonly healthyIntervalMs: number;
  /** How often daprd's metrics are read. */
  readonly metricsIntervalMs: number;
}

/** The address is added to the namespace's loopback. */
export interface AgentIdentity extends PlannedIdentity {
  readonly tokenLifetimeSeconds: number;
}

export interface AgentDaprSidecar {
  readonly container: string;
  readonly httpPort: number;
  readonly metricsPort: number;
}

/** Every report carries `wallMs`: milliseconds since the epoch, with a fraction, when it was seen. */
export type AgentReport = { readonly wallMs: number } & (
  | { readonly type: "ready" }
  | {
      readonly type: "port";
      readonly change: "opened" | "closed";
      readonly port: number;
      readonly address: string;
    }
  | {
      readonly type: "probe";
      readonly container: string;
      readonly probe: "healthz" | "outbound";
      /** `null`: no HTTP answer. */
      readonly status: number | null;
      readonly detail: string;
    }
  | {
      readonly type: "tick";
      readonly container: string;
      readonly component: string;
      /** Deliveries counted so far with this outcome since daprd started. */
      readonly count: number;
      readonly success: boolean;
      /** Duration of this delivery; the mean where one reading saw more than one. */
      readonly latencyMs: number;
    }
  | {
      readonly type: "components";
      readonly container: string;
      /** All components in daprd's metadata now; reported when the set changes. */
      readonly components: readonly { readonly name: string; readonly type: string }[];
    }
  | {
      readonly type: "identity";
      readonly status: number;
      readonly path: string;
      readonly parameters: Readonly<Record<string, string>>;
      readonly headerMatched: boolean;
      readonly userAgent: string;
    }
  | { readonly type: "failure"; readonly observer: string; readonly detail: string }
);
