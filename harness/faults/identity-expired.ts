import type { FaultData } from "../schedule/step.ts";
import type { FaultKind } from "./fault-kind.ts";
import { failIdentity, FIRST_REQUESTS, firstRequestsIn, forFirstRequests } from "./identity-failure.ts";

export const IDENTITY_EXPIRED: FaultKind = {
  name: "identity-expired",
  about: "The identity service hands out tokens that have expired already.",
  attributes: { first: FIRST_REQUESTS },
  describe: (data) => `the identity service hands out expired tokens${forFirstRequests(data)}`,
  inject: async (target, data) => await failIdentity(target, { expired: true, ...firstRequestsIn(data) }),
};

/** As data. See {@link IDENTITY_EXPIRED}. */
export function identityExpired(attributes: { readonly first?: number } = {}): FaultData {
  return { ...attributes, fault: "identity-expired" };
}
