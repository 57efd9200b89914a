import type { DaprComponent } from "../../dapr/component-files.ts";
import type { Life } from "../observation.ts";
import type { RunRecord } from "../run-record.ts";
import { hasEnded, outcomeOf, pathOf } from "./exchanges.ts";
import { tapViews, viewOfLife } from "./tap-view.ts";
import { isPostOf, routePath } from "./wire-ticks.ts";

/** What the wire has of a daprd's calls of one of its input bindings' route in one of its lives. */
export interface BindingOnWire {
  /** `undefined`: it does not tell. */
  readonly state: "active" | "refused" | undefined;
  /** For evidence; `undefined`: there was nothing of it. */
  readonly seen: string | undefined;
}

/** daprd waits so long for an answer to its question (daprd.md §1.1). */
const OPTIONS_LIMIT_MS = 3000;

/** `undefined`: the wire was not seen. */
export function bindingOnWire(
  record: RunRecord,
  component: DaprComponent,
  life: Life,
): BindingOnWire | undefined {
  const { container, instance } = life;
  const view = tapViews(record).find((one) => one.instance === instance);
  if (view === undefined) return undefined;
  const own = viewOfLife(record, view, life).exchanges;
  const posts = own.filter((exchange) => isPostOf(component, container, exchange));
  const question = own.findLast(
    (exchange) =>
      exchange.from.container === container &&
      exchange.request.method === "OPTIONS" &&
      pathOf(exchange) === routePath(component),
  );
  if (posts.length > 0) return { state: "active", seen: `on the wire it was posted ${posts.length} times` };
  if (question === undefined) return { state: undefined, seen: undefined };
  const status = question.response?.status;
  const seen = `on the wire OPTIONS ${routePath(component)} had ${outcomeOf(question)}`;
  if (hasEnded(question) && status !== undefined) {
    return { state: Math.floor(status / 100) === 2 || status === 405 ? "active" : "refused", seen };
  }
  const gaveUp = hasEnded(question) || record.observedUntilMs - question.times.startMs > OPTIONS_LIMIT_MS;
  return { state: gaveUp ? "refused" : undefined, seen };
}
