import type { ReleaseStack } from "../shared/release-stack.ts";

/** `life` ends when `signal` aborts, with its reason, until the stack is disposed. One that has aborted already ends nothing. */
export function endWithSignal(life: AbortController, signal: AbortSignal, stack: ReleaseStack): void {
  const onAbort = (): void => life.abort(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  stack.defer("stop signal", () => signal.removeEventListener("abort", onAbort));
}
