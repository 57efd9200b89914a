import type { FaultData } from "../schedule/step.ts";
import { describeRequests, FIRST, misbehave, STATUS, firstIn } from "./app-attributes.ts";
import type { FaultKind } from "./fault-kind.ts";
import { numberIn } from "./read-attribute.ts";

/** daprd takes 2xx for success; under a retry policy anything but 200 is posted again (daprd.md §2). */
export const APP_TICK_STATUS: FaultKind = {
  name: "app-tick-status",
  about: "The app answers deliveries with this status and does not do their work.",
  attributes: { status: STATUS, first: FIRST },
  describe: (data) =>
    `the app answers ${describeRequests("ticks", firstIn(data).first)} with ${numberIn(data, "status")}`,
  inject: async (target, data) =>
    await misbehave(target, {
      kind: "status",
      requests: "ticks",
      status: numberIn(data, "status"),
      ...firstIn(data),
    }),
};

export function appTickStatus(attributes: { readonly status: number; readonly first?: number }): FaultData {
  return { fault: "app-tick-status", ...attributes };
}
