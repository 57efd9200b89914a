/**
 * What the harness and the agent in the platform container say to each other.
 * Harness → agent: one JSON document in the environment variable {@link AGENT_CONFIGURATION_VARIABLE}, then JSON lines
 * on standard input, one {@link AgentRequest} each.
 * Agent → harness: JSON lines on standard output, of the tap's thread on standard error, one {@link AgentReport} each.
 */

import type { PlatformSettings } from "../plan/platform-settings.ts";
import type { PlannedIdentity, PlannedMount } from "../plan/site-plan.ts";
import type { Exchange, TapGap } from "../timeline/exchange.ts";
import type { StorageFailure } from "./storage-failure.ts";

export const AGENT_CONFIGURATION_VARIABLE = "SITECAR_AGENT_CONFIGURATION";

export interface AgentConfiguration {
  /** `null`: the site has no identity; then nothing listens at the identity address. */
  readonly identity: AgentIdentity | null;
  /** `null`: the site has no storage account; then names are resolved as the engine does. */
  readonly storage: AgentStorage | null;
  readonly daprSidecars: readonly AgentDaprSidecar[];
  /** What is seen of the loopback; `null`: nothing is looked at. */
  readonly tap: AgentTap | null;
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
  readonly withoutSelector: PlatformSettings["identityWithoutSelector"];
}

/**
 * The way to the site's storage accounts. It is closed at first: names are resolved, and connections refused, until a request
 * `storage.gate` opens it.
 */
export interface AgentStorage {
  /** Added to the namespace's loopback; the accounts' names are answered with it. */
  readonly address: string;
  /** The accounts' production names. */
  readonly hostNames: readonly string[];
  /** Where storage really is, on the run's network. */
  readonly upstream: { readonly host: string; readonly port: number };
  /** For the accounts' names, as storage itself has it. PEM. */
  readonly certificatePem: string;
  readonly keyPem: string;
  /** Who signed storage's own certificate. PEM. */
  readonly authorityPem: string;
}

/** The tap on the namespace's loopback. */
export interface AgentTap {
  /** So much of a body, or of a gRPC message, is kept. */
  readonly bodyLimitBytes: number;
  /** The site's containers. */
  readonly containers: readonly string[];
  /** Which of them listens on which port, by the plan. */
  readonly ports: Readonly<Record<string, string>>;
  /** Values of the site that are secrets: masked wherever they come, in the container still. */
  readonly secrets: readonly string[];
  /** What goes to these addresses or comes from them is not the site's. */
  readonly exceptAddresses: readonly string[];
  /** The address that the agent asks daprd from: one of those. */
  readonly ownAddress: string;
}

/** The directories that the site's containers share, as the platform container sees them. */
export const TREES_PATH = "/sitecar/trees";

/** A directory or file in one of the trees that are mounted below {@link TREES_PATH}. */
export interface TreePath {
  readonly tree: PlannedMount["tree"];
  /** Without a slash at either end. */
  readonly path: string;
}

/** What the harness asks of the agent; each is answered by a report `answer` with the same id. */
export type AgentRequest = { readonly id: number } & AgentCommand;

