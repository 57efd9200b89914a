import type { FaultData } from "../schedule/step.ts";
import type { FaultKind } from "./fault-kind.ts";
import { failIdentity } from "./identity-failure.ts";

export const IDENTITY_REFUSED: FaultKind = {
  name: "identity-refused",
  about: "Nothing listens at the identity service's address: connections are refused.",
  attributes: {},
  describe: () => "the identity service refuses connections",
  inject: async (target) => await failIdentity(target, { refused: true }),
};

/** As data. See {@link IDENTITY_REFUSED}. */
export function identityRefused(): FaultData {
  return { fault: "identity-refused" };
}
