import { dateOfClock, isTrouble, type ClockAdvance, type ClockTick } from "../dapr/daprd-clock.ts";
import { SitecarError } from "../errors/index.ts";
import type { Timeline } from "../timeline/timeline.ts";
import type { VirtualTick } from "./site-clock.ts";
import type { VirtualSidecar } from "./virtual-sidecars.ts";

export interface VirtualWalkParts {
  /** In the order in which those of the same time are fired. */
  readonly sidecars: readonly VirtualSidecar[];
  readonly timeline: Timeline;
  readonly await: "answered" | "started";
  readonly answerWithinMs: number;
  readonly signal: AbortSignal;
  readonly onTick: (tick: VirtualTick) => void;
  /** The time that all have come to, or to which the first of them goes now. */
  readonly onTime: (now: string) => void;
}

/** One step of the virtual clock: all clocks go from tick to tick together, so that ticks of several come in their order. */
export class VirtualWalk {
  readonly #parts: VirtualWalkParts;
  /** When each one's next tick is due; one whose daprd has ended is not in it. */
  readonly #next = new Map<VirtualSidecar, string | null>();

  constructor(parts: VirtualWalkParts) {
    this.#parts = parts;
  }

  /** @throws {SitecarError} TICK_UNANSWERED, CLOCK_FAILED, RUN_STOPPED. */
  async go({ from, to }: { readonly from: string; readonly to: string }): Promise<void> {
    const { sidecars, onTime } = this.#parts;
    let now = from;
    for (const sidecar of sidecars) {
      const state = await sidecar.clock.state();
      if (!isTrouble(state)) this.#next.set(sidecar, state.next);
    }
    for (;;) {
      this.#checkStopped();
      const due = [...this.#next.values()].filter((next): next is string => next !== null && next <= to);
      const [moment] = due.toSorted();
      // What is overdue is fired where the clock stands.
      if (moment === undefined || moment > now) now = moment ?? to;
      onTime(now);
      for (const sidecar of sidecars) {
        if (this.#next.has(sidecar)) await this.#bring(sidecar, now);
      }
      if (moment === undefined) return;
    }
  }

  /** One clock to a moment, by way of all that is due until then. */
  async #bring(sidecar: VirtualSidecar, moment: string): Promise<void> {
    for (;;) {
      this.#checkStopped();
      const answer = await sidecar.clock.advance(moment, {
        await: this.#parts.await,
        withinMs: this.#parts.answerWithinMs,
      });
      if (isTrouble(answer)) {
        // Its daprd has ended: what it would have fired is not fired, as in real time.
        this.#next.delete(sidecar);
        return;
      }
      for (const tick of answer.ticks) this.#tell(sidecar, tick);
      if (answer.stopped !== null) throw this.#stopped(sidecar, answer);
      this.#next.set(sidecar, answer.next);
      if (answer.now >= moment && (answer.next === null || answer.next > moment)) return;
    }
  }

  #tell({ instance, container }: VirtualSidecar, tick: ClockTick): void {
    const { timeline, onTick } = this.#parts;
    const { binding: component, due, startedMs, tookMs, error } = tick;
    const told = {
      container,
      component,
      outcome: this.#outcomeOf(tick),
      latencyMs: Math.round(tookMs * 1000) / 1000,
      ...(error === null ? {} : { detail: error }),
    };
    timeline.record(
      { type: "virtual.tick", ...told, due: dateOfClock(due).toISOString() },
      startedMs === null ? undefined : startedMs + tookMs,
      instance,
    );
    onTick({ ...told, instance, due: dateOfClock(due) });
  }

  #outcomeOf({ startedMs, answered, error }: ClockTick): VirtualTick["outcome"] {
    if (answered) return error === null ? "succeeded" : "failed";
    if (startedMs === null) return "dropped";
    return this.#parts.await === "started" ? "started" : "unanswered";
  }

  #checkStopped(): void {
    const { signal } = this.#parts;
    if (!signal.aborted) return;
    if (signal.reason instanceof SitecarError) throw signal.reason;
    throw new SitecarError("RUN_STOPPED", {
      message: "the virtual clock was stopped on its way.",
      remedy: "nothing to mend: something else ended it. The clock shows how far it came.",
      cause: signal.reason,
    });
  }

  #stopped({ container, instance }: VirtualSidecar, { ticks, stopped }: ClockAdvance): SitecarError {
    const last = ticks.at(-1);
    const { answerWithinMs } = this.#parts;
    const limit = `${answerWithinMs / 1000} s of real time`;
    if (last === undefined || last.answered) {
      return new SitecarError("CLOCK_FAILED", {
        message: `the clock of the daprd in "${container}" did not go on in ${limit}.`,
        observations: [
          { label: "instance", value: instance },
          { label: "it said", value: stopped ?? "" },
        ],
        remedy: "read the sidecar's log in the run's folder: a cron of this daprd did not set its timer.",
      });
    }
    return new SitecarError("TICK_UNANSWERED", {
      message: `the app did not answer the tick of "${last.binding}" that was due at ${dateOfClock(last.due).toISOString()} (virtual time) in ${limit}.`,
      observations: [{ label: "sidecar", value: `${container} (${instance})` }],
      remedy:
        'see what the handler waits for; allow it more time (`answerWithinMs`), or go on without its answer (`await: "started"`). daprd itself has no limit.',
    });
  }
}
