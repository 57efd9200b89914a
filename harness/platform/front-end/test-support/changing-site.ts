import type { SiteState } from "../../../timeline/site-state.ts";
import type { FrontEndSite, FrontEndWorker } from "../front-end-site.ts";

/** A site whose state and workers a test changes. */
export class ChangingSite implements FrontEndSite {
  readonly name = "Shop";
  explanation = "Main has not answered yet.";
  #state: SiteState = "Starting";
  #workers: readonly FrontEndWorker[] = [];
  readonly #watchers = new Set<() => void>();

  get state(): SiteState {
    return this.#state;
  }

  /** How many wait for a change. */
  get watched(): number {
    return this.#watchers.size;
  }

  workers(): readonly FrontEndWorker[] {
    return this.#workers;
  }

  /** The workers of a started site, or a state without any. */
  become(next: SiteState | readonly FrontEndWorker[]): void {
    this.#state = typeof next === "string" ? next : "Started";
    this.#workers = typeof next === "string" ? [] : next;
    for (const tell of this.#watchers) tell();
    this.#watchers.clear();
  }

  changed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#watchers.add(resolve);
      signal.addEventListener("abort", () => {
        this.#watchers.delete(resolve);
        reject(new Error("given up", { cause: signal.reason }));
      });
    });
  }
}
