import { judgeReadiness, type BindingReadiness } from "../dapr/readiness.ts";
import type { BuiltInContract, Judgement } from "./contract.ts";
import { mergeInstances } from "./merge-instances.ts";
import { appFoundMs, hasStarted, inInstance, livesOf, observed, seconds } from "./observation.ts";
import type { RunRecord } from "./run-record.ts";
import { bindingOnWire } from "./wire/binding-on-wire.ts";
import { routePath } from "./wire/wire-ticks.ts";
import { componentsInScope, sidecarsAtEnd, type SidecarAtEnd } from "./sidecar-at-end.ts";

/** Every input binding of a sidecar's files is read by its daprd at the end of the observation. */
export const bindingsActive: BuiltInContract = {
  name: "bindingsActive",
  promise: "Every input binding is active: daprd reads it and calls the app.",
  about:
    "By daprd's metadata, metrics and health, and by the wire where the run had a tap: it has found the app, and the app has not refused its OPTIONS. What is not active yet is broken when it is refused for good, when something it needs has ended, or 35 s after the last start of a site that has started or had its time to; until then it is `unknown`.",
  symptoms: ['binding "…" never active', 'binding "…" stops'],
  judge: judgeBindings,
};

/** One judgement for each input binding, `bindingsActive("…")`. */
export function judgeBindings(record: RunRecord): readonly Judgement[] {
  return mergeInstances(sidecarsAtEnd(record).flatMap((sidecar) => judgeSidecar(record, sidecar)));
}

function judgeSidecar(record: RunRecord, sidecar: SidecarAtEnd): readonly Judgement[] {
  const { files, snapshot } = sidecar;
  const inScope = new Set(componentsInScope(sidecar).map(({ name }) => name));
  return judgeReadiness(files, snapshot)
    .inputBindings.filter(({ component }) => inScope.has(component))
    .map((binding) => judgeBinding(record, sidecar, binding));
}

function judgeBinding(record: RunRecord, sidecar: SidecarAtEnd, readiness: BindingReadiness): Judgement {
  const { component } = readiness;
  const { state, reason } = withWire(record, sidecar, readiness);
  const { container, instance, life, settled } = sidecar;
  const contract = `bindingsActive(${JSON.stringify(component)})`;
  const where = inInstance(record, instance);
  const ticks = observed(record, "tick").filter(
    (tick) =>
      tick.component === component &&
      tick.container === container &&
      tick.instance === instance &&
      tick.tMs >= life.fromMs,
  );
  const broken = (evidence: string, because: string | undefined, symptom = "never active"): Judgement => ({
    contract,
    verdict: "broken",
    symptom: `binding "${component}" ${symptom}`,
    ...(because === undefined ? {} : { because }),
    evidence: [evidence],
    remedy: REMEDIES[state],
  });
  const judged = (verdict: "held" | "unknown", evidence: string): Judgement => ({
    contract,
    verdict,
    evidence: [evidence],
  });
  if (sidecar.state === "away") {
    return judged("unknown", `"${container}" was out of reach at the end of the observation${where}`);
  }
  if (sidecar.state === "dead") {
    const wasActive = ticks.length > 0 || appFoundMs(record, life) !== undefined;
    const evidence = `daprd ended at +${seconds(life.toMs)}${where}`;
    return broken(
      evidence,
      `nothingExits(${JSON.stringify(container)})`,
      wasActive ? "stops" : "never active",
    );
  }
  if (state === "active") return judged("held", `${reason}${where}`);
  if (ticks.length > 0) return judged("held", `it called the app ${ticks.length} times${where}`);
  if (state === "refused") return broken(`${reason}${where}`, undefined);
  if (state === "unproven") return judged("unknown", `${reason}${where}`);
  const because = whyInactive(record, sidecar, component);
  return settled || because !== undefined
    ? broken(`${reason}${where}`, because ?? (hasStarted(record, instance) ? undefined : "siteStarts"))
    : judged("unknown", `not yet, when the observation ended: ${reason}${where}`);
}

/** daprd's account, and what the wire has of it; where that account does not tell, the wire decides. */
function withWire(
  record: RunRecord,
  { files, life }: SidecarAtEnd,
  readiness: BindingReadiness,
): BindingReadiness {
  const { component, state, reason } = readiness;
  const all = files.flatMap(({ components }) => components);
  const own = all.find(({ name }) => name === component);
  const isShared = all.some(
    (other) => own !== undefined && other !== own && routePath(other) === routePath(own),
  );
  const wire = own === undefined || isShared ? undefined : bindingOnWire(record, own, life);
  if (wire?.seen === undefined) return readiness;
  const decided = state === "refused" || state === "active" ? state : (wire.state ?? state);
  return { component, state: decided, reason: `${reason}; ${wire.seen}` };
}

/** Another promise that is broken for good, from which this follows. */
function whyInactive(
  record: RunRecord,
  { snapshot, instance }: SidecarAtEnd,
  component: string,
): string | undefined {
  const { mainContainer } = record.plan;
  const { metadata } = snapshot;
  if (metadata !== null && !metadata.components.some(({ name }) => name === component)) {
    return `componentsLoaded(${JSON.stringify(component)})`;
  }
  const main = livesOf(record, mainContainer, instance).at(-1);
  return main?.exit?.asked === false ? `nothingExits(${JSON.stringify(mainContainer)})` : undefined;
}

const REMEDIES: Readonly<Record<BindingReadiness["state"], string>> = {
  active: "see why daprd ended.",
  inactive:
    "let the app listen on the port that daprd is given as --app-port, on 127.0.0.1 or all addresses.",
  refused:
    "state direction: input in the component, so that daprd does not ask; or let the app answer OPTIONS on the route with 2xx or 405 within 3 s.",
  unproven: "look at daprd's log.",
};
