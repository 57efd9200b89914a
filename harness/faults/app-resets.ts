import type { StandInRequests } from "../platform/stand-in/stand-in-protocol.ts";
import type { FaultData } from "../schedule/step.ts";
import { describeRequests, FIRST, misbehave, REQUESTS, WHICH_REQUESTS, firstIn } from "./app-attributes.ts";
import type { FaultKind } from "./fault-kind.ts";
import { choiceIn } from "./read-attribute.ts";

/** To OPTIONS: daprd asks a second time at once, then leaves the binding alone for good (daprd.md §1.1). */
export const APP_RESETS: FaultKind = {
  name: "app-resets",
  about: "The app resets the connection when the request has come.",
  attributes: { requests: WHICH_REQUESTS, first: FIRST },
  describe: (data) => {
    const requests = choiceIn(data, "requests", REQUESTS, "all");
    return `the app resets the connection of ${describeRequests(requests, firstIn(data).first)}`;
  },
  inject: async (target, data) =>
    await misbehave(target, {
      kind: "resets",
      requests: choiceIn(data, "requests", REQUESTS, "all"),
      ...firstIn(data),
    }),
};

export function appResets(
  attributes: { readonly requests?: StandInRequests; readonly first?: number } = {},
): FaultData {
  return { fault: "app-resets", ...attributes };
}
