import { bindingLives, type BindingLife, type Call } from "../binding-lives.ts";
import { seconds } from "../observation.ts";
import type { RunRecord } from "../run-record.ts";
import { doubtsOf, NO_TAP, tapViews, viewOfLife, type TapView } from "./tap-view.ts";
import { readingBeganMs, routePath, wireTicks, type WireTick } from "./wire-ticks.ts";

/** A cron binding during one life of its daprd, by the best that saw it. */
export interface SeenLife {
  /** Its calls are those of the wire where that was seen, and what daprd's counters have of posts that reached nobody. */
  readonly binding: BindingLife;
  /** `undefined`: the wire was not seen, and {@link SeenLife.binding} is daprd's counters'. */
  readonly ticks: readonly WireTick[] | undefined;
  /** Deliveries that daprd counted as failed and that the wire has not: the connection was refused. */
  readonly unreached: readonly Call[];
  /** Ticks on the wire after the observation: daprd may have counted them when it was asked for its counters, a little later. */
  readonly later: number;
  /** Why something may have happened that was not seen. */
  readonly doubts: readonly string[];
}

/** All lives of a cron binding in one instance. */
export interface SeenBinding {
  readonly component: string;
  readonly container: string;
  readonly instance: string;
  readonly seen: "wire" | "counters";
  /** With `counters`: why not the wire. */
  readonly whyNot?: string;
  readonly lives: readonly SeenLife[];
}

/** The kernel's times are exact; when daprd and the tap were ready for each other is not. */
const WIRE_GOOD_TO_MS = 100;

/** What is seen of a cron binding, instance by instance. Empty: the sidecars' files have none of that name. */
export function seenBindings(record: RunRecord, component: string): readonly SeenBinding[] {
  const views = tapViews(record);
  const all = bindingLives(record);
  const own = all.filter((life) => life.component.name === component);
  return [...Map.groupBy(own, ({ instance, container }) => `${instance} ${container}`).values()].flatMap(
    (lives) => {
      const [first] = lives;
      if (first === undefined) return [];
      const { instance, container } = first;
      const view = views.find((one) => one.instance === instance);
      const whyNot = view === undefined ? NO_TAP : whyNotWire(view, lives, all);
      const seen: SeenBinding["seen"] = whyNot === undefined ? "wire" : "counters";
      return [
        {
          component,
          container,
          instance,
          seen,
          ...(whyNot === undefined ? {} : { whyNot }),
          lives: lives.map((binding) =>
            view === undefined || whyNot !== undefined ? byCounters(binding) : byWire(record, view, binding),
          ),
        },
      ];
    },
  );
}

function whyNotWire(
  view: TapView,
  lives: readonly BindingLife[],
  all: readonly BindingLife[],
): string | undefined {
  const failed = view.gaps.find(({ gap }) => gap.reason === "tap-failed");
  if (failed !== undefined) return `the tap failed at +${seconds(failed.tMs)}: ${failed.gap.detail}`;
  const readFromMs = Math.min(...lives.map(({ activeFromMs, life }) => activeFromMs ?? life.toMs));
  if (view.beganMs > readFromMs) {
    return `the tap began at +${seconds(view.beganMs)}, after daprd had begun to read the binding`;
  }
  const twin = all.find((other) =>
    lives.some(
      ({ component, container }) =>
        other.container === container &&
        other.component.name !== component.name &&
        routePath(other.component) === routePath(component),
    ),
  );
  return twin === undefined
    ? undefined
    : `"${twin.component.name}" is posted to the same route, so the wire does not tell whose tick it is`;
}

function byCounters(binding: BindingLife): SeenLife {
  return { binding, ticks: undefined, unreached: [], later: 0, doubts: [] };
}

function byWire(record: RunRecord, all: TapView, binding: BindingLife): SeenLife {
  const view = viewOfLife(record, all, binding.life);
  const ticks = wireTicks(view, binding);
  const unreached = withoutPost(binding, ticks);
  const endMs = Math.min(record.observedUntilMs, binding.life.toMs);
  const calls = ticks.map(({ calledMs, doneMs, success }): Call => ({
    calledMs,
    doneMs: doneMs ?? endMs,
    success: success ?? false,
  }));
  return {
    binding: {
      ...binding,
      activeFromMs: readingBeganMs(view, binding) ?? binding.activeFromMs,
      calls: [...calls, ...unreached].toSorted((one, other) => one.calledMs - other.calledMs),
      goodToMs: WIRE_GOOD_TO_MS,
      unseen: { success: 0, failed: 0 },
      pending: 0,
    },
    ticks,
    unreached,
    later: binding.life.exit === undefined ? wireTicks({ ...all, exchanges: all.later }, binding).length : 0,
    doubts: doubtsOf(view, binding.container),
  };
}

/**
 * Each tick of the wire accounts for the counters' one that is nearest to it, whatever daprd took the answer for; failures that are
 * left had no post.
 */
function withoutPost({ calls }: BindingLife, ticks: readonly WireTick[]): readonly Call[] {
  if (calls.every(({ success }) => success)) return [];
  const left = [...calls];
  for (const { calledMs: tickMs, doneMs } of ticks) {
    if (doneMs === undefined || left.length === 0) continue;
    const distances = left.map(({ calledMs }) => Math.abs(calledMs - tickMs));
    left.splice(distances.indexOf(Math.min(...distances)), 1);
  }
  return left.filter(({ success }) => !success);
}
