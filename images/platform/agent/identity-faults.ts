import type { IdentityFailure } from "../../../harness/platform/agent-protocol.ts";

/** What the failures of the moment make of one request. */
export interface RequestFaults {
  readonly delayMs: number;
  /** `null`: answered as asked. */
  readonly status: number | null;
  readonly token: "good" | "wrong audience" | "expired";
}

interface ActiveFailure {
  readonly failure: IdentityFailure;
  /** Requests that it still applies to. */
  left: number;
}

/** The identity service's failures on demand: each lasts until it is healed, or until it has met its requests. */
export class IdentityFaults {
  readonly #active = new Map<string, ActiveFailure>();

  fail(fault: string, failure: IdentityFailure): void {
    const first = "first" in failure ? failure.first : undefined;
    this.#active.set(fault, { failure, left: first ?? Infinity });
  }

  heal(fault: string): void {
    this.#active.delete(fault);
  }

  healAll(): void {
    this.#active.clear();
  }

  /** Nothing is to listen. */
  get refused(): boolean {
    return [...this.#active.values()].some(({ failure }) => "refused" in failure);
  }

  /** What becomes of the next request. Each call is one request. */
  next(): RequestFaults {
    let delayMs = 0;
    let status: number | null = null;
    let token: RequestFaults["token"] = "good";
    for (const active of this.#active.values()) {
      if (active.left <= 0) continue;
      active.left--;
      const { failure } = active;
      if ("delayMs" in failure) delayMs += failure.delayMs;
      else if ("status" in failure) status ??= failure.status;
      else if ("wrongAudience" in failure) token = "wrong audience";
      else if ("expired" in failure) token = "expired";
    }
    return { delayMs, status, token };
  }
}
