import type { AnswerFailure } from "../../../../harness/platform/storage-failure.ts";

/** What the failures of the moment make of one request. */
export interface RequestFate {
  readonly delayMs: number;
  /** What holds besides the delay, and which fault it is; `null`: storage's own answer. */
  readonly failure: { readonly fault: string; readonly how: DecidingFailure } | null;
}

/** All but a delay: only one of them can become of a request. */
export type DecidingFailure = Exclude<AnswerFailure, { readonly kind: "delayed" }>;

interface ActiveFailure {
  readonly failure: AnswerFailure;
  /** Requests that it still applies to. */
  left: number;
}

/** Failures of answers, each until it is healed or has met its requests. */
export class AnswerFailures {
  readonly #active = new Map<string, ActiveFailure>();

  get any(): boolean {
    return this.#active.size > 0;
  }

  add(fault: string, failure: AnswerFailure): void {
    this.#active.set(fault, { failure, left: failure.first ?? Infinity });
  }

  remove(fault: string): void {
    this.#active.delete(fault);
  }

  clear(): void {
    this.#active.clear();
  }

  /** What becomes of the next request. Each call is one request. */
  next(method: string): RequestFate {
    let delayMs = 0;
    let deciding: RequestFate["failure"] = null;
    for (const [fault, active] of this.#active) {
      const { failure } = active;
      if (active.left <= 0) continue;
      if (failure.method !== undefined && failure.method.toUpperCase() !== method) continue;
      if (failure.kind === "delayed") delayMs += failure.delayMs;
      else if (deciding === null) deciding = { fault, how: failure };
      else continue; // It has not met this request, so it is not counted.
      active.left--;
    }
    return { delayMs, failure: deciding };
  }
}
