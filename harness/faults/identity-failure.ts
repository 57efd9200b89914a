import { SitecarError } from "../errors/index.ts";
import type { IdentityFailure } from "../platform/agent-protocol.ts";
import type { FaultData } from "../schedule/step.ts";
import type { FaultAttribute } from "./fault-kind.ts";
import type { FaultTarget } from "./fault-target.ts";
import { optionalNumberIn } from "./read-attribute.ts";

export const FIRST_REQUESTS: FaultAttribute = {
  about: "Only so many requests, counted in each instance by itself; default: all.",
  type: "number",
  required: false,
  least: 1,
  most: 1_000_000,
  whole: true,
};

/** As `first` of a fault's data, if it is there. */
export function firstRequestsIn(data: FaultData): { readonly first?: number } {
  const first = optionalNumberIn(data, "first");
  return first === undefined ? {} : { first };
}

/** ` for the first 2 requests`, or nothing. */
export function forFirstRequests(data: FaultData): string {
  const first = optionalNumberIn(data, "first");
  if (first === undefined) return "";
  return first === 1 ? " for the first request" : ` for the first ${first} requests`;
}

/** Lets the identity service of all instances fail. @throws {SitecarError} FAULT_NOT_POSSIBLE for a site without one. */
export async function failIdentity(
  target: FaultTarget,
  failure: IdentityFailure,
): Promise<() => Promise<void>> {
  if (target.plan.identity === null) {
    throw new SitecarError("FAULT_NOT_POSSIBLE", {
      message: "the site has no identity whose service could fail.",
      remedy: "give the site an identity, as `identity` in the site's file, or leave the fault out.",
    });
  }
  const fault = await target.identity.fail(failure);
  return async () => await fault.heal();
}
