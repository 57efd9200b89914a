import { LATEST_MS } from "../schedule/check-moment.ts";
import type { Cue, Moment } from "../schedule/step.ts";
import { Deadline, delay } from "../shared/clock.ts";
import type { TimelineEvent } from "../timeline/events.ts";
import type { Timeline } from "../timeline/timeline.ts";
import { cueMatcher } from "./cues.ts";

/** A moment that is waited for. */
export interface ComingMoment {
  /**
   * Resolves when it has come, with when it was to come, in ms after the schedule began: with a cue, as the cue made it. Rejects
   * when it never will.
   */
  readonly planned: Promise<number>;
  readonly hasCome: boolean;
}

export interface StepMomentsParts {
  /** Of the whole run. */
  readonly timeline: Timeline;
  readonly began: TimelineEvent;
  /** Aborts when nothing is waited for any more. */
  readonly signal: AbortSignal;
  /** As in `StepHost`. */
  readonly untilReady: (worker: number, signal: AbortSignal) => Promise<void>;
}

/** Waits for the moments of a schedule that has begun. */
export class StepMoments {
  readonly #parts: StepMomentsParts;
  /** By worker: when its site was ready for the first time. One look for all that wait: a step may end it before another look. */
  readonly #ready = new Map<number, Promise<number>>();

  constructor(parts: StepMomentsParts) {
    this.#parts = parts;
  }

  /** When the schedule began, milliseconds since the run did. */
  get beganMs(): number {
    return this.#parts.began.tMs;
  }

  /** Begins to wait at once. @param worker whose events count. @param leadMs it comes so much too early, where it can. */
  coming(moment: Moment, worker: number, leadMs = 0): ComingMoment {
    const coming = { planned: this.#until(moment, worker, leadMs), hasCome: false };
    coming.planned.then(
      () => (coming.hasCome = true),
      () => undefined, // whoever awaits it has the failure
    );
    return coming;
  }

  async #until(moment: Moment, worker: number, leadMs: number): Promise<number> {
    const { timeline, signal } = this.#parts;
    const plannedMs =
      "atMs" in moment
        ? moment.atMs
        : Math.round((await this.#seen(moment.after, worker)) - this.beganMs) + (moment.plusMs ?? 0);
    const waitMs = this.beganMs + plannedMs - leadMs - timeline.now();
    if (waitMs > 0) await delay(waitMs, signal);
    return plannedMs;
  }

  /** When it happened, milliseconds since the run began. */
  async #seen(cue: Cue, worker: number): Promise<number> {
    const { timeline, signal, began } = this.#parts;
    if (cue.seen === "site-ready") return await this.#siteReady(worker);
    const isOfReady = cue.seen === "tick" && cue.ready === true;
    if (isOfReady) await this.#siteReady(worker);
    const since = isOfReady ? timeline.events.length : began.seq + 1;
    const event = await timeline.waitFor(cueMatcher(cue, { worker, since }), {
      deadline: Deadline.in(LATEST_MS),
      description: `the cue "${cue.seen}"`,
      signal,
    });
    return event.tMs;
  }

  #siteReady(worker: number): Promise<number> {
    const { timeline, signal, untilReady } = this.#parts;
    const asked = this.#ready.get(worker) ?? untilReady(worker, signal).then(() => timeline.now());
    this.#ready.set(worker, asked);
    return asked;
  }
}
