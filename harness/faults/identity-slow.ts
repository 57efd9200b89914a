import type { FaultData } from "../schedule/step.ts";
import type { FaultKind } from "./fault-kind.ts";
import { failIdentity, FIRST_REQUESTS, firstRequestsIn, forFirstRequests } from "./identity-failure.ts";
import { numberIn } from "./read-attribute.ts";

/** Longer than any client of it is known to wait. */
const LONGEST_DELAY_MS = 600_000;

/** Requests that are under way when it is healed are answered as late as they were going to be. */
export const IDENTITY_SLOW: FaultKind = {
  name: "identity-slow",
  about: "The identity service hands out tokens so much later.",
  attributes: {
    delayMs: {
      about: "Milliseconds until a request is answered.",
      type: "number",
      required: true,
      least: 0,
      most: LONGEST_DELAY_MS,
    },
    first: FIRST_REQUESTS,
  },
  describe: (data) =>
    `the identity service answers ${numberIn(data, "delayMs") / 1000} s late${forFirstRequests(data)}`,
  inject: async (target, data) =>
    await failIdentity(target, { delayMs: numberIn(data, "delayMs"), ...firstRequestsIn(data) }),
};

/** As data. See {@link IDENTITY_SLOW}. */
export function identitySlow(attributes: { readonly delayMs: number; readonly first?: number }): FaultData {
  return { ...attributes, fault: "identity-slow" };
}
