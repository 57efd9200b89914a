import { bindingRoute, type DaprComponent } from "../../dapr/component-files.ts";
import { parseCronSchedule } from "../../dapr/cron-schedule.ts";
import type { DaprMetrics } from "../../dapr/dapr-metrics.ts";
import type { SiteRun } from "../../site/site-run.ts";
import { Deadline, delay } from "../../shared/clock.ts";
import { isBetweenTicks, type AnsweredTick, type KnownTicks } from "./between-ticks.ts";
import { cronBindingsOf, type WatchedSidecar } from "./when-to-stop.ts";

/** A binding's counters, read once. */
interface Reading {
  readonly atMs: number;
  readonly answered: number;
  readonly underWay: number;
  /** The last tick that was seen to be answered between two readings. */
  readonly last?: AnsweredTick;
}

interface WatchedBinding {
  readonly sidecar: WatchedSidecar;
  readonly component: DaprComponent;
}

/** How often daprd's counters are read. */
const READING_MS = 50;
/** A daprd that does not answer so long has nothing to wait for. */
const ANSWER_MS = 500;
/** The agent reads a trial's counters so often, and tells of a tick so much after its answer. */
const TOLD_WITHIN_MS = 250;

/** Follows the ticks of a trial's cron bindings closely, for the moment between two of them. */
export class TickWatch {
  readonly #site: SiteRun;
  readonly #bindings: readonly WatchedBinding[];
  readonly #readings = new Map<WatchedBinding, Reading>();

  constructor(site: SiteRun, sidecars: readonly WatchedSidecar[]) {
    this.#site = site;
    this.#bindings = sidecars.flatMap((sidecar) =>
      cronBindingsOf(sidecar).map((component) => ({ sidecar, component })),
    );
  }

  /** Whether no binding has a tick under way, or due soon. */
  get isBetweenTicks(): boolean {
    const nowMs = this.#site.timeline.now();
    const originWallMs = performance.timeOrigin + performance.now() - nowMs;
    return this.#bindings.every((binding) => {
      const ticks = this.#knownOf(binding);
      return ticks === undefined || isBetweenTicks(ticks, { nowMs, originWallMs });
    });
  }

  /** Resolves when none has, `mostMs` from now at the latest. @throws the signal's reason. */
  async betweenTicks(mostMs: number, signal: AbortSignal): Promise<void> {
    const endMs = performance.now() + mostMs;
    for (;;) {
      await this.#read(signal);
      if (this.isBetweenTicks || performance.now() >= endMs) return;
      await delay(READING_MS, signal);
    }
  }

  async #read(signal: AbortSignal): Promise<void> {
    await Promise.all(
      [...Map.groupBy(this.#bindings, ({ sidecar }) => sidecar)].map(async ([sidecar, bindings]) => {
        const metrics = await this.#ask(sidecar, signal);
        for (const binding of bindings) {
          if (metrics === undefined) this.#readings.delete(binding);
          else this.#note(binding, metrics);
        }
      }),
    );
    signal.throwIfAborted();
  }

  async #ask({ instance, container }: WatchedSidecar, signal: AbortSignal): Promise<DaprMetrics | undefined> {
    const dapr = this.#site.instances.find(({ name }) => name === instance)?.dapr(container);
    const limit = AbortSignal.any([signal, Deadline.in(ANSWER_MS).signal()]);
    return await dapr?.metrics({ signal: limit }).catch(() => undefined); // one that has ended ticks no more
  }

  #note(binding: WatchedBinding, metrics: DaprMetrics): void {
    const before = this.#readings.get(binding);
    const route = bindingRoute(binding.component);
    const atMs = this.#site.timeline.now();
    const answered = [...metrics.deliveryPosts(route).answers.values()].reduce((sum, one) => sum + one, 0);
    const last =
      before === undefined || answered <= before.answered
        ? before?.last
        : { seenMs: atMs, goodToMs: atMs - before.atMs, latencyMs: this.#toldOf(binding)?.latencyMs ?? 0 };
    const underWay = metrics.postsUnderWay(route);
    this.#readings.set(binding, { atMs, answered, underWay, ...(last === undefined ? {} : { last }) });
  }

  /** `undefined`: its daprd does not answer, or does not fire it. */
  #knownOf(binding: WatchedBinding): KnownTicks | undefined {
    const reading = this.#readings.get(binding);
    const schedule = parseCronSchedule(binding.component.metadata["schedule"] ?? "");
    if (reading === undefined || schedule.kind === "fault") return undefined;
    const last = reading.last ?? this.#toldOf(binding);
    return { schedule, underWay: reading.underWay, ...(last === undefined ? {} : { last }) };
  }

  #toldOf({ sidecar: { instance, container }, component }: WatchedBinding): AnsweredTick | undefined {
    const tick = this.#site.timeline
      .of("tick")
      .findLast(
        (one) => one.instance === instance && one.container === container && one.component === component.name,
      );
    return tick && { seenMs: tick.tMs, goodToMs: TOLD_WITHIN_MS, latencyMs: tick.latencyMs };
  }
}
