import type { FaultData } from "../schedule/step.ts";
import { delayAttribute, describeDelay, misbehave } from "./app-attributes.ts";
import type { FaultKind } from "./fault-kind.ts";
import { numberIn } from "./read-attribute.ts";

/** Of each process that starts while it is in force; one that listens already goes on. */
export const APP_LISTENS_LATE: FaultKind = {
  name: "app-listens-late",
  about: "The app begins to listen so long after its process began; healed, it listens.",
  attributes: { delayMs: delayAttribute("Milliseconds after the beginning of each of its processes.") },
  describe: (data) => `the app listens ${describeDelay(numberIn(data, "delayMs"))} after it was started`,
  inject: async (target, data) =>
    await misbehave(target, { kind: "listens-late", delayMs: numberIn(data, "delayMs") }),
};

export function appListensLate(attributes: { readonly delayMs: number }): FaultData {
  return { fault: "app-listens-late", ...attributes };
}
