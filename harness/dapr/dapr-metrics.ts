import path from "node:path";
import type { MetricSample } from "./prometheus-text.ts";

/** How often an input binding called the app since daprd began, by outcome. */
export interface InputBindingCount {
  readonly success: number;
  readonly failed: number;
}

/** What daprd's counters say of its calls of one of the app's routes. */
export interface AppCalls {
  /** Calls that were begun. */
  readonly sent: number;
  /** HTTP status → how often. daprd counts a broken connection as 500. */
  readonly answers: ReadonlyMap<number, number>;
}

/** The question that daprd asks the app by OPTIONS before it reads an input binding. */
export type SubscriptionProbe = AppCalls;

/** Questions about daprd's metrics. The names are those of daprd 1.18 (daprd.md §2; measured on 1.18.2). */
export class DaprMetrics {
  readonly samples: readonly MetricSample[];

  constructor(samples: readonly MetricSample[]) {
    this.samples = samples;
  }

  /** The samples of this name whose labels include the given ones. */
  select(name: string, labels: Readonly<Record<string, string>> = {}): readonly MetricSample[] {
    return this.samples.filter(
      (sample) =>
        sample.name === name &&
        Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
    );
  }

  /** The values of {@link select}, added up; 0 if there are none. */
  sum(name: string, labels: Readonly<Record<string, string>> = {}): number {
    return this.select(name, labels).reduce((total, { value }) => total + value, 0);
  }

  inputBindingCount(component: string): InputBindingCount {
    const count = (success: string): number =>
      this.sum("dapr_component_input_binding_count", { component, success });
    return { success: count("true"), failed: count("false") };
  }

  /** Calls of `GET /dapr/config`, which daprd makes once, when it has found the app and begins to read bindings. */
  appConfigurationCalls(): number {
    return this.sum("dapr_http_client_sent_bytes_count", { method: "GET", path: "/dapr/config" });
  }

  /** @param route as in the component's metadata, or its name. */
  subscriptionProbe(route: string): SubscriptionProbe {
    return this.#callsOf("OPTIONS", route);
  }

  /** The posts of an input binding to the app, each one that a retry policy makes of a delivery too. */
  deliveryPosts(route: string): AppCalls {
    return this.#callsOf("POST", route);
  }

  /** Posts of an input binding that have no answer yet. */
  postsUnderWay(route: string): number {
    const { sent, answers } = this.deliveryPosts(route);
    return Math.max(0, sent - [...answers.values()].reduce((sum, count) => sum + count, 0));
  }

  #callsOf(method: string, route: string): AppCalls {
    const labels = { method, path: postedPath(route) };
    const answers = new Map<number, number>();
    for (const { labels: found, value } of this.select("dapr_http_client_completed_count", labels)) {
      const status = Number(found["status"]);
      answers.set(status, (answers.get(status) ?? 0) + value);
    }
    return { sent: this.sum("dapr_http_client_sent_bytes_count", labels), answers };
  }
}

/**
 * The path that daprd calls an app's route by, not escaped: it cleans the route like Go's `path.Clean`, and labels its metrics with
 * the result (daprd.md §2).
 */
export function postedPath(route: string): string {
  const cleaned = path.posix.normalize(route.startsWith("/") ? route : `/${route}`);
  return cleaned.length > 1 && cleaned.endsWith("/") ? cleaned.slice(0, -1) : cleaned;
}
