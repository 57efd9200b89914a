import type {
  StandInFault,
  StandInRequests,
  StandInState,
} from "../../../harness/platform/stand-in/stand-in-protocol.ts";

export type RequestKind = Exclude<StandInRequests, "all">;

/** What becomes of one request. */
export interface Fate {
  /** The answer, if there is one, comes so much later. */
  readonly delayMs: number;
  readonly outcome: "served" | "hangs" | "reset" | { readonly status: number };
}

/** Whether and when it is to listen. */
export type Listening = "never" | { readonly afterStartMs: number };

interface ActiveFault {
  readonly fault: StandInFault;
  /** Milliseconds since the process began when it was told. */
  readonly sinceMs: number;
  /** Requests that it still applies to. */
  left: number;
}

const NOTHING: Omit<StandInState, "port"> = { revision: 0, routes: [], faults: [] };

/** From what the harness says to what is done; without sockets and clocks of its own. Times are since the process began. */
export class Behaviour {
  #state = NOTHING;
  #active = new Map<string, ActiveFault>();
  /** When it began to listen; `undefined`: it does not. */
  listeningSinceMs: number | undefined;

  /** From now on this holds. A fault that goes on keeps its count of requests. */
  follow(state: Omit<StandInState, "port">, nowMs: number): void {
    this.#state = state;
    this.#active = new Map(
      state.faults.map(({ id, fault }): [string, ActiveFault] => {
        const first = "first" in fault ? fault.first : undefined;
        return [id, this.#active.get(id) ?? { fault, sinceMs: nowMs, left: first ?? Infinity }];
      }),
    );
  }

  get revision(): number {
    return this.#state.revision;
  }

  get listening(): Listening {
    const faults = this.#of("not-listening", "listens-late");
    if (faults.some(({ fault }) => fault.kind === "not-listening")) return "never";
    return { afterStartMs: sum(faults.map(({ fault }) => ("delayMs" in fault ? fault.delayMs : 0))) };
  }

  /** daprd asks for a route by OPTIONS, and delivers by POST. */
  kindOf(method: string, path: string): RequestKind {
    if (method === "OPTIONS") return "options";
    return method === "POST" && this.#isRoute(path) ? "ticks" : "others";
  }

  /** Each call is one request. */
  next(method: string, path: string, nowMs: number): Fate {
    const kind = this.kindOf(method, path);
    const meets = [...this.#active.values()].filter(({ fault, left }) => left > 0 && appliesTo(fault, kind));
    const slow = meets.filter(({ fault }) => fault.kind === "answers-slowly");
    for (const one of slow) one.left--;
    const delayMs = sum(slow.map(({ fault }) => ("delayMs" in fault ? fault.delayMs : 0)));
    const decides = meets.find(({ fault }) => fault.kind !== "answers-slowly");
    if (decides !== undefined) {
      decides.left--;
      return { delayMs, outcome: outcomeOf(decides.fault) };
    }
    return { delayMs, outcome: this.#own(kind, path, nowMs) };
  }

  /** What a main that is well answers. */
  #own(kind: RequestKind, path: string, nowMs: number): Fate["outcome"] {
    if (kind === "others") return NOT_HERE.has(path) ? { status: 404 } : { status: 200 };
    if (!this.#isRoute(path) || this.#isLate(nowMs)) return { status: 404 };
    return kind === "options" ? { status: 200 } : "served";
  }

  /** Of several delays the last one to end counts. */
  #isLate(nowMs: number): boolean {
    return this.#of("route-late").some(({ fault, sinceMs }) => {
      const from = Math.max(sinceMs, this.listeningSinceMs ?? nowMs);
      return "delayMs" in fault && nowMs < from + fault.delayMs;
    });
  }

  #isRoute(path: string): boolean {
    return this.#state.routes.includes(path);
  }

  #of(...kinds: readonly StandInFault["kind"][]): readonly ActiveFault[] {
    return [...this.#active.values()].filter(({ fault }) => kinds.includes(fault.kind));
  }
}

/** Where daprd asks an app for more than its bindings: an app without them answers so. */
const NOT_HERE: ReadonlySet<string> = new Set(["/dapr/config", "/dapr/subscribe"]);

function appliesTo(fault: StandInFault, kind: RequestKind): boolean {
  return "requests" in fault && (fault.requests === "all" || fault.requests === kind);
}

function outcomeOf(fault: StandInFault): Fate["outcome"] {
  if (fault.kind === "status") return { status: fault.status };
  return fault.kind === "resets" ? "reset" : "hangs";
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
