import type { SiteContainerProperties, SiteDefinition } from "../../definition/site-definition.ts";
import type { PlanOptions } from "../make-plan.ts";

const IDENTITY = {
  address: "169.254.129.2",
  port: 8081,
  header: "header-of-the-run",
  tenantId: "tenant",
};
const TRUST = { certificateAuthorityPem: "CA", bundlePem: "BUNDLE" };
export const OPTIONS: PlanOptions = {
  runId: "run",
  instanceId: "c".repeat(64),
  identity: IDENTITY,
  trust: TRUST,
};

type Overrides = Partial<SiteDefinition> & {
  main?: Partial<SiteContainerProperties>;
  dapr?: Partial<SiteContainerProperties>;
};

/** A main on 9000 and a Dapr sidecar, with what a test changes. */
export function site({ main, dapr, ...overrides }: Overrides = {}): SiteDefinition {
  return {
    name: "shop",
    siteContainers: [
      { name: "main", properties: { image: "shop/main:1", isMain: true, targetPort: "9000", ...main } },
      { name: "dapr", properties: { image: "shop/dapr:1", isMain: false, ...dapr } },
    ],
    appSettings: [{ name: "APP:ID", value: "main" }],
    identity: { type: "SystemAssigned" },
    storageAccounts: [{ name: "shopstorage" }],
    builds: {},
    daprSidecars: [
      {
        container: "dapr",
        resourcesPath: "/components",
        httpPort: 3500,
        grpcPort: 50_001,
        metricsPort: 9090,
      },
    ],
    observedPorts: [2222, 3500],
    ...overrides,
  };
}
