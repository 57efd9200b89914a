import { isInputBinding } from "../dapr/component-files.ts";
import type { EventOf } from "../timeline/events.ts";
import type { Timeline } from "../timeline/timeline.ts";
import type { BuiltInContract, Judgement } from "./contract.ts";
import { observed } from "./observation.ts";

/** {@link firesOnce} of every cron binding; of a site that had one instance only there is nothing to say. */
export const firesOnceOfRun: BuiltInContract = {
  name: "firesOnce",
  promise: "A cron binding fires once for the whole site, however many instances run.",
  about:
    "Of a site that had several instances: two that ran at the same time have both fired the binding (A3.9).",
  symptoms: ['"…" fires in several instances'],
  judge: (record) => {
    if (record.instances.length < 2) return [];
    const cron = [...record.componentFiles.values()]
      .flatMap((files) => files.flatMap(({ components }) => components))
      .filter((component) => component.type === "bindings.cron" && isInputBinding(component) === "yes");
    const ticks = ticksToCompare(observed(record, "tick"), observed(record, "virtual.tick"));
    return [...new Set(cron.map(({ name }) => name))].map((component) => judgeTicks(ticks, component));
  },
};

/** An instance's ticks of one binding. */
interface TicksOfInstance {
  readonly instance: string;
  readonly ticks: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

/**
 * Contract: a cron binding fires once for the whole site. Each instance runs a full set of containers, so its cron fires once
 * per instance (A3.9): with three workers, or while a restart overlaps, the work is done several times.
 *
 * `broken` when instances that ran at the same time both fired it; `unknown` when it never fired.
 */
export function firesOnce(timeline: Timeline, component: string): Judgement {
  return judgeTicks(ticksToCompare(timeline.of("tick"), timeline.of("virtual.tick")), component);
}

type ComparedTick = Pick<EventOf<"tick">, "component" | "tMs" | "instance">;

/** In virtual time by when they were due, from the first of them on: that is when they would have come together. */
function ticksToCompare(
  real: readonly EventOf<"tick">[],
  virtual: readonly EventOf<"virtual.tick">[],
): readonly ComparedTick[] {
  if (virtual.length === 0) return real;
  const firstMs = Math.min(...virtual.map(({ due }) => Date.parse(due)));
  return virtual.map(({ component, due, instance }) => ({
    component,
    tMs: Date.parse(due) - firstMs,
    ...(instance === undefined ? {} : { instance }),
  }));
}

function judgeTicks(ticks: readonly ComparedTick[], component: string): Judgement {
  const contract = `firesOnce(${JSON.stringify(component)})`;
  const all = ticksByInstance(ticks, component);
  if (all.length === 0) {
    const evidence = [`no tick of "${component}" was seen`];
    return { contract, verdict: "unknown", nothingDue: true, evidence };
  }
  const evidence = all.map(
    ({ instance, ticks: count, firstMs, lastMs }) =>
      `instance ${instance}: ${count} ticks from +${seconds(firstMs)} s to +${seconds(lastMs)} s`,
  );
  const together = all.some((one, index) => all.slice(index + 1).some((other) => overlap(one, other)));
  if (!together) return { contract, verdict: "held", evidence };
  return {
    contract,
    verdict: "broken",
    symptom: `"${component}" fires in several instances`,
    evidence,
    remedy: `run the site on one worker, or let the handler of "${component}" take a lease (a blob lease, a lock) so that one instance does the work.`,
  };
}

function ticksByInstance(ticks: readonly ComparedTick[], component: string): readonly TicksOfInstance[] {
  const own = ticks.filter((tick) => tick.component === component);
  return [...Map.groupBy(own, ({ instance }) => instance ?? "the site")]
    .map(([instance, its]) => ({
      instance,
      ticks: its.length,
      firstMs: Math.min(...its.map(({ tMs }) => tMs)),
      lastMs: Math.max(...its.map(({ tMs }) => tMs)),
    }))
    .toSorted((one, other) => one.instance.localeCompare(other.instance));
}

function overlap(one: TicksOfInstance, other: TicksOfInstance): boolean {
  return one.firstMs <= other.lastMs && other.firstMs <= one.lastMs;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
