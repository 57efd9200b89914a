/**
 * What the harness and a stand-in main say to each other.
 * Harness → stand-in: JSON lines on its standard input, one {@link StandInState} each; the first one before it does anything.
 * Stand-in → harness: one {@link StandInAnswer} a line on its standard output, among lines for a person.
 */

/** Everything that a stand-in main is to be from now on. Sent whole, so that one that is started again needs nothing else. */
export interface StandInState {
  /** Counts up; the answer carries it. */
  readonly revision: number;
  /** Where it listens, on all addresses. */
  readonly port: number;
  /** Paths of the input bindings, as daprd calls them. */
  readonly routes: readonly string[];
  /** In force now, those that were put in force first coming first. */
  readonly faults: readonly StandInFaultInForce[];
  /** What it does with a tick besides answering; absent: nothing. */
  readonly writes?: StandInWrites;
}

/** A blob for each tick, through the sidecar's output binding. */
export interface StandInWrites {
  /** Name of the output binding; it is asked to `create`. */
  readonly binding: string;
  /** `sdk`: the official client, which waits for the sidecar up to 30.7 s (daprd.md §5). `http`: one plain request. */
  readonly client: "sdk" | "http";
  /**
   * `lazily`: at the first tick. `eagerly`: before it listens, and it ends with exit code 1 where the sidecar is not there in
   * time.
   */
  readonly connects: "lazily" | "eagerly";
}

export interface StandInFaultInForce {
  readonly id: string;
  readonly fault: StandInFault;
}

/** Which requests: daprd's questions, deliveries of input bindings, everything else, or all of them. */
export type StandInRequests = "options" | "ticks" | "others" | "all";

/**
 * How a stand-in main misbehaves. Delays of several faults add up; of several that decide an answer, the one that was put in
 * force first does. `first`: only so many requests that it applies to, counted by each process from its start.
 */
export type StandInFault =
  /** Nothing listens, and connections that were open are reset. */
  | { readonly kind: "not-listening" }
  /** It begins to listen so long after its process began. */
  | { readonly kind: "listens-late"; readonly delayMs: number }
  /** The input bindings' paths are answered 404 until so long after it began to listen, or after this was put in force. */
  | { readonly kind: "route-late"; readonly delayMs: number }
  /** An answer comes so much later; the work of a tick is done before that. */
  | {
      readonly kind: "answers-slowly";
      readonly requests: StandInRequests;
      readonly delayMs: number;
      readonly first?: number;
    }
  /** The request is taken and never answered. */
  | { readonly kind: "hangs"; readonly requests: StandInRequests; readonly first?: number }
  /** This status, in place of whatever else; a tick's work is not done. */
  | {
      readonly kind: "status";
      readonly requests: StandInRequests;
      readonly status: number;
      readonly first?: number;
    }
  /** The connection is reset when the request has come. */
  | { readonly kind: "resets"; readonly requests: StandInRequests; readonly first?: number };

/** What a stand-in main has counted since its process began. */
export interface StandInCounts {
  readonly options: number;
  /** Deliveries of input bindings that came in. */
  readonly ticks: number;
  /** Those that were answered 200. */
  readonly ticksDone: number;
  readonly others: number;
  readonly writes: number;
  readonly writesFailed: number;
}

export interface StandInAnswer {
  readonly standIn: "state";
  /** Of the state that is in force now. */
  readonly revision: number;
  readonly counts: StandInCounts;
}

/** `undefined`: a line for a person. */
export function readStandInAnswer(line: string): StandInAnswer | undefined {
  if (!line.startsWith('{"standIn":"state"')) return undefined;
  try {
    const answer: StandInAnswer = JSON.parse(line);
    return answer;
  } catch {
    return undefined;
  }
}
