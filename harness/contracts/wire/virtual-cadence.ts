import { distributionOf } from "../../shared/distribution.ts";
import type { EventOf } from "../../timeline/events.ts";
import { observed } from "../observation.ts";
import type { RunRecord } from "../run-record.ts";
import type { Cadence } from "./cadence-figures.ts";
import type { SeenBinding } from "./seen-binding.ts";
import { exact } from "./tick-steps.ts";

/**
 * The cadence of a run whose cron followed virtual time: its clock let each tick fire by itself, and waited for what came of it. So
 * intervals are those between the times at which ticks were due, and there is neither jitter nor a phase.
 */
export function virtualCadence(
  record: RunRecord,
  { component, container, instance, lives }: SeenBinding,
): Cadence {
  const ticks = virtualTicks(record, { component, container, instance });
  const dues = ticks.map(({ due }) => Date.parse(due)).toSorted((one, other) => one - other);
  const of = (...outcomes: readonly string[]): number =>
    ticks.filter(({ outcome }) => outcomes.includes(outcome)).length;
  return {
    component,
    instance,
    schedule: lives[0]?.binding.component.metadata["schedule"] ?? "",
    seen: "virtual",
    goodToMs: 0,
    ticks: ticks.length - of("dropped"),
    unreached: 0,
    failed: of("failed"),
    firstTicks: [],
    intervalMs: distributionOf(dues.slice(1).map((due, index) => exact(due - (dues[index] ?? due)))),
    jitterMs: null,
    missed: of("dropped"),
    // One that was not waited for may have come.
    missedUncertain: true,
    duplicated: 0,
    retried: 0,
    overlapping: 0,
    mostAtOnce: Math.min(1, ticks.length),
    phases: [],
  };
}

/** In words: ticks of which it is not known what came of them. */
export function unawaited(record: RunRecord, binding: SeenBinding): readonly string[] {
  const ticks = virtualTicks(record, binding);
  const open = ticks.filter(({ outcome }) => outcome === "started" || outcome === "unanswered").length;
  return open === 0 ? [] : [`of ${open} of ${ticks.length} ticks it is not known what came of them`];
}

function virtualTicks(
  record: RunRecord,
  { component, container, instance }: Pick<SeenBinding, "component" | "container" | "instance">,
): readonly EventOf<"virtual.tick">[] {
  return observed(record, "virtual.tick").filter(
    (tick) => tick.component === component && tick.container === container && tick.instance === instance,
  );
}
