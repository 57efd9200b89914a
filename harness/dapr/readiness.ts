import {
  bindingRoute,
  isInputBinding,
  statedDirection,
  type ComponentFile,
  type DaprComponent,
} from "./component-files.ts";
import type { DaprMetadata, LoadedComponent } from "./dapr-metadata.ts";
import type { DaprMetrics } from "./dapr-metrics.ts";

/** What is known of a daprd at one moment. `null`: not known, or no answer. */
export interface DaprSnapshot {
  /** Status of `/v1.0/healthz`. */
  readonly health: number | null;
  readonly metadata: Pick<DaprMetadata, "id" | "components" | "appConnectionProperties"> | null;
  readonly metrics: DaprMetrics | null;
}

/**
 * - `active`: daprd reads the binding and will call the app.
 * - `inactive`: not (yet): daprd has not found the app or not loaded the component.
 * - `refused`: the app's answer made daprd leave it alone; it stays so for the life of the process (daprd.md §1.1).
 * - `unproven`: nothing that can be seen from outside tells; the first tick will.
 */
export type BindingState = "active" | "inactive" | "refused" | "unproven";

export interface BindingReadiness {
  readonly component: string;
  readonly state: BindingState;
  /** What was seen. */
  readonly reason: string;
}

export interface Readiness {
  /** No component is missing, and every input binding is active. */
  readonly ready: boolean;
  /** Components that the files state and daprd's metadata has not, with the reason as far as it is known. */
  readonly missing: readonly { readonly component: string; readonly reason: string }[];
  readonly inputBindings: readonly BindingReadiness[];
}

/**
 * Compares what the component files state with what is seen of daprd. What can't be read in a file counts as missing:
 * the deployment has something that daprd will not load, and daprd itself says so with a warning at most.
 */
export function judgeReadiness(files: readonly ComponentFile[], snapshot: DaprSnapshot): Readiness {
  const components = files
    .flatMap((file) => file.components)
    .filter((component) => inScope(component, snapshot));
  const loaded = new Map(snapshot.metadata?.components.map((component) => [component.name, component]));
  const missing = [
    ...files.flatMap(({ path, problems }) =>
      problems.map(({ document, message }) => ({
        component: `${path}, document ${document}`,
        reason: `daprd skips it: ${message}`,
      })),
    ),
    ...components
      .filter(({ name }) => !loaded.has(name))
      .map((component) => ({ component: component.name, reason: whyMissing(component, snapshot) })),
  ];
  const inputBindings = components
    .map((component) => judgeBinding(component, loaded.get(component.name), components, snapshot))
    .filter((binding) => binding !== undefined);
  return {
    ready: missing.length === 0 && inputBindings.every(({ state }) => state === "active"),
    missing,
    inputBindings,
  };
}

function inScope({ scopes }: DaprComponent, { metadata }: DaprSnapshot): boolean {
  return scopes.length === 0 || metadata === null || scopes.includes(metadata.id);
}

function whyMissing(component: DaprComponent, { metadata }: DaprSnapshot): string {
  if (metadata === null) return "daprd's metadata does not answer";
  return component.ignoreErrors
    ? "its init failed and it has ignoreErrors; daprd tries again every 60 s"
    : `not in daprd's metadata (${component.path})`;
}

/** `undefined`: not an input binding. */
function judgeBinding(
  component: DaprComponent,
  loaded: LoadedComponent | undefined,
  all: readonly DaprComponent[],
  snapshot: DaprSnapshot,
): BindingReadiness | undefined {
  const stated = isInputBinding(component);
  const canRead = loaded?.capabilities.includes("INPUT_BINDING") ?? stated === "yes";
  if (stated === "no" || (stated === "unknown" && !canRead)) return undefined;
  const verdict = (state: BindingState, reason: string): BindingReadiness => ({
    component: component.name,
    state,
    reason,
  });
  const { metrics, health } = snapshot;

  const count = metrics?.inputBindingCount(component.name);
  if (count !== undefined && count.success + count.failed > 0) {
    return verdict("active", `called the app ${count.success + count.failed} times, ${count.failed} failed`);
  }
  if (loaded === undefined) return verdict("inactive", "daprd has not loaded it");
  if (!canRead) return verdict("inactive", "daprd did not load it as an input binding");
  if (snapshot.metadata?.appConnectionProperties === undefined) {
    return verdict("inactive", "daprd has no app port, so it never calls an app");
  }
  if (health !== 204) {
    return verdict("inactive", `daprd waits for the app: healthz ${health ?? "does not answer"}`);
  }
  if (snapshot.metadata.appConnectionProperties.protocol !== "http") {
    return verdict("unproven", "how daprd asked an app over gRPC is not in its metrics");
  }
  if (metrics === null) return verdict("unproven", "daprd's metrics do not answer");
  if (metrics.appConfigurationCalls() === 0) {
    return verdict("inactive", "daprd has found the app's port, but did not find the app healthy");
  }
  if (statedDirection(component)?.includes("input") !== true) {
    const { state, reason } = judgeProbe(component, metrics);
    return verdict(state, reason);
  }
  // A failed question about one binding ends the loop over all of them, in no particular order.
  const failed = all.find((other) => isAsked(other) && judgeProbe(other, metrics).mayHaveFailed);
  return failed === undefined
    ? verdict("active", "daprd has found the app, and direction input is read unasked")
    : verdict("unproven", `daprd's question about "${failed.name}" failed; it may have left this one out`);
}

/** daprd asks the app by OPTIONS first. */
function isAsked(component: DaprComponent): boolean {
  return isInputBinding(component) !== "no" && statedDirection(component)?.includes("input") !== true;
}

interface ProbeVerdict {
  readonly state: BindingState;
  readonly reason: string;
  /** daprd may have got no answer at all, which it treats otherwise than a refusal. */
  readonly mayHaveFailed: boolean;
}

function judgeProbe(component: DaprComponent, metrics: DaprMetrics): ProbeVerdict {
  const route = bindingRoute(component);
  const { sent, answers } = metrics.subscriptionProbe(route);
  const statuses = [...answers.keys()];
  const taken = statuses.filter((status) => Math.floor(status / 100) === 2 || status === 405);
  const told = `the app answered OPTIONS ${route} with ${statuses.join(" and ")}`;
  if (sent === 0) {
    return { state: "unproven", reason: `daprd's metrics have no OPTIONS ${route}`, mayHaveFailed: false };
  }
  if (statuses.length === 0) {
    return {
      state: "refused",
      reason: `the app did not answer OPTIONS ${route} within 3 s`,
      mayHaveFailed: true,
    };
  }
  if (taken.length === statuses.length) return { state: "active", reason: told, mayHaveFailed: false };
  // A broken connection is counted as 500, so a 500 may be either.
  const mayHaveFailed = statuses.includes(500);
  return taken.length === 0
    ? { state: "refused", reason: told, mayHaveFailed }
    : { state: "unproven", reason: `${told}; which came last is not known`, mayHaveFailed };
}
