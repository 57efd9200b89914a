import type { DaprComponent } from "../../dapr/component-files.ts";
import type { EventOf } from "../../timeline/events.ts";
import type { BuiltInContract, Judgement } from "../contract.ts";
import { disturbancesOf, disturbing, type Disturbance } from "../disturbances.ts";
import { observed, seconds } from "../observation.ts";
import type { RunRecord } from "../run-record.ts";
import { isLookedFor } from "../ticks-have-effect.ts";
import { describeBound, judgeBound, type Bound } from "./cadence-bounds.ts";
import { outcomeOf } from "./exchanges.ts";
import { invocationOf, type Invocation } from "./invocations.ts";
import { doubtsOf, NO_TAP, tapViews, WITH_TAP } from "./tap-view.ts";

export interface InvokesOptions {
  /** How many calls have success. Default: at least one. */
  readonly count?: Bound;
  /** How many may be without success while nothing disturbs the site; `false`: any number. Default 0. */
  readonly failed?: number | false;
}

/**
 * Contract: somebody in the site calls an output binding of daprd with this operation, over HTTP or gRPC, with success. Of `create`
 * of a blob storage each blob must be there afterwards: the storage is asked, not the app.
 *
 * Of a run without a tap daprd's counters have to do, and blobs are counted instead of named.
 */
export function invokes(component: string, operation: string, options: InvokesOptions = {}): BuiltInContract {
  const contract = `invokes(${JSON.stringify(component)}, ${JSON.stringify(operation)})`;
  return {
    name: contract,
    promise: `"${component}" is invoked with ${operation}, and that has its effect.`,
    about:
      "Calls of the sidecar's HTTP or gRPC interface by anyone in the site: at least one has success, and none fails while nothing disturbs the site (`count`, `failed`). Of `create` of a blob storage each blob that was named, by the app or by daprd, is in storage; the storage is asked, not the app. Without a tap by daprd's counters, and blobs are counted.",
    symptoms: [
      "there is no binding …",
      "… is not invoked with …",
      "… is invoked with … too rarely",
      "… is invoked with … too often",
      "calls of … with … fail",
      "… of … has no effect in storage",
    ],
    judge: (record) => {
      const own = outputComponent(record, component);
      const found =
        own === undefined
          ? [noSuchComponent(record, component)]
          : judgeCalls(callsOf(record, component, operation), { record, own, operation, options });
      return found.map((one) => ({ contract, ...one }));
    },
  };
}

type Found = Omit<Judgement, "contract">;

interface Calls {
  readonly seen: "wire" | "counters";
  readonly succeeded: number;
  /** Undisturbed ones; for evidence. */
  readonly failed: readonly string[];
  readonly failedCount: number;
  /** By the wire: those that succeeded. */
  readonly invocations: readonly Invocation[];
  readonly doubts: readonly string[];
}

function callsOf(record: RunRecord, component: string, operation: string): Calls {
  const views = tapViews(record);
  if (views.length === 0 || views.length < record.instances.length)
    return countedCalls(record, component, operation);
  const sidecars = record.plan.daprSidecars.map(({ container }) => container);
  const all = views
    .flatMap(({ exchanges }) => exchanges)
    .flatMap((exchange) => invocationOf(exchange, sidecars) ?? [])
    .filter((one) => one.component === component);
  const own = all.filter((one) => one.operation === operation);
  const disturbances = disturbancesOf(record);
  const failed = own.filter(
    (one) => one.success === false && !isDisturbed(disturbances, one, record.observedUntilMs),
  );
  const unread = all.filter((one) => one.operation === undefined).length;
  return {
    seen: "wire",
    succeeded: own.filter(({ success }) => success === true).length,
    failed: failed.map(({ exchange }) => `at +${seconds(exchange.times.startMs)}: ${outcomeOf(exchange)}`),
    failedCount: failed.length,
    invocations: own.filter(({ success }) => success === true),
    doubts: [
      ...new Set(views.flatMap((view) => sidecars.flatMap((sidecar) => doubtsOf(view, sidecar)))),
      ...(unread === 0
        ? []
        : [`the operation of ${unread} calls could not be read: their bodies are too long, or no JSON`]),
    ],
  };
}

/** daprd's own count at the end of the observation; a daprd that has ended took its count along. */
function countedCalls(record: RunRecord, component: string, operation: string): Calls {
  const metrics = [...record.snapshots.values()].flatMap((own) =>
    [...own.values()].flatMap((snapshot) => snapshot.metrics ?? []),
  );
  const count = (success: string): number =>
    metrics.reduce(
      (sum, one) => sum + one.sum("dapr_component_output_binding_count", { component, operation, success }),
      0,
    );
  const failed = count("false");
  const wasDisturbed = disturbancesOf(record).some(({ kind }) => kind === "outage");
  return {
    seen: "counters",
    succeeded: count("true"),
    failed: failed === 0 ? [] : [`${failed} by daprd's counters`],
    failedCount: failed,
    invocations: [],
    doubts: [
      ...(metrics.length === 0 ? ["daprd's counters were not to be had at the end"] : []),
      ...(failed > 0 && wasDisturbed
        ? ["when they failed the counters do not tell, and the site was disturbed"]
        : []),
    ],
  };
}

