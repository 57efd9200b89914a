import type { FrontEndSite, FrontEndWorker } from "../platform/front-end/front-end-site.ts";
import { inRotation } from "../platform/life/rotation.ts";
import type { SiteState } from "../timeline/site-state.ts";
import type { Timeline } from "../timeline/timeline.ts";
import type { Instance } from "./instance.ts";
import type { Worker } from "./worker.ts";

/** What the front end sees of a running site: its workers, which of them are in rotation, and why none is. */
export class FrontDoor implements FrontEndSite {
  readonly name: string;
  readonly #timeline: Timeline;
  readonly #waiting = new Set<() => void>();
  #workers: readonly Worker[] = [];
  #rotation: readonly number[] = [];

  constructor(name: string, timeline: Timeline) {
    this.name = name;
    this.#timeline = timeline;
  }

  /** From now on requests go to these; a slot swap exchanges them. */
  lead(workers: readonly Worker[], reason?: string): void {
    this.#workers = workers;
    for (const worker of workers) worker.onChange = () => this.#changed();
    this.#changed(reason);
  }

  get state(): SiteState {
    const states = this.#workers.map((worker) => worker.status.state);
    if (this.#rotation.length > 0) return "Started";
    return states.find((state) => state === "Starting") ?? states[0] ?? "Stopped";
  }

  get explanation(): string {
    return this.#workers
      .map(({ index, status: { state, details, lastError, lastErrorDetails } }) => {
        const error = lastError === null ? "" : ` Last error: ${lastError}. ${lastErrorDetails ?? ""}`;
        return `Worker ${index}: ${state} (${details}).${error}`;
      })
      .join(" ");
  }

  workers(): readonly FrontEndWorker[] {
    return this.#workers
      .filter(({ index }) => this.#rotation.includes(index))
      .flatMap(({ instanceId, serving }) =>
        serving === undefined ? [] : [{ instanceId, origin: serving.origin }],
      );
  }

  changed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (action: () => void): void => {
        this.#waiting.delete(wake);
        signal.removeEventListener("abort", onAbort);
        action();
      };
      const wake = (): void => settle(resolve);
      const onAbort = (): void => settle(() => reject(signal.reason));
      this.#waiting.add(wake);
      signal.addEventListener("abort", onAbort, { once: true });
      if (signal.aborted) onAbort();
    });
  }

  #changed(reason?: string): void {
    const before = this.#rotation;
    this.#rotation = inRotation(
      this.#workers.map(({ index, serving, healthy }) => ({
        worker: index,
        warm: serving !== undefined,
        healthy,
      })),
      Math.max(0, ...this.#workers.map(({ serving }) => mostExcludedPercent(serving))),
    );
    for (const { index, serving, healthy } of this.#workers) {
      const now = this.#rotation.includes(index);
      if (now === before.includes(index)) continue;
      const why =
        serving === undefined ? "no instance is warm" : healthy ? "its instance is warm" : "unhealthy";
      this.#timeline.record({
        type: "rotation.changed",
        worker: index,
        inRotation: now,
        reason: reason ?? why,
      });
    }
    for (const wake of this.#waiting) wake();
  }
}

function mostExcludedPercent(serving: Instance | undefined): number {
  return serving?.plan.settings.healthCheckMaxUnhealthyWorkerPercent ?? 0;
}
