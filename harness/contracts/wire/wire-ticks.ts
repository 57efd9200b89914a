import { bindingRoute, type DaprComponent } from "../../dapr/component-files.ts";
import { postedPath } from "../../dapr/dapr-metrics.ts";
import { headerOf, type SeenExchange } from "../../wire/exchange.ts";
import type { BindingLife } from "../binding-lives.ts";
import { hasEnded, isSuccess, pathOf } from "./exchanges.ts";
import type { TapView } from "./tap-view.ts";

/** One tick of a cron binding, as the wire has it: its post, and what a retry policy posted again. */
export interface WireTick {
  readonly calledMs: number;
  /** When the last post ended. Absent: it had not when the observation did. */
  readonly doneMs?: number;
  /** Of the last post. Absent: it had no end, or the tap did not see it. */
  readonly success?: boolean;
  readonly posts: readonly SeenExchange[];
}

/** When daprd read the tick. The same in all posts of a tick, and of no other (daprd.md §2). */
const READ_TIME_HEADER = "readtimeutc";

/** The ticks that a daprd posted, in the order of their calls. @param view of one life of it. */
export function wireTicks(view: TapView, binding: BindingLife): readonly WireTick[] {
  const posts = view.exchanges.filter((exchange) => isPostOf(binding.component, binding.container, exchange));
  const byReadTime = Map.groupBy(posts, (post) => readTimeOf(post) ?? `exchange ${post.id}`);
  return [...byReadTime.values()].flatMap((own) => {
    const [first] = own;
    const last = own.at(-1);
    if (first === undefined || last === undefined) return [];
    const { startMs, endMs = startMs } = last.times;
    return [
      {
        calledMs: first.times.startMs,
        ...(hasEnded(last) ? { doneMs: endMs, success: isSuccess(last) } : {}),
        posts: own,
      },
    ];
  });
}

/**
 * When daprd began to read the binding, as the wire tells: it had found the app and asked it for its configuration, and for the
 * binding where it asks (daprd.md §1.1).
 * @param view of one life of daprd.
 */
export function readingBeganMs(view: TapView, binding: BindingLife): number | undefined {
  const asked = (method: string, path: string): SeenExchange | undefined =>
    view.exchanges.find(
      (exchange) =>
        exchange.from.container === binding.container &&
        exchange.request.method === method &&
        pathOf(exchange) === path,
    );
  const questions = [asked("GET", "/dapr/config"), asked("OPTIONS", routePath(binding.component))];
  const ends = questions.flatMap((one) => (one === undefined ? [] : [one.times.endMs ?? one.times.startMs]));
  return ends.length === 0 ? undefined : Math.max(...ends);
}

/** The path of a binding's calls, as {@link pathOf} gives it. */
export function routePath(component: DaprComponent): string {
  return postedPath(bindingRoute(component)).split("?", 1)[0] ?? "/";
}

/** It is a call of this binding by the daprd of this container. */
export function isPostOf(component: DaprComponent, container: string, exchange: SeenExchange): boolean {
  const { from, request, grpc } = exchange;
  if (from.container !== undefined && from.container !== container) return false;
  if (grpc !== undefined) {
    if (grpc.method !== "OnBindingEvent" || !grpc.service.endsWith(".AppCallback")) return false;
    return grpc.requests.some(({ json }) => nameIn(json) === component.name);
  }
  // Where it is not known who asks, only daprd says when it read what it brings.
  const isDaprd = from.container !== undefined || readTimeOf(exchange) !== undefined;
  return isDaprd && request.method === "POST" && pathOf(exchange) === routePath(component);
}

function readTimeOf({ request, grpc }: SeenExchange): string | undefined {
  if (grpc === undefined) return headerOf(request.headers, READ_TIME_HEADER);
  const [message] = grpc.requests;
  const metadata = isObject(message?.json) ? message.json["metadata"] : undefined;
  const found = isObject(metadata)
    ? Object.entries(metadata).find(([name]) => name.toLowerCase() === READ_TIME_HEADER)?.[1]
    : undefined;
  return typeof found === "string" ? found : undefined;
}

function nameIn(json: unknown): unknown {
  return isObject(json) ? json["name"] : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
