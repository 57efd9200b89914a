import type { SiteDefinition } from "../../harness/definition/site-definition.ts";
import { ENVIRONMENT, extraFiles } from "../../harness/twin/test-support/run-cases.ts";
import { SIDECARS } from "../../harness/twin/test-support/parity-case.ts";
import type { SiteTestOptions } from "../../harness/vitest/site-test.ts";
import { withAppSettings, withProperties } from "../support/example-site.ts";
import { RECORDING_APP } from "./recording-app.ts";

/** A site whose daprd the twin is compared with. */
export interface ParitySite {
  readonly definition: SiteDefinition;
  readonly options: SiteTestOptions;
}

/** More components beside the example's, and an app that records what daprd sends. */
export async function fullSite(example: SiteDefinition): Promise<ParitySite> {
  const dapr = Object.entries(await extraFiles()).map(([path, content]) => ({ path, content, mode: 0o644 }));
  const program = { path: "/program.mjs", content: RECORDING_APP, mode: 0o644 };
  return {
    definition: withAppSettings(
      withProperties(example, "main", { startUpCommand: "node /program.mjs" }),
      ENVIRONMENT,
    ),
    // One binding is refused, so the site is never ready.
    options: { until: "started", files: { main: [program], dapr } },
  };
}

/** The example's daprd with an API token, before there is an app. */
export function bareSite(example: SiteDefinition): ParitySite {
  return {
    definition: withAppSettings(example, { DAPR_API_TOKEN: SIDECARS.bare.apiToken }),
    options: { until: "scheduled", schedule: { main: "never" } },
  };
}
