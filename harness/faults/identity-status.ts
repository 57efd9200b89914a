import type { FaultData } from "../schedule/step.ts";
import type { FaultKind } from "./fault-kind.ts";
import { failIdentity, FIRST_REQUESTS, firstRequestsIn, forFirstRequests } from "./identity-failure.ts";
import { numberIn } from "./read-attribute.ts";

export const IDENTITY_STATUS: FaultKind = {
  name: "identity-status",
  about: "The identity service answers with an HTTP status instead of a token.",
  attributes: {
    status: {
      about: "The HTTP status that is answered instead of a token.",
      type: "number",
      required: true,
      least: 200,
      most: 599,
      whole: true,
    },
    first: FIRST_REQUESTS,
  },
  describe: (data) => `the identity service answers ${numberIn(data, "status")}${forFirstRequests(data)}`,
  inject: async (target, data) =>
    await failIdentity(target, { status: numberIn(data, "status"), ...firstRequestsIn(data) }),
};

/** As data. See {@link IDENTITY_STATUS}. */
export function identityStatus(attributes: { readonly status: number; readonly first?: number }): FaultData {
  return { ...attributes, fault: "identity-status" };
}
