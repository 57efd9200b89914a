import type { Happening, TimelineEvent } from "./events.ts";
import { Timeline } from "./timeline.ts";

/**
 * What one instance sees of a run's record: its own events and those that are the whole site's. What is recorded here is
 * recorded in the run, stamped with the instance.
 */
export class InstanceTimeline extends Timeline {
  readonly #run: Timeline;
  readonly #instance: string;
  readonly #close: () => void;

  /** @param instance `<worker>-<life>`, for example `0-1`. */
  constructor(run: Timeline, instance: string) {
    super();
    this.#run = run;
    this.#instance = instance;
    for (const event of run.events) this.#follow(event);
    this.#close = run.subscribe((event) => this.#follow(event));
  }

  override now(): number {
    return this.#run.now();
  }

  override at(wallMs: number): number {
    return this.#run.at(wallMs);
  }

  override record(happening: Happening, wallMs?: number): TimelineEvent {
    return this.#run.record(happening, wallMs, this.#instance);
  }

  /** Follows the run no longer; what was seen stays. */
  close(): void {
    this.#close();
  }

  #follow(event: TimelineEvent): void {
    if (event.instance === undefined || event.instance === this.#instance) this.add(event);
  }
}
