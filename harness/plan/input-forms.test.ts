import path from "node:path";

import { describe, expect, it } from "vitest";

import { readSite } from "../definition/read-site.ts";
import { makePlan, type PlanOptions } from "./make-plan.ts";
import type { SitePlan } from "./site-plan.ts";

const SITES = path.join(import.meta.dirname, "../../fixtures/sites");
const OPTIONS: PlanOptions = {
  runId: "run",
  instanceId: "c".repeat(64),
  identity: {
    address: "169.254.129.2",
    port: 8081,
    header: "header",
    tenantId: "tenant",
    clientId: "client",
    principalId: "principal",
  },
  trust: { certificateAuthorityPem: "CA", bundlePem: "BUNDLE" },
};

async function planOf(site: string): Promise<SitePlan> {
  return makePlan(await readSite(path.join(SITES, site)), OPTIONS);
}

describe("the plan of the example site", () => {
  it.each(["example-arm", "example-az", "example-compose"])("is the same from %s", async (site) => {
    expect(await planOf(site)).toEqual(await planOf("example"));
  });
});
