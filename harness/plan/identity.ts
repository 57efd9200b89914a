import type { SiteIdentity } from "../definition/site-definition.ts";
import { SitecarError } from "../errors/index.ts";
import { guidFrom } from "../shared/guid.ts";
import type { AssignedIdentity, PlannedIdentity } from "./site-plan.ts";

/** Where a run's identities are served, and with which secret: what a plan can't decide by itself. */
export type IdentityService = Pick<PlannedIdentity, "address" | "port" | "header" | "tenantId">;

/**
 * The identities that a site has, the system-assigned one first, then the user-assigned ones in the definition's order.
 * Ids that the definition gives are used; others are made from the run's secret, the same for the same secret.
 * @returns `null` for a site without one.
 * @throws {SitecarError} SPEC_INVALID for a user-assigned type without identities, and for two that share an id.
 */
export function planIdentity(identity: SiteIdentity, service: IdentityService): PlannedIdentity | null {
  if (identity.type === "None") return null;
  const made = (label: string): string => guidFrom(service.header, label);
  const identities: AssignedIdentity[] = [];
  if (identity.type !== "UserAssigned") {
    identities.push({
      kind: "system",
      clientId: made("client"),
      principalId: identity.principalId ?? made("principal"),
    });
  }
  if (identity.type !== "SystemAssigned") {
    for (const [resourceId, given] of Object.entries(identity.userAssignedIdentities ?? {})) {
      identities.push({
        kind: "user",
        resourceId,
        clientId: given.clientId ?? made(`client ${resourceId}`),
        principalId: given.principalId ?? made(`principal ${resourceId}`),
      });
    }
    if (!identities.some(({ kind }) => kind === "user")) throw noUserAssigned(identity.type);
  }
  assertDistinct(identities);
  return {
    address: service.address,
    port: service.port,
    header: service.header,
    tenantId: identity.tenantId ?? service.tenantId,
    identities,
  };
}

function noUserAssigned(type: SiteIdentity["type"]): SitecarError {
  return new SitecarError("SPEC_INVALID", {
    message: `the site's identity is of type "${type}" and names no user-assigned identity.`,
    remedy:
      'name each in identity.userAssignedIdentities by its resource id, or use the type "SystemAssigned".',
  });
}

/** Two identities with one id could not be told apart by a request that names it. */
function assertDistinct(identities: readonly AssignedIdentity[]): void {
  const ids = identities.flatMap(({ clientId, principalId }) => [clientId, principalId]);
  const seen = new Set<string>();
  for (const id of ids.map((one) => one.toLowerCase())) {
    if (seen.has(id)) {
      throw new SitecarError("SPEC_INVALID", {
        message: `the id ${id} stands twice among the site's identities.`,
        remedy: "give each identity its own clientId and principalId, or leave them out.",
      });
    }
    seen.add(id);
  }
}
