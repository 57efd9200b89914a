/** How storage fails on demand. Data that the harness hands to the agent in each namespace. */

/** Which requests an answer's failure meets. */
export interface RequestChoice {
  /** Only so many requests, counted in each instance by itself; default: all until it is healed. */
  readonly first?: number;
  /** Only requests with this HTTP method; default: any. */
  readonly method?: string;
}

/** What becomes of connections. Of {@link ConnectionOutage}s there can be one at a time. */
export type ConnectionOutage =
  /** Nothing listens: connecting is answered with a reset, and connections that exist are closed. */
  | { readonly kind: "refused" }
  /** Packets go nowhere: connecting hangs, and connections that exist stall; they go on when it is healed. */
  | { readonly kind: "unreachable" }
  /** Connections are accepted and reset at their first bytes, or so much later. */
  | { readonly kind: "reset"; readonly afterMs?: number }
  /** Connections are accepted, and nothing is ever answered; what is sent never arrives. */
  | { readonly kind: "hangs" };

/** Several add up. */
export type ConnectionHindrance =
  /** Everything that storage sends comes so much later, each time give or take the jitter. */
  | { readonly kind: "slow"; readonly latencyMs: number; readonly jitterMs?: number }
  /** At most so much passes in each direction, per connection. */
  | { readonly kind: "bandwidth"; readonly kilobytesPerSecond: number };

/** What the accounts' names are answered with instead of an address; `none`: the name server says nothing at all. */
export interface NameOutage {
  readonly kind: "name";
  readonly answer: "nxdomain" | "servfail" | "none";
}

/** What becomes of single requests. Of several that meet a request, the one injected first holds; delays add up. */
export type AnswerFailure = RequestChoice &
  (
    | {
        readonly kind: "status";
        readonly status: number;
        /** `x-ms-error-code`; default: what Azure says with this status. */
        readonly errorCode?: string;
        readonly retryAfterSeconds?: number;
      }
    | { readonly kind: "delayed"; readonly delayMs: number }
    /**
     * Storage does what it is asked, but its answer comes only so far: not at all, its head, or half of its body (of an answer
     * without body, half of its head). `afterwards`: the connection stays open for ever, or ends.
     */
    | {
        readonly kind: "unfinished";
        readonly sent: "nothing" | "head" | "half";
        readonly afterwards: "silence" | "end";
      }
  );

export type StorageFailure = ConnectionOutage | ConnectionHindrance | NameOutage | AnswerFailure;

export function isAnswerFailure(failure: StorageFailure): failure is AnswerFailure {
  return failure.kind === "status" || failure.kind === "delayed" || failure.kind === "unfinished";
}

export function isConnectionOutage(failure: StorageFailure): failure is ConnectionOutage {
  return (
    failure.kind === "refused" ||
    failure.kind === "unreachable" ||
    failure.kind === "reset" ||
    failure.kind === "hangs"
  );
}

/**
 * Whether two can't be in force together: each says something else about the same connections, or about the same names. Those
 * of different layers can: the outer one hides the inner one, as it would on the way to Azure.
 */
export function contradict(one: StorageFailure, other: StorageFailure): boolean {
  if (isConnectionOutage(one)) return isConnectionOutage(other);
  return one.kind === "name" && other.kind === "name";
}

/** What is wrong with a failure and what to give instead; `undefined`: nothing. */
export function problemOf(
  failure: StorageFailure,
): { readonly what: string; readonly remedy: string } | undefined {
  for (const [name, { least, most, whole, unit }] of Object.entries(RANGES)) {
    const value: unknown = Object.entries(failure).find(([key]) => key === name)?.[1];
    if (value === undefined) continue;
    const fits =
      typeof value === "number" && value >= least && value <= most && (!whole || Number.isInteger(value));
    if (fits) continue;
    return {
      what: `${name} is ${typeof value === "number" ? value : JSON.stringify(value)}`,
      remedy: `give ${whole ? "a whole number" : "a number"} of ${unit} from ${least} to ${most}.`,
    };
  }
  if (failure.kind === "slow" && (failure.jitterMs ?? 0) > failure.latencyMs) {
    return {
      what: `jitterMs is ${failure.jitterMs}, more than latencyMs`,
      remedy: "give a jitter of at most the latency: nothing comes before it was sent.",
    };
  }
  return undefined;
}

const ONE_DAY_MS = 24 * 60 * 60 * 1000;

interface Range {
  readonly least: number;
  readonly most: number;
  readonly whole: boolean;
  readonly unit: string;
}

const RANGES: Readonly<Record<string, Range>> = {
  first: { least: 1, most: 1_000_000, whole: true, unit: "requests" },
  status: { least: 400, most: 599, whole: true, unit: "an HTTP status" },
  retryAfterSeconds: { least: 0, most: 86_400, whole: true, unit: "seconds" },
  delayMs: { least: 0, most: ONE_DAY_MS, whole: false, unit: "milliseconds" },
  afterMs: { least: 0, most: ONE_DAY_MS, whole: true, unit: "milliseconds" },
  latencyMs: { least: 0, most: ONE_DAY_MS, whole: true, unit: "milliseconds" },
  jitterMs: { least: 0, most: ONE_DAY_MS, whole: true, unit: "milliseconds" },
  kilobytesPerSecond: { least: 1, most: 1_000_000, whole: true, unit: "kilobytes per second" },
};
