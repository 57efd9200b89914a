import type { EventOf } from "../../timeline/events.ts";
import { exchangesOf, type SeenExchange } from "../../wire/exchange.ts";
import { livesOf, observed, seconds, type Life } from "../observation.ts";
import type { RunRecord } from "../run-record.ts";

/** What the tap saw of one instance. */
export interface TapView {
  readonly instance: string;
  readonly beganMs: number;
  /** Those that began within the observation, in the order of their beginnings. */
  readonly exchanges: readonly SeenExchange[];
  /** Those after it, until the site had stopped. */
  readonly later: readonly SeenExchange[];
  readonly gaps: readonly EventOf<"tap.gap">[];
}

/** For an evidence or a remedy where a contract needs the wire. */
export const NO_TAP = "the run had no tap";
export const WITH_TAP =
  "run the site with its tap: sitecar up --tap, or startSite(definition, { tap: true }).";

/** The instances whose wire was seen, in the order of their making. */
export function tapViews(record: RunRecord): readonly TapView[] {
  const began = observed(record, "tap.began");
  if (began.length === 0) return [];
  const all = exchangesOf(record.events);
  return record.instances.flatMap((instance) => {
    const first = began.find((event) => event.instance === instance);
    if (first === undefined) return [];
    const own = all.filter((exchange) => exchange.instance === instance);
    return [
      {
        instance,
        beganMs: first.tMs,
        exchanges: own.filter(({ times }) => times.startMs <= record.observedUntilMs),
        later: own.filter(({ times }) => times.startMs > record.observedUntilMs),
        gaps: observed(record, "tap.gap").filter((event) => event.instance === instance),
      },
    ];
  });
}

/**
 * The view with nothing but what was exchanged in one life of a container. That begins where the life before ended: on a busy machine
 * the harness hears of a start when the container has asked others already.
 */
export function viewOfLife(
  record: RunRecord,
  view: TapView,
  { container, instance, fromMs, toMs }: Life,
): TapView {
  const before = livesOf(record, container, instance).findLast((life) => life.fromMs < fromMs);
  const sinceMs = before?.toMs ?? Number.NEGATIVE_INFINITY;
  return {
    ...view,
    exchanges: view.exchanges.filter(({ times }) => times.startMs > sinceMs && times.startMs <= toMs),
  };
}

/** In words: why something that a container asked or answered may not be among the exchanges. Empty: all of it was seen. */
export function doubtsOf({ gaps }: TapView, container: string): readonly string[] {
  const may = ({ gap: { from, to } }: EventOf<"tap.gap">): boolean =>
    from?.container === undefined ||
    to?.container === undefined ||
    from.container === container ||
    to.container === container;
  return gaps
    .filter(may)
    .map(
      ({ tMs, gap: { reason, detail } }) =>
        `the tap did not see everything: ${reason} at +${seconds(tMs)}: ${detail}`,
    );
}
