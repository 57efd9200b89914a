import { createHash, randomUUID } from "node:crypto";
import type { PlannedIdentity } from "../plan/site-plan.ts";

/** Where App Service on Linux serves managed identity inside a site (A6.1). */
export const IDENTITY_ADDRESS = "169.254.129.2";
export const IDENTITY_PORT = 8081;

/**
 * The ids of a site's managed identity; the same seed gives the same ids.
 * @param seed default: random.
 */
export function identityValues(seed: string = randomUUID()): PlannedIdentity {
  return {
    address: IDENTITY_ADDRESS,
    port: IDENTITY_PORT,
    header: guid(seed, "header"),
    tenantId: guid(seed, "tenant"),
    clientId: guid(seed, "client"),
    principalId: guid(seed, "principal"),
  };
}

/** A GUID in the form of a random one (version 4), made from its seed. */
function guid(seed: string, label: string): string {
  const bytes = createHash("sha256").update(`${label}\n${seed}`).digest();
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString("hex", 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