/** Something was out of reach while it was under way. */
function isDisturbed(
  disturbances: readonly Disturbance[],
  { exchange: { instance, times } }: Invocation,
  untilMs: number,
): boolean {
  return disturbing(disturbances, instance).some(
    ({ fromMs, backMs }) => fromMs <= (times.endMs ?? untilMs) && times.startMs <= backMs,
  );
}

function judgeCalls(
  calls: Calls,
  {
    record,
    own,
    operation,
    options: { count = { least: 1 }, failed = 0 },
  }: {
    readonly record: RunRecord;
    readonly own: DaprComponent;
    readonly operation: string;
    readonly options: InvokesOptions;
  },
): readonly Found[] {
  const name = JSON.stringify(own.name);
  const by = calls.seen === "wire" ? "on the wire" : `by daprd's counters, since ${NO_TAP}`;
  const evidence = [
    `${calls.succeeded} calls with success ${by}, ${calls.failedCount} without`,
    ...calls.failed.slice(0, 3),
  ];
  const remedy = calls.seen === "wire" ? {} : { remedy: WITH_TAP };
  const found: Found[] = [];
  if (failed !== false && calls.failedCount > failed) {
    found.push({
      verdict: "broken",
      symptom: `calls of ${name} with ${operation} fail`,
      evidence,
      remedy:
        "see daprd's answer: its error names what is behind the binding; the app has to try again itself.",
    });
  }
  if (judgeBound(calls.succeeded, count, 0) === "broken") {
    found.push({
      verdict: "broken",
      symptom:
        calls.succeeded === 0
          ? `${name} is not invoked with ${operation}`
          : `${name} is invoked with ${operation} ${calls.succeeded < (count.least ?? 0) ? "too rarely" : "too often"}`,
      evidence: [`held to ${describeBound(count)}`, ...evidence],
      remedy: "see what the app calls, with sitecar tap.",
    });
  }
  // What the tap did not see may be a call with success; one too many is not undone by it.
  const certain = calls.doubts.length === 0;
  if (found.length > 0) {
    return certain ? found : [{ verdict: "unknown", evidence: [...calls.doubts, ...evidence], ...remedy }];
  }
  const effect = effectOf(record, own, operation, calls);
  if (effect.verdict !== "held" || certain)
    return [{ ...effect, evidence: [...evidence, ...effect.evidence] }];
  return [{ verdict: "held", evidence: [...evidence, ...effect.evidence, ...calls.doubts] }];
}

/** What is in storage by it, as the storage says. */
function effectOf(record: RunRecord, own: DaprComponent, operation: string, calls: Calls): Found {
  if (own.type !== "bindings.azure.blobstorage" || operation !== "create") {
    return { verdict: "held", evidence: [`the effect of ${operation} of ${own.type} is not looked for`] };
  }
  const container = own.metadata["containerName"];
  // Also what the last look found, when the observation had ended.
  const made = record.events.filter(
    (event): event is EventOf<"blob.created"> =>
      event.type === "blob.created" && event.container === container,
  );
  const names = new Set(made.map(({ blob }) => blob));
  const looked = calls.invocations.filter(({ exchange }) =>
    isLookedFor(record, exchange.times.endMs ?? exchange.times.startMs),
  );
  const lacking = looked.filter(({ blob }) => blob !== undefined && !names.has(blob));
  const unnamed = looked.filter(({ blob }) => blob === undefined).length;
  const evidence = [`${names.size} blobs in "${container ?? ""}"`];
  const lacks =
    calls.seen === "wire"
      ? lacking.length > 0 || unnamed > names.size
      : made.length === 0 && calls.succeeded > 0;
  if (!lacks) return { verdict: "held", evidence };
  const blind = observed(record, "observer.failed").find(({ observer }) => observer === "blobs");
  if (blind !== undefined) {
    return {
      verdict: "unknown",
      evidence: [...evidence, `storage could not be looked at at +${seconds(blind.tMs)}: ${blind.detail}`],
    };
  }
  return {
    verdict: "broken",
    symptom: `${operation} of ${JSON.stringify(own.name)} has no effect in storage`,
    evidence: [...evidence, ...lacking.slice(0, 3).map(({ blob }) => `"${blob}" is not there`)],
    remedy: "see which account and container the component names, and who removes or overwrites its blobs.",
  };
}

function outputComponent({ componentFiles }: RunRecord, name: string): DaprComponent | undefined {
  return [...componentFiles.values()]
    .flatMap((files) => files.flatMap(({ components }) => components))
    .find((component) => component.name === name && component.type.startsWith("bindings."));
}

function noSuchComponent({ componentFiles }: RunRecord, component: string): Found {
  const names = [...componentFiles.values()]
    .flatMap((files) => files.flatMap(({ components }) => components))
    .map(({ name }) => JSON.stringify(name));
  return {
    verdict: "broken",
    symptom: `there is no binding "${component}"`,
    evidence: [
      `the sidecars' component files have ${names.length === 0 ? "no component" : names.join(", ")}`,
    ],
    remedy: "name a binding of the component files.",
  };
}
