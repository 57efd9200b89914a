import { randomUUID } from "node:crypto";
import type { IdentityService } from "../plan/identity.ts";
import { guidFrom } from "../shared/guid.ts";

/** Where App Service on Linux serves managed identity inside a site (A6.1). */
export const IDENTITY_ADDRESS = "169.254.129.2";
export const IDENTITY_PORT = 8081;

/**
 * Where a run's identities are served, and the secret that goes with it; the same seed gives the same values.
 * @param seed default: random.
 */
export function identityValues(seed: string = randomUUID()): IdentityService {
  return {
    address: IDENTITY_ADDRESS,
    port: IDENTITY_PORT,
    header: guidFrom(seed, "header"),
    tenantId: guidFrom(seed, "tenant"),
  };
}
