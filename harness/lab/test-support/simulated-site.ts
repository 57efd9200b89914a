import type { DisturbedSite } from "../space/disturbances.ts";
import type { ExploreOptions } from "../explore-options.ts";
import { judged, lag, type SimulatedSite } from "./simulated-laboratory.ts";

/** A site of storage, main and a Dapr sidecar, as far as a space is made from it. */
export const SITE: DisturbedSite = siteOf(["main", "dapr"]);

/** The first container is main, the last a Dapr sidecar. */
export function siteOf(names: readonly string[]): DisturbedSite {
  return {
    siteContainers: names.map((name, index) => ({
      name,
      properties: { image: `${name}:1`, isMain: index === 0 },
    })),
    daprSidecars: names.slice(-1).map((container) => ({
      container,
      resourcesPath: "/components",
      httpPort: 3500,
      grpcPort: 50001,
      metricsPort: 9090,
    })),
    storageAccounts: [{ name: "account" }],
    identity: { type: "SystemAssigned" },
  };
}

export const EXITS = 'nothingExits: container "dapr" exits (1)';
export const SILENT = 'bindingsActive: binding "batch" never active';

/** dapr does not get over a storage that comes more than 5.2 s after it; then it never reads its bindings either. */
export const storageLate: SimulatedSite = (schedule) => {
  const exits = lag(schedule, "storage", "dapr") > 5200;
  return [
    judged("nothingExits", 'container "dapr" exits (1)', exits),
    judged("bindingsActive", 'binding "batch" never active', exits),
  ];
};

export function exploreOptions(directory: string, more: Partial<ExploreOptions> = {}): ExploreOptions {
  return {
    site: "example",
    inputs: ["fixtures/sites/example"],
    version: "0.0.0",
    seed: 1,
    budgetMs: 3_600_000,
    directory,
    contracts: [{ name: "nothingExits", promise: "No container exits unasked." }],
    differences: [],
    sidecars: ["dapr"],
    ...more,
  };
}
