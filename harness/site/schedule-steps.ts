import type { FaultTarget } from "../faults/fault-target.ts";
import { inject, type InjectedFault } from "../faults/inject.ts";
import { LATEST_MS } from "../schedule/check-moment.ts";
import type { ContainerStep, FaultStep, ScheduledStep } from "../schedule/step.ts";
import { Deadline } from "../shared/clock.ts";
import type { Timeline } from "../timeline/timeline.ts";
import { actOnContainer, type ActedOnContainer } from "./act-on-container.ts";
import type { StartTimes } from "./start-times.ts";
import { StepMoments, type ComingMoment } from "./step-moments.ts";

/** What a step acts on: the present instance of one worker. */
export interface StepTarget extends FaultTarget {
  container(name: string): ActedOnContainer & ReturnType<FaultTarget["container"]>;
}

/** What the steps of a schedule need of the site that they are done to. */
export interface StepHost {
  /** Of the whole run. */
  readonly timeline: Timeline;
  /** Aborts when the run ends. */
  readonly signal: AbortSignal;
  target(worker: number): StepTarget;
  /** The worker's instance has started and is ready. Rejects when it never will be, and when `signal` aborts. */
  readonly untilReady: (worker: number, signal: AbortSignal) => Promise<void>;
  /** As the platform stops a site (A7.1). */
  stopSite(): Promise<unknown>;
  /** A start is called so much ahead of its moment. */
  readonly startTimes: Pick<StartTimes, "leadMs">;
}

/**
 * The steps of one run's schedule. They are the run's, not an instance's: a restart in between puts another instance in the
 * place of the one that they act on, and each is done once.
 *
 * Each is done at its moment, whatever others take, but for those of one container: they follow each other, at one moment in the
 * order of the list. One that can't be done is recorded with the reason, and hinders no other.
 */
export class ScheduleSteps {
  readonly #steps: readonly ScheduledStep[];
  readonly #host: StepHost;
  readonly #ceased = new AbortController();
  readonly #signal: AbortSignal;
  /** In the order in which they were put in force. */
  readonly #faults: InjectedFault[] = [];
  /** Those in force before the schedule began, and since when. */
  readonly #early = new Map<ScheduledStep, { readonly fault: InjectedFault; readonly sinceMs: number }>();
  /** What {@link end} waits for. */
  readonly #underWay = new Set<Promise<unknown>>();
  /** The last thing that is being done to each container. */
  readonly #lanes = new Map<string, Promise<unknown>>();
  #done: Promise<void> = Promise.resolve();

  constructor(steps: readonly ScheduledStep[], host: StepHost) {
    this.#steps = steps;
    this.#host = host;
    this.#signal = AbortSignal.any([host.signal, this.#ceased.signal]);
  }

  /** Resolves when each has been done, or never will be. */
  get done(): Promise<void> {
    return this.#done;
  }

  /**
   * Puts the faults in force that are on from the schedule's beginning, before it begins. If one can't be, none is.
   * @throws {SitecarError} what `inject` throws: unlike what goes wrong later, it is told at once.
   */
  async prepare(): Promise<void> {
    try {
      for (const step of this.#steps) {
        if (!isEarly(step)) continue;
        const fault = await this.#inject(step);
        this.#early.set(step, { fault, sinceMs: this.#host.timeline.now() });
      }
    } catch (error) {
      await this.heal().catch(() => undefined); // why one could not be put in force is the failure to tell
      throw error;
    }
  }

