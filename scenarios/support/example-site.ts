import { readFile } from "node:fs/promises";
import { readSite } from "../../harness/definition/read-site.ts";
import type { SiteContainerProperties, SiteDefinition } from "../../harness/definition/site-definition.ts";
import type { PlannedFile } from "../../harness/plan/site-plan.ts";

/** The example site as deployed. */
export async function exampleSite(): Promise<SiteDefinition> {
  return await readSite("fixtures/sites/example");
}

/** The same site with app settings added or replaced. */
export function withAppSettings(
  definition: SiteDefinition,
  settings: Readonly<Record<string, string>>,
): SiteDefinition {
  return {
    ...definition,
    appSettings: [
      ...definition.appSettings.filter(({ name }) => !Object.hasOwn(settings, name)),
      ...Object.entries(settings).map(([name, value]) => ({ name, value })),
    ],
  };
}

/** The same site with some properties of one container changed. */
export function withProperties(
  definition: SiteDefinition,
  container: string,
  properties: Partial<SiteContainerProperties>,
): SiteDefinition {
  return {
    ...definition,
    siteContainers: definition.siteContainers.map((one) =>
      one.name === container ? { ...one, properties: { ...one.properties, ...properties } } : one,
    ),
  };
}

/** For `startSite`'s `files`: the cron binding at `@every 1s` in the place of the deployed `@every 10s`. */
export async function everySecond(): Promise<Readonly<Record<string, readonly PlannedFile[]>>> {
  const content = await readFile("fixtures/components-variants/every-second/batch.yaml", "utf8");
  return { dapr: [{ path: "/root/.dapr/components/batch.yaml", content, mode: 0o644 }] };
}

/** The same without `direction`: daprd then asks the app by OPTIONS whether it wants the binding (daprd.md §1.1). */
export async function withoutDirection(): Promise<Readonly<Record<string, readonly PlannedFile[]>>> {
  const { dapr = [] } = await everySecond();
  return {
    dapr: dapr.map((file) => ({
      ...file,
      content: file.content.replace(/ *- name: direction\n *value: .*\n/, ""),
    })),
  };
}

/**
 * The blob binding as deployed but for a minute in which to come up: daprd's two pauses between three requests can take 4.2 of the
 * 5 s that it has by default (daprd.md §1.3).
 */
export async function withPatientBlob(): Promise<Readonly<Record<string, readonly PlannedFile[]>>> {
  const deployed = await readFile("fixtures/components/blob.yaml", "utf8");
  const content = deployed.replace(/^ {2}version: .*\n/m, "$&  initTimeout: 60s\n");
  return { dapr: [{ path: "/root/.dapr/components/blob.yaml", content, mode: 0o644 }] };
}
