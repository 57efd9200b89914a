import type { FaultData } from "../schedule/step.ts";
import type { FaultKind } from "./fault-kind.ts";
import { failIdentity, FIRST_REQUESTS, firstRequestsIn, forFirstRequests } from "./identity-failure.ts";

export const IDENTITY_WRONG_AUDIENCE: FaultKind = {
  name: "identity-wrong-audience",
  about: "The identity service hands out tokens for another audience than the one asked for.",
  attributes: { first: FIRST_REQUESTS },
  describe: (data) => `the identity service hands out tokens for another audience${forFirstRequests(data)}`,
  inject: async (target, data) =>
    await failIdentity(target, { wrongAudience: true, ...firstRequestsIn(data) }),
};

/** As data. See {@link IDENTITY_WRONG_AUDIENCE}. */
export function identityWrongAudience(attributes: { readonly first?: number } = {}): FaultData {
  return { ...attributes, fault: "identity-wrong-audience" };
}
