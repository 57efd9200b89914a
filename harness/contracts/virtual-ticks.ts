import { bindingRoute, type DaprComponent } from "../dapr/component-files.ts";
import type { EventOf } from "../timeline/events.ts";
import type { Judgement } from "./contract.ts";
import { inInstance, observed } from "./observation.ts";
import type { RunRecord } from "./run-record.ts";

const MOST_NAMED = 3;

/**
 * In virtual time each due tick is known by itself: the clock has let it fire, and waited for what came of it. None are missed
 * but those whose cron was stopped in the same moment, and none overlap unless they were not waited for.
 */
export function judgeVirtualTicks(record: RunRecord, component: DaprComponent, contract: string): Judgement {
  const ticks = observed(record, "virtual.tick").filter((tick) => tick.component === component.name);
  const failed = ticks.filter(({ outcome }) => outcome === "failed");
  const unsure = ticks.filter(({ outcome }) => outcome !== "failed" && outcome !== "succeeded");
  if (failed.length > 0) {
    const [{ detail, instance } = {}] = failed;
    return {
      contract,
      verdict: "broken",
      symptom: `ticks of "${component.name}" fail`,
      evidence: [
        `${failed.length} of ${ticks.length} deliveries failed${inInstance(record, instance)}, due at ${dues(failed)}`,
        ...(detail === undefined ? [] : [`daprd says: ${detail.trim()}`]),
      ],
      remedy: `see what the app answers to POST ${bindingRoute(component)}: daprd does not try a failed tick again, and says so at debug level only.`,
    };
  }
  if (unsure.length > 0) {
    const evidence = `of ${unsure.length} of ${ticks.length} ticks it is not known what came of them, due at ${dues(unsure)}`;
    return { contract, verdict: "unknown", evidence: [evidence] };
  }
  return ticks.length === 0
    ? { contract, verdict: "unknown", evidence: ["the virtual clock came to no tick"] }
    : { contract, verdict: "held", evidence: [`${ticks.length} ticks, each due one delivered once`] };
}

function dues(ticks: readonly EventOf<"virtual.tick">[]): string {
  const named = ticks.slice(0, MOST_NAMED).map(({ due }) => due);
  return `${named.join(", ")}${ticks.length > MOST_NAMED ? ", …" : ""} (virtual time)`;
}
