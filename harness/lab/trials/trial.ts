import type { RunRecord } from "../../contracts/run-record.ts";
import { judgeReadiness } from "../../dapr/readiness.ts";
import { takeSnapshot } from "../../dapr/snapshot.ts";
import type { Instance } from "../../site/instance.ts";
import type { PreparedTrial } from "../../site/prepared-trial.ts";
import type { SiteRun } from "../../site/site-run.ts";
import { cuesOf, momentsOf } from "../../schedule/step.ts";
import { delay } from "../../shared/clock.ts";
import type { TrialLimits } from "./laboratory-options.ts";
import { TickWatch } from "./tick-watch.ts";
import type { Timetable } from "./timetable.ts";
import { whenToStop, type SidecarLook, type TrialView, type WatchedSidecar } from "./when-to-stop.ts";

/** What a trial has left to be judged by. */
export interface TrialEnd {
  /** Why it was not looked at any longer. */
  readonly why: string;
  readonly record: RunRecord;
}

export interface TrialParts {
  readonly limits: TrialLimits;
  readonly timetable: Timetable;
  readonly signal: AbortSignal;
}

/** How long a stop keeps the machine busy, about: the signals, the ends of the containers, the last look. */
const STOPPING_MS = 300;
/** A stop waits no longer for its time: the site goes on meanwhile, and the next tick comes. */
const LONGEST_WAIT_MS = 400;
/** For so long it waits at all. */
const COURTEOUS_FOR_MS = 2_000;
/** A site whose ticks leave no time between them is stopped all the same. */
const LONGEST_AIM_MS = 4_000;

/**
 * Runs a prepared trial: its schedule begins at once; it is watched until it has shown everything, looked at for the last time,
 * and stopped as the platform stops a site, between two ticks: what a stop in a tick does is for the schedules to show that say so.
 * @throws {SitecarError} a fault of the harness, or the signal's reason.
 */
export async function runTrial(
  trial: PreparedTrial,
  { limits, timetable, signal }: TrialParts,
): Promise<TrialEnd> {
  const site = trial.begin();
  await site.untilBegun();
  const watch = new TrialWatch(site, limits);
  const why = await watch.untilEnd(AbortSignal.any([signal, site.signal]));
  const ticks = new TickWatch(site, watch.tickingSidecars);
  const beganMs = performance.now();
  for (;;) {
    await ticks.betweenTicks(LONGEST_AIM_MS - (performance.now() - beganMs), signal);
    // The wait for the machine may lead into a tick; then the next pause is waited for, and at last taken as it comes.
    const longestWaitMs = performance.now() - beganMs < COURTEOUS_FOR_MS ? LONGEST_WAIT_MS : 0;
    const stop = async (): Promise<TrialEnd | undefined> =>
      ticks.isBetweenTicks || performance.now() - beganMs >= LONGEST_AIM_MS
        ? await conclude(site, trial, { why, signal })
        : undefined;
    const end = await timetable.doWork(STOPPING_MS, stop, { longestWaitMs, signal });
    if (end !== undefined) return end;
  }
}

async function conclude(
  site: SiteRun,
  { storage }: PreparedTrial,
  { why, signal }: { readonly why: string; readonly signal: AbortSignal },
): Promise<TrialEnd> {
  site.timeline.record({ type: "phase", name: "observed", detail: why });
  // What is there before the stop; the run's conclusion looks again at what was under way then.
  await storage?.look(signal);
  return { why, record: await site.conclude() };
}

/** Follows a trial's record, and asks its daprds where that tells more. */
class TrialWatch {
  readonly #site: SiteRun;
  readonly #limits: TrialLimits;
  readonly #looks = new Map<string, SidecarLook>();
  readonly #read = new Set<string>();
  readonly #asked = new Map<string, Promise<void>>();
  #scheduleDoneMs: number | undefined;
  #isReady = false;
  #wake = new AbortController();

  constructor(site: SiteRun, limits: TrialLimits) {
    this.#site = site;
    this.#limits = limits;
    void this.#noteScheduleDone();
  }

