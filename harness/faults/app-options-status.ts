import type { FaultData } from "../schedule/step.ts";
import { describeRequests, FIRST, misbehave, STATUS, firstIn } from "./app-attributes.ts";
import type { FaultKind } from "./fault-kind.ts";
import { numberIn } from "./read-attribute.ts";

/** With 2xx and 405 daprd reads the binding, with any other status it leaves it alone for good (daprd.md §1.1). */
export const APP_OPTIONS_STATUS: FaultKind = {
  name: "app-options-status",
  about: "The app answers OPTIONS with this status.",
  attributes: { status: STATUS, first: FIRST },
  describe: (data) =>
    `the app answers ${describeRequests("options", firstIn(data).first)} with ${numberIn(data, "status")}`,
  inject: async (target, data) =>
    await misbehave(target, {
      kind: "status",
      requests: "options",
      status: numberIn(data, "status"),
      ...firstIn(data),
    }),
};

export function appOptionsStatus(attributes: {
  readonly status: number;
  readonly first?: number;
}): FaultData {
  return { fault: "app-options-status", ...attributes };
}
