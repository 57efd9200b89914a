/** The images of others that everything here is made from, under their public default names. The one table of them. */
export const UPSTREAM = {
  debian: "debian:bookworm-slim",
  node: "node:24-bookworm-slim",
  daprd: "daprio/daprd:1.18.2",
  envoy: "envoyproxy/envoy:v1.40.0",
  toxiproxy: "ghcr.io/shopify/toxiproxy:2.12.0",
  azurite: "mcr.microsoft.com/azure-storage/azurite:3.37.0",
} as const;

/** Which recipe stands in for an upstream image, and at which version of what it holds. */
export interface StandIn {
  readonly kind: keyof typeof UPSTREAM;
  readonly version: string;
}

/** Recipes are exact about what they stand in for; daprd alone can be built at any released version. */
export function standInFor(reference: string): StandIn | undefined {
  const daprd = /^(?:docker\.io\/)?daprio\/daprd:(?<version>\d+\.\d+\.\d+)$/.exec(reference);
  const version = daprd?.groups?.["version"];
  if (version !== undefined) return { kind: "daprd", version };
  const kind = KINDS.find((candidate) => UPSTREAM[candidate] === reference);
  return kind && { kind, version: reference.slice(reference.lastIndexOf(":") + 1) };
}

const KINDS = ["debian", "node", "azurite", "envoy", "toxiproxy"] as const;
