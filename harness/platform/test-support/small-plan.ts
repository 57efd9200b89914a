import { DEFAULT_PLATFORM_SETTINGS } from "../../plan/resolve-settings.ts";
import type { SitePlan } from "../../plan/site-plan.ts";
import { planIdentity } from "../../plan/identity.ts";
import { identityValues } from "../identity-values.ts";

/** A plan with a main on 9000, a daprd with its default ports, and one more sidecar on 7000. */
export function smallPlan(): SitePlan {
  const container = { environment: {}, files: [], image: "i" };
  return {
    site: "s",
    runId: "r",
    instanceId: "0".repeat(64),
    containers: [
      { ...container, name: "main", isMain: true, targetPort: 9000 },
      { ...container, name: "dapr", isMain: false, targetPort: 3500 },
      { ...container, name: "cache", isMain: false, targetPort: 7000 },
    ],
    mainContainer: "main",
    mainPort: 9000,
    publishedPorts: [9000],
    identity: planIdentity({ type: "SystemAssigned" }, identityValues("seed")),
    storageAccounts: [],
    daprSidecars: [
      { container: "dapr", resourcesPath: "/c", httpPort: 3500, grpcPort: 50001, metricsPort: 9090 },
    ],
    schedule: { starts: [] },
    settings: { ...DEFAULT_PLATFORM_SETTINGS, warmUpIntervalMs: 5 },
    differences: [],
  };
}