  async #noteScheduleDone(): Promise<void> {
    await Promise.all([
      this.#site.steps.done,
      ...this.#site.instances.map((instance) => instance.scheduleDone),
    ]);
    this.#scheduleDoneMs = this.#site.timeline.now();
    this.#wake.abort();
  }

  /** Resolves with the reason why there is nothing more to see. */
  async untilEnd(signal: AbortSignal): Promise<string> {
    const unsubscribe = this.#site.timeline.subscribe(() => this.#wake.abort());
    try {
      for (;;) {
        signal.throwIfAborted();
        this.#wake = new AbortController();
        this.#tellReady();
        const view = this.#view();
        const decision = whenToStop(view);
        if ("stop" in decision) return decision.stop;
        for (const sidecar of decision.lookAt) this.#lookAt(sidecar, signal);
        const wakes = AbortSignal.any([this.#wake.signal, signal]);
        await delay(decision.againMs - view.nowMs, wakes).catch(() => undefined);
        // What happens in the same moment is looked at together.
        await delay(1);
      }
    } finally {
      unsubscribe();
      await Promise.all(this.#asked.values());
    }
  }

  /** The daprds that fire cron bindings, unless the schedule has stopped the site. */
  get tickingSidecars(): readonly WatchedSidecar[] {
    const isStopped = this.#site.instances.every(({ status }) => status.details === "Stopped");
    return isStopped ? [] : this.#view().sidecars;
  }

  #view(): TrialView {
    const { timeline, instances, plan } = this.#site;
    const { starts, steps = [] } = plan.schedule;
    const moments = steps.flatMap(momentsOf);
    const planned = [
      ...starts.map(({ atMs }) => atMs ?? 0),
      ...moments.map((moment) => ("atMs" in moment ? moment.atMs : 0)),
    ];
    const beganMs = timeline.of("schedule.began")[0]?.tMs ?? 0;
    const nowMs = timeline.now();
    return {
      nowMs,
      originWallMs: performance.timeOrigin + performance.now() - nowMs,
      events: timeline.events,
      instances: instances.map(({ name }) => name),
      mainContainer: plan.mainContainer,
      sidecars: instances.flatMap((instance) => this.#sidecarsOf(instance)),
      ...(this.#scheduleDoneMs === undefined ? {} : { scheduleDoneMs: this.#scheduleDoneMs }),
      lastPlannedMs: beganMs + Math.max(0, ...planned),
      cues: cuesOf(steps),
      limits: this.#limits,
    };
  }

  #sidecarsOf(instance: Instance): readonly WatchedSidecar[] {
    return [...instance.allComponentFiles()].map(([container, files]) => {
      const look = this.#looks.get(keyOf(instance.name, container));
      return { instance: instance.name, container, files, ...(look === undefined ? {} : { look }) };
    });
  }

  /** One question at a time. What can't be asked is no answer, and asked again. */
  #lookAt({ instance: name, container }: WatchedSidecar, signal: AbortSignal): void {
    const key = keyOf(name, container);
    const instance = this.#site.instances.find((one) => one.name === name);
    if (instance === undefined || this.#asked.has(key)) return;
    const asked = this.#look(instance, container, signal)
      .catch(() => undefined)
      .finally(() => {
        this.#asked.delete(key);
        this.#wake.abort();
      });
    this.#asked.set(key, asked);
  }

  async #look(instance: Instance, container: string, signal: AbortSignal): Promise<void> {
    const key = keyOf(instance.name, container);
    // daprd runs by now: an entrypoint that makes the files has made them.
    if (!this.#read.has(key) && instance.componentFiles(container).length === 0) {
      await instance.readComponentFilesAgain(container);
    }
    this.#read.add(key);
    const tMs = this.#site.timeline.now();
    const snapshot = await takeSnapshot(instance.dapr(container), signal);
    const readiness = judgeReadiness(instance.componentFiles(container), snapshot);
    this.#looks.set(key, { tMs, snapshot, readiness });
  }

  /** As `untilReady` of a running site tells it, once. */
  #tellReady(): void {
    const { timeline, instances } = this.#site;
    const isReady = instances.every(
      (one) =>
        one.status.details === "Started" &&
        one.plan.daprSidecars.every(
          ({ container }) => this.#looks.get(keyOf(one.name, container))?.readiness.ready === true,
        ),
    );
    if (!isReady || this.#isReady) return;
    this.#isReady = true;
    timeline.record({ type: "phase", name: "site ready" });
  }
}

function keyOf(instance: string, container: string): string {
  return `${instance} ${container}`;
}