  /** Does the others at their moments, counted from the record's next `schedule.began`. */
  follow(): void {
    if (this.#steps.length > 0) this.#done = this.#follow();
  }

  /** Begins none any more, and waits for those under way. Faults stay as they are. */
  async end(): Promise<void> {
    this.#ceased.abort(new DOMException("the schedule has ended", "AbortError"));
    await Promise.allSettled(this.#underWay);
  }

  /** Undoes the schedule's faults that are still on, the last one first. @throws {SitecarError} the first failure. */
  async heal(): Promise<void> {
    const failures: unknown[] = [];
    for (const fault of this.#faults.toReversed()) {
      await fault.heal().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }

  async #follow(): Promise<void> {
    const { timeline, untilReady } = this.#host;
    const from = timeline.events.length;
    try {
      const began = await timeline.waitFor(
        (events) => events.slice(from).find(({ type }) => type === "schedule.began"),
        { deadline: Deadline.in(LATEST_MS), description: "the schedule to begin", signal: this.#signal },
      );
      const moments = new StepMoments({ timeline, began, signal: this.#signal, untilReady });
      const chains = Map.groupBy(this.#steps, chainOf);
      await Promise.all([...chains.values()].map((chain) => this.#inOrder(chain, moments)));
    } catch (error) {
      for (const step of this.#steps) this.#leave(step, this.#reasonOf(error));
    }
  }

  async #inOrder(chain: readonly ScheduledStep[], moments: StepMoments): Promise<void> {
    for (const step of chain) {
      try {
        if ("inject" in step) await this.#faultFromTo(step, moments);
        else if (step.do === "stop-site") await this.#stopSite(step, moments);
        else await this.#act(step, moments);
      } catch (error) {
        this.#leave(step, this.#reasonOf(error));
      }
    }
  }

  async #act(step: ContainerStep, moments: StepMoments): Promise<void> {
    const worker = step.worker ?? 0;
    const { timeline, startTimes } = this.#host;
    const leadMs = step.do === "start" ? startTimes.leadMs(step.container) : 0;
    const atMs = await moments.coming(step.when, worker, leadMs).planned;
    const container = this.#host.target(worker).container(step.container);
    await this.#inTurn(step, () =>
      actOnContainer(container, step, {
        timeline,
        worker,
        planned: { atMs, beganMs: moments.beganMs },
        onEffect: (tMs) => this.#record(step, tMs, { atMs, moments }),
      }),
    );
  }

  /** Not among what is under way: the stop waits for that. */
  async #stopSite(step: ScheduledStep, moments: StepMoments): Promise<void> {
    const atMs = await moments.coming(step.when, step.worker ?? 0).planned;
    this.#record(step, this.#host.timeline.now(), { atMs, moments });
    await this.#host.stopSite();
  }

  async #faultFromTo(step: FaultStep, moments: StepMoments): Promise<void> {
    const { timeline } = this.#host;
    const worker = step.worker ?? 0;
    const early = this.#early.get(step);
    // Both are waited for at once: the end may come first.
    const until = step.until === undefined ? undefined : moments.coming(step.until, worker);
    const atMs = early === undefined ? await moments.coming(step.when, worker).planned : 0;
    // Told late, both come at once: what counts is when they were to come.
    if (early === undefined && until?.hasCome === true && (await until.planned) <= atMs) {
      this.#leave(step, "its end came before its beginning");
      return;
    }
    const fault = early?.fault ?? (await this.#inTurn(step, () => this.#inject(step)));
    this.#record(step, early?.sinceMs ?? timeline.now(), { atMs, moments });
    if (until !== undefined) await this.#healAt(step, fault, { until, moments });
  }

  /** Without its end it lasts to the end of the run. */
  async #healAt(
    step: FaultStep,
    fault: InjectedFault,
    { until, moments }: { readonly until: ComingMoment; readonly moments: StepMoments },
  ): Promise<void> {
    try {
      const atMs = await until.planned;
      await this.#inTurn(step, () => fault.heal());
      this.#record(step, this.#host.timeline.now(), { atMs, moments, healed: true });
    } catch (error) {
      if (!this.#signal.aborted) this.#leave(step, `not healed: ${this.#reasonOf(error)}`);
    }
  }

  async #inject(step: FaultStep): Promise<InjectedFault> {
    const fault = await inject(this.#host.target(step.worker ?? 0), step.inject);
    this.#faults.push(fault);
    return fault;
  }

  #record(
    step: ScheduledStep,
    tMs: number,
    {
      atMs,
      moments,
      healed = false,
    }: { readonly atMs: number; readonly moments: StepMoments; readonly healed?: boolean },
  ): void {
    this.#host.timeline.record({
      type: "schedule.step",
      step,
      plannedMs: atMs,
      latenessMs: Math.round(tMs - moments.beganMs - atMs),
      ...(healed ? { healed } : {}),
    });
  }

  #leave(step: ScheduledStep, reason: string): void {
    this.#host.timeline.record({ type: "schedule.step-not-done", step, reason });
  }

  /** The first line says it; all of it is in the record where it is told. */
  #reasonOf(error: unknown): string {
    if (this.#signal.aborted) return "the site was stopped before its moment came";
    const [line = ""] = (error instanceof Error ? error.message : String(error)).split("\n", 1);
    return line;
  }

  /** After what is being done to the same container: a resume that comes while the engine still pauses it is meant to resume it. */
  async #inTurn<T>(step: ContainerStep | FaultStep, action: () => Promise<T>): Promise<T> {
    const lane = laneOf(step);
    const doing = (lane === undefined ? undefined : this.#lanes.get(lane)) ?? Promise.resolve();
    const mine = doing.then(async () => {
      this.#signal.throwIfAborted();
      return await action();
    });
    const over = mine.catch(() => undefined); // whoever waits for it has the failure
    if (lane !== undefined) this.#lanes.set(lane, over);
    this.#underWay.add(over);
    try {
      return await mine;
    } finally {
      this.#underWay.delete(over);
    }
  }
}

/** In force before the first start: what is done later than that can't be "from the beginning". */
function isEarly(step: ScheduledStep): step is FaultStep {
  return "inject" in step && "atMs" in step.when && step.when.atMs === 0;
}

/** Steps of one container at one moment are one chain; everything else is one by itself. */
function chainOf(step: ScheduledStep): unknown {
  return "container" in step ? JSON.stringify([step.when, laneOf(step)]) : step;
}

/** What is done to one container is done one after the other; faults that name none stand by themselves. */
function laneOf(step: ContainerStep | FaultStep): string | undefined {
  const container = "inject" in step ? step.inject["container"] : step.container;
  return container === undefined ? undefined : `${step.worker ?? 0} ${container}`;
}