export type AgentCommand =
  /** From now on the identity service fails in this way, until it is healed. */
  | { readonly type: "identity.fail"; readonly fault: string; readonly failure: IdentityFailure }
  | { readonly type: "identity.heal"; readonly fault: string }
  /** Whether storage can be reached, apart from the failures. While it can't, connections are refused. */
  | { readonly type: "storage.gate"; readonly open: boolean }
  /** From now on storage fails in this way, until it is healed. */
  | { readonly type: "storage.fail"; readonly fault: string; readonly failure: StorageFailure }
  | { readonly type: "storage.heal"; readonly fault: string }
  /** As in a new namespace: no failure, no connection left, and the gate closed. */
  | { readonly type: "storage.reset" }
  /** Makes directories that everybody may write in; those that exist stay as they are. */
  | { readonly type: "directories.make"; readonly directories: readonly TreePath[] }
  | { readonly type: "file.append"; readonly file: TreePath; readonly text: string }
  /** Removes everything in the trees, and leaves the trees. */
  | { readonly type: "trees.empty" }
  /**
   * As if the namespace had just been made, for the next site in it: no failure of the identity is left, and the files that the
   * engine shares among its containers are as they were. Nothing is observed any more. Refused while something of the site
   * listens.
   */
  | { readonly type: "namespace.reset" }
  /** After a reset: reports `ready` and observes anew, as if nothing had been seen before. */
  | { readonly type: "namespace.observe" }
  /** From now on daprd's metrics are read so often, until the next reset. */
  | { readonly type: "metrics.interval"; readonly intervalMs: number }
  /** Everything that was on the wire before has been reported when this is answered. Without a tap: at once. */
  | { readonly type: "tap.flush" }
  /** As `tap.flush`, and nothing is seen any more. */
  | { readonly type: "tap.end" }
  /** Listens on a port of the namespace, so that nobody else can. Fails with EADDRINUSE where somebody does already. */
  | { readonly type: "port.take"; readonly key: string; readonly hold: PortHold }
  /** Lets it go, and resets its connections. */
  | { readonly type: "port.release"; readonly key: string }
  | ClockQuestion;

/**
 * Asks the clock of a daprd that follows virtual time, which listens on loopback alone. Answered whenever the clock answers:
 * what is asked afterwards does not wait for it. The answer's value is a {@link ClockAnswer}.
 */
export interface ClockQuestion {
  readonly type: "clock.ask";
  readonly port: number;
  readonly method: "GET" | "POST";
  readonly path: string;
  /** JSON. */
  readonly body?: string;
  /** For the whole of it. */
  readonly withinMs: number;
}

/** `status` null: no HTTP answer, `body` says why. */
export interface ClockAnswer {
  readonly status: number | null;
  readonly body: string;
}

/** A port that something else listens on. Neither address lets the site's containers listen there on any (daprd.md §6). */
export interface PortHold {
  readonly port: number;
  /** `loopback`: 127.0.0.1 alone. `all`: every address of the namespace. */
  readonly address: "loopback" | "all";
  /** To who connects. `nothing`: accepts, and never answers. `not-found`: answers 404 to every HTTP request, as another app. */
  readonly answers: "nothing" | "not-found";
}

/** How the identity service fails. Several at once add up; of several statuses the first one injected holds. */
export type IdentityFailure =
  /** Answers come so much later. */
  | { readonly delayMs: number; readonly first?: number }
  /** This status instead of a token, for example 500. */
  | { readonly status: number; readonly first?: number }
  /** Nothing listens: the connection is refused. */
  | { readonly refused: true }
  /** Tokens for another audience than the one asked for. */
  | { readonly wrongAudience: true; readonly first?: number }
  /** Tokens that have expired when they are handed out. */
  | { readonly expired: true; readonly first?: number };

export interface AgentDaprSidecar {
  readonly container: string;
  readonly httpPort: number;
  readonly metricsPort: number;
  /** `DAPR_API_TOKEN` of the sidecar; without it daprd's metadata answer 401 (daprd.md §1). Absent: it has none. */
  readonly apiToken?: string;
}

/** Every report carries `wallMs`: milliseconds since the epoch, with a fraction, when it was seen. */
export type AgentReport = { readonly wallMs: number } & (
  | { readonly type: "ready" }
  /** `error` null: done; `value`: what came of it, where something does. */
  | {
      readonly type: "answer";
      readonly id: number;
      readonly error: string | null;
      readonly value?: ClockAnswer;
    }
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
  /** A request that an answer's failure has met. */
  | {
      readonly type: "storage";
      readonly host: string;
      readonly method: string;
      /** Without its query. */
      readonly path: string;
      /** For example `answered 503 ServerBusy`. */
      readonly what: string;
    }
  /** From here on the loopback is seen. */
  | { readonly type: "tap" }
  /** All times in it are the kernel's wall time, in milliseconds since the epoch. `open`: it goes on. */
  | { readonly type: "exchange"; readonly open: boolean; readonly exchange: Exchange }
  | { readonly type: "gap"; readonly gap: TapGap }
  | { readonly type: "failure"; readonly observer: string; readonly detail: string }
);
