import type { FaultData } from "../schedule/step.ts";
import { delayAttribute, describeDelay, misbehave } from "./app-attributes.ts";
import type { FaultKind } from "./fault-kind.ts";
import { numberIn } from "./read-attribute.ts";

/** As of an app that listens before its routes are registered: OPTIONS and POST are answered 404 (dapr/dapr#7828). */
export const APP_ROUTE_LATE: FaultKind = {
  name: "app-route-late",
  about: "The app answers 404 on its bindings' routes until so long after it began to listen.",
  attributes: {
    delayMs: delayAttribute(
      "Milliseconds after it began to listen, or after the fault was put in force if that is later.",
    ),
  },
  describe: (data) => `the app answers 404 on its routes for ${describeDelay(numberIn(data, "delayMs"))}`,
  inject: async (target, data) =>
    await misbehave(target, { kind: "route-late", delayMs: numberIn(data, "delayMs") }),
};

export function appRouteLate(attributes: { readonly delayMs: number }): FaultData {
  return { fault: "app-route-late", ...attributes };
}
