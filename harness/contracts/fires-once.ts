import { isInputBinding } from "../dapr/component-files.ts";
import type { EventOf, EventType } from "../timeline/events.ts";
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
    const compared = compare((type) => observed(record, type));
    return [...new Set(cron.map(({ name }) => name))].map((component) => judgeTicks(compared, component));
  },
};

/** An instance's ticks of one binding. */
interface TicksOfInstance {
  readonly instance: string;
  readonly ticks: number;
  readonly firstMs: number;
  readonly lastMs: number;
  /** Until then it could have fired again; as long as it ran, mostly beyond its last tick. */
  readonly untilMs: number;
}

/**
 * Contract: a cron binding fires once for the whole site. Each instance runs a full set of containers, so its cron fires once
 * per instance (A3.9): with three workers, or while a restart overlaps, the work is done several times.
 *
 * `broken` when instances that ran at the same time both fired it; `unknown` when it never fired.
 */
export function firesOnce(timeline: Timeline, component: string): Judgement {
  return judgeTicks(
    compare((type) => timeline.of(type)),
    component,
  );
}

type ComparedTick = Pick<EventOf<"tick">, "component" | "container" | "tMs" | "instance">;

interface Compared {
  readonly ticks: readonly ComparedTick[];
  /** Since when an instance that has fired fires no more; absent: it goes on. */
  readonly endOf: (ticks: readonly ComparedTick[]) => number | undefined;
}

type ReadEvents = <T extends EventType>(type: T) => readonly EventOf<T>[];

/** In virtual time by when they were due, from the first of them on: that is when they would have come together. */
function compare(read: ReadEvents): Compared {
  const virtual = read("virtual.tick");
  if (virtual.length === 0) {
    const ends = [
      ...read("platform.state").filter(({ details }) => details === "StoppingSite"),
      ...read("container.exited"),
    ];
    return { ticks: read("tick"), endOf: (ticks) => firstEndAfter(ticks, ends) };
  }
  const firstMs = Math.min(...virtual.map(({ due }) => Date.parse(due)));
  const ticks = virtual.map(({ component, container, due, instance }) => ({
    component,
    container,
    tMs: Date.parse(due) - firstMs,
    ...(instance === undefined ? {} : { instance }),
  }));
  return { ticks, endOf: (its) => its.at(-1)?.tMs };
}

/** When the instance was stopped, or the sidecar that fired for it has ended, after the last of its ticks. */
function firstEndAfter(
  ticks: readonly ComparedTick[],
  ends: readonly (EventOf<"platform.state"> | EventOf<"container.exited">)[],
): number | undefined {
  const last = ticks.at(-1);
  return ends
    .filter(
      (end) =>
        end.instance === last?.instance &&
        end.tMs >= (last?.tMs ?? 0) &&
        (end.type === "platform.state" || end.container === last?.container),
    )
    .map(({ tMs }) => tMs)
    .toSorted((one, other) => one - other)[0];
}

function judgeTicks(compared: Compared, component: string): Judgement {
  const contract = `firesOnce(${JSON.stringify(component)})`;
  const all = ticksByInstance(compared, component);
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

function ticksByInstance({ ticks, endOf }: Compared, component: string): readonly TicksOfInstance[] {
  const own = ticks.filter((tick) => tick.component === component);
  return [...Map.groupBy(own, ({ instance }) => instance ?? "the site")]
    .map(([instance, unsorted]) => {
      const its = unsorted.toSorted((one, other) => one.tMs - other.tMs);
      const [firstMs = 0, lastMs = 0] = [its[0]?.tMs, its.at(-1)?.tMs];
      return { instance, ticks: its.length, firstMs, lastMs, untilMs: endOf(its) ?? Infinity };
    })
    .toSorted((one, other) => one.instance.localeCompare(other.instance));
}

/** One fired while the other, which fires too, was there. */
function overlap(one: TicksOfInstance, other: TicksOfInstance): boolean {
  return one.firstMs <= other.untilMs && other.firstMs <= one.untilMs;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
