import type { PlatformSettings } from "../../plan/platform-settings.ts";

/** Counts a worker's failed starts in a row: after some of them the site is Blocked for a while (A3.5). */
export class StartFailures {
  readonly #limit: number;
  #inARow = 0;

  constructor({ startFailuresUntilBlocked }: Pick<PlatformSettings, "startFailuresUntilBlocked">) {
    this.#limit = startFailuresUntilBlocked;
  }

  /** One more. `block`: the limit is reached, and the count begins anew after the block. */
  failed(): "retry" | "block" {
    this.#inARow++;
    if (this.#inARow < this.#limit) return "retry";
    this.#inARow = 0;
    return "block";
  }

  succeeded(): void {
    this.#inARow = 0;
  }
}
