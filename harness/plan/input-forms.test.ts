import path from "node:path";

import { describe, expect, it } from "vitest";

import { readSite } from "../definition/read-site.ts";
import type { SiteIdentity } from "../definition/site-definition.ts";
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
  },
  trust: { certificateAuthorityPem: "CA", bundlePem: "BUNDLE" },
};

/** @param ids of the site's identity: only Azure's own lists have them. */
async function planOf(site: string, ids: Partial<SiteIdentity> = {}): Promise<SitePlan> {
  const definition = await readSite(path.join(SITES, site));
  return makePlan({ ...definition, identity: { ...definition.identity, ...ids } }, OPTIONS);
}

describe("the plan of the example site", () => {
  it.each(["example-arm", "example-az", "example-compose"])("is the same from %s", async (site) => {
    const { type, ...ids } = (await readSite(path.join(SITES, site))).identity;
    expect(type).toBe("SystemAssigned");
    expect(await planOf(site)).toEqual(await planOf("example", ids));
  });
});
