import { clockTime, dateAfterClock, dateOfClock } from "../dapr/daprd-clock.ts";
import { laterBy } from "../dapr/time-span.ts";
import { SitecarError } from "../errors/index.ts";
import { readVirtualTime } from "../plan/virtual-time.ts";
import type { Deadline } from "../shared/clock.ts";
import type { Timeline } from "../timeline/timeline.ts";
import type { Advanced, AdvanceOptions, DueTick, SiteClock, VirtualTick } from "./site-clock.ts";
import { checkTickCount, type CountedStep } from "./virtual-step.ts";
import { VirtualSidecars, type VirtualInstance, type VirtualSidecar } from "./virtual-sidecars.ts";
import { VirtualWalk } from "./virtual-walk.ts";

const ANSWER_WITHIN_MS = 60_000;
const MOST_TICKS = 10_000;

/** {@link SiteClock} of a run with virtual time. */
export class VirtualTime implements SiteClock {
  readonly #timeline: Timeline;
  readonly #signal: AbortSignal;
  readonly #sidecars: VirtualSidecars;
  /** As clocks write it. */
  #now: string;
  /** One step at a time. */
  #turn: Promise<unknown> = Promise.resolve();

  /** @param signal aborts when the run ends. */
  constructor(from: Date, timeline: Timeline, signal: AbortSignal) {
    this.#now = clockTime(from);
    this.#timeline = timeline;
    this.#signal = signal;
    this.#sidecars = new VirtualSidecars(
      () => this.#now,
      ({ container }, error) =>
        timeline.record({
          type: "observer.failed",
          observer: `virtual clock of ${container}`,
          detail: error instanceof Error ? error.message : String(error),
        }),
    );
    timeline.followVirtualTime(() => this.now());
  }

  now(): Date {
    return dateOfClock(this.#now);
  }

  /** Before anything of the instance is started. */
  attach(instance: VirtualInstance): void {
    this.#sidecars.attach(instance);
  }

  /** Every daprd that runs knows what time it is. @throws {SitecarError} NOT_READY */
  async untilTold(deadline: Deadline, signal: AbortSignal): Promise<void> {
    await this.#sidecars.untilTold(deadline, signal);
  }

  async nextTick(): Promise<DueTick | undefined> {
    return await this.#inTurn(async () => {
      const states = await Promise.all(
        this.#sidecars.all.map(async (sidecar) => {
          const state =
            sidecar.handle.state === "running" ? await this.#sidecars.stateOf(sidecar) : undefined;
          return { sidecar, bindings: state?.bindings ?? [] };
        }),
      );
      const [next] = states
        .flatMap(({ sidecar, bindings }) =>
          bindings.flatMap(({ name, next: due }) => (due === null ? [] : [{ sidecar, name, due }])),
        )
        .toSorted((one, other) => (one.due === other.due ? 0 : one.due < other.due ? -1 : 1));
      if (next === undefined) return undefined;
      const { instance, container } = next.sidecar;
      return { due: dateAfterClock(next.due), instance, container, component: next.name };
    });
  }

  async advance(span: string, options: AdvanceOptions = {}): Promise<Advanced> {
    return await this.#inTurn(async () => {
      const to = laterBy(this.now(), span);
      if (to !== undefined && !Number.isNaN(to.getTime())) {
        return await this.#goTo(to, { said: `by ${span}`, ...options });
      }
      throw new SitecarError("CLOCK_STEP_INVALID", {
        message: `the virtual clock can't go on by ${JSON.stringify(span)}.`,
        remedy: "write a Go duration (24h, 1h30m, 90s) or one of ISO 8601 (P1D, P1M, PT90S).",
      });
    });
  }

  async advanceTo(time: Date | string, options: AdvanceOptions = {}): Promise<Advanced> {
    const to = readVirtualTime(time, "the virtual clock can't go to");
    return await this.#inTurn(
      async () => await this.#goTo(to, { said: `to ${to.toISOString()}`, ...options }),
    );
  }

  async #goTo(
    date: Date,
    { said, ...options }: AdvanceOptions & { readonly said: string },
  ): Promise<Advanced> {
    const from = this.now();
    // What the clock shows may be finer than a date.
    const to = date.getTime() === from.getTime() ? this.#now : clockTime(date);
    if (to < this.#now) {
      throw new SitecarError("CLOCK_STEP_INVALID", {
        message: `the virtual clock can't go ${said}: it shows ${from.toISOString()}, and does not go back.`,
        remedy: "go on from there, or start the site with an earlier beginning of its virtual time.",
      });
    }
    const { signal = this.#signal } = options;
    const step: CountedStep = { said, to, most: options.mostTicks ?? MOST_TICKS };
    const sidecars = await this.#taking(step);
    const ticks: VirtualTick[] = [];
    const walk = new VirtualWalk({
      sidecars,
      timeline: this.#timeline,
      await: options.await ?? "answered",
      answerWithinMs: options.answerWithinMs ?? ANSWER_WITHIN_MS,
      signal: AbortSignal.any([signal, this.#signal]),
      onTick: (tick) => ticks.push(tick),
      onTime: (now) => {
        this.#now = now;
      },
    });
    const ended = (stopped?: unknown): void => {
      this.#timeline.record({
        type: "virtual.advanced",
        from: from.toISOString(),
        to: this.now().toISOString(),
        ticks: ticks.length,
        ...(stopped === undefined ? {} : { stopped: firstLine(stopped) }),
      });
    };
    try {
      await walk.go({ from: this.#now, to });
    } catch (error) {
      ended(error);
      throw error;
    }
    this.#now = to;
    ended();
    return { from, to: this.now(), ticks };
  }

  /** Those whose daprd runs, and knows what time it is. @throws {SitecarError} CLOCK_STEP_INVALID */
  async #taking(step: CountedStep): Promise<readonly VirtualSidecar[]> {
    const { all } = this.#sidecars;
    const paused = all.filter(({ handle }) => handle.state === "paused");
    if (paused.length > 0) {
      throw new SitecarError("CLOCK_STEP_INVALID", {
        message: `the virtual clock can't go ${step.said} while a Dapr sidecar is paused.`,
        observations: [
          {
            label: "paused",
            value: paused.map(({ container, instance }) => `${container} (${instance})`).join(", "),
          },
        ],
        remedy: "resume it before: a daprd that stands still can't be told what time it is.",
      });
    }
    const taking: VirtualSidecar[] = [];
    for (const sidecar of all) {
      if (sidecar.handle.state !== "running") continue;
      if ((await this.#sidecars.stateOf(sidecar)) !== undefined) taking.push(sidecar);
    }
    await checkTickCount(taking, step);
    return taking;
  }

  async #inTurn<T>(action: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(action, action);
    this.#turn = mine.catch(() => undefined);
    return await mine;
  }
}

function firstLine(error: unknown): string {
  const [line = ""] = (error instanceof Error ? error.message : String(error)).split("\n", 1);
  return line;
}
