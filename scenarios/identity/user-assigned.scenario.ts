import { readFile } from "node:fs/promises";
import { expect } from "vitest";
import type { SiteDefinition, SiteIdentity } from "../../harness/definition/site-definition.ts";
import type { PlannedFile } from "../../harness/plan/site-plan.ts";
import { siteTest } from "../../harness/vitest/site-test.ts";
import { everySecond } from "../support/example-site.ts";
import { untilEvent } from "../support/observations.ts";

const test = siteTest("fixtures/sites/example");

const BATCH =
  "/subscriptions/0/resourceGroups/local/providers/Microsoft.ManagedIdentity/userAssignedIdentities/batch";
const CLIENT_ID = "5b1e7f6c-0000-4000-8000-00000000abcd";

function userAssigned(definition: SiteDefinition): SiteDefinition {
  const identity: SiteIdentity = {
    type: "UserAssigned",
    userAssignedIdentities: { [BATCH]: { clientId: CLIENT_ID } },
  };
  return { ...definition, identity };
}

/** The deployed blob.yaml with one more metadata entry, as daprd selects an identity (daprd.md §4). */
async function withClientId(clientId: string): Promise<Readonly<Record<string, readonly PlannedFile[]>>> {
  const deployed = await readFile("fixtures/components/blob.yaml", "utf8");
  const content = `${deployed.trimEnd()}\n    - name: azureClientId\n      value: ${clientId}\n`;
  const every = await everySecond();
  return {
    dapr: [...(every["dapr"] ?? []), { path: "/root/.dapr/components/blob.yaml", content, mode: 0o644 }],
  };
}

test.concurrent(
  "a component that names a user-assigned identity writes with its token",
  async ({ startSite, definition }) => {
    const site = await startSite({ files: await withClientId(CLIENT_ID) }, userAssigned(definition));
    await untilEvent(site, "blob.created", { withinMs: 60_000 });
    expect(site.timeline.of("identity.requested")).toMatchObject([
      { status: 200, parameters: { client_id: CLIENT_ID } },
    ]);
  },
);

test.concurrent(
  "one that names none has no identity there: daprd ends with the platform's words",
  async ({ startSite, definition }) => {
    await expect(startSite({}, userAssigned(definition))).rejects.toMatchObject({
      code: "CONTAINER_EXITED_DURING_START",
      message: expect.stringContaining("Unable to load requested managed identity."),
    });
  },
);
