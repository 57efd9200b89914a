import { bindingRoute, type DaprComponent } from "../../dapr/component-files.ts";
import { parseCronSchedule } from "../../dapr/cron-schedule.ts";
import type { DaprMetrics } from "../../dapr/dapr-metrics.ts";
import type { SiteRun } from "../../site/site-run.ts";
import { Deadline, delay } from "../../shared/clock.ts";
import { isBetweenTicks, type KnownTicks } from "./between-ticks.ts";
import { cronBindingsOf, type WatchedSidecar } from "./when-to-stop.ts";

/** A binding's counters, read once, and what they tell together with the reading before. */
interface Reading extends Omit<KnownTicks, "schedule"> {
  readonly atMs: number;
  readonly sent: number;
}

/** Until daprd has answered once. */
const UNKNOWN: Reading = { atMs: 0, sent: Number.MAX_SAFE_INTEGER, underWay: 1 };

interface WatchedBinding {
  readonly sidecar: WatchedSidecar;
  readonly component: DaprComponent;
}

/** How often daprd's counters are read. */
const READING_MS = 50;
/** A daprd that takes longer to answer is asked anew; a busy one may have a tick under way. */
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
          if (metrics === "gone") this.#readings.delete(binding);
          else if (metrics === "silent") this.#readings.set(binding, this.#readings.get(binding) ?? UNKNOWN);
          else this.#note(binding, metrics);
        }
      }),
    );
    signal.throwIfAborted();
  }

  async #ask(
    { instance, container }: WatchedSidecar,
    signal: AbortSignal,
  ): Promise<DaprMetrics | "gone" | "silent"> {
    const dapr = this.#site.instances.find(({ name }) => name === instance)?.dapr(container);
    const limit = Deadline.in(ANSWER_MS).signal();
    const metrics = dapr?.metrics({ signal: AbortSignal.any([signal, limit]) });
    // Whoever refuses has ended, and ticks no more.
    return (await metrics?.catch(() => (limit.aborted ? "silent" : "gone"))) ?? "gone";
  }

  #note(binding: WatchedBinding, metrics: DaprMetrics): void {
    const route = bindingRoute(binding.component);
    const atMs = this.#site.timeline.now();
    const { sent } = metrics.deliveryPosts(route);
    const underWay = metrics.postsUnderWay(route);
    const before = this.#readings.get(binding);
    if (before === undefined || before === UNKNOWN) {
      this.#readings.set(binding, { ...this.#toldOf(binding), atMs, sent, underWay });
      return;
    }
    const isPosted = sent > before.sent;
    const isAnswered = sent - underWay > before.sent - before.underWay;
    this.#readings.set(binding, {
      ...before,
      atMs,
      sent,
      underWay,
      ...(isPosted ? { posted: { earliestMs: before.atMs, latestMs: atMs } } : {}),
      ...(isAnswered ? { answeredMs: atMs } : {}),
    });
  }

  /** `undefined`: its daprd does not answer, or does not fire it. */
  #knownOf(binding: WatchedBinding): KnownTicks | undefined {
    const reading = this.#readings.get(binding);
    const schedule = parseCronSchedule(binding.component.metadata["schedule"] ?? "");
    return reading === undefined || schedule.kind === "fault" ? undefined : { ...reading, schedule };
  }

  /** What the timeline has of its last tick. */
  #toldOf({
    sidecar: { instance, container },
    component,
  }: WatchedBinding): Pick<KnownTicks, "posted" | "answeredMs"> {
    const tick = this.#site.timeline
      .of("tick")
      .findLast(
        (one) => one.instance === instance && one.container === container && one.component === component.name,
      );
    if (tick === undefined) return {};
    const latestMs = tick.tMs - tick.latencyMs;
    return { posted: { earliestMs: latestMs - TOLD_WITHIN_MS, latestMs }, answeredMs: tick.tMs };
  }
}
