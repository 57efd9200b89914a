import type { Origins } from "../origins.ts";
import { readBuilds, readDaprSidecars, readObservedPorts, readStorageAccounts } from "../read-local-parts.ts";
import type {
  DaprSidecar,
  ImageBuild,
  SiteContainer,
  SiteDefinition,
  StorageAccount,
} from "../site-definition.ts";
import type { Value } from "../value.ts";
import type { InputPart } from "./input-part.ts";

type LocalParts = Pick<SiteDefinition, "storageAccounts" | "builds" | "daprSidecars" | "observedPorts">;

/**
 * What site files say of this machine, and the storage accounts, which templates name too. Accounts and ports add up; of
 * builds and Dapr sidecars the last for an image and for a container counts.
 */
export async function readLocalParts(
  parts: readonly InputPart[],
  {
    siteContainers,
    origins,
  }: { readonly siteContainers: readonly SiteContainer[]; readonly origins: Origins },
): Promise<LocalParts> {
  const accounts = new Map<string, StorageAccount>();
  const builds = new Map<string, ImageBuild>();
  const sidecars = new Map<string, DaprSidecar>();
  const ports = new Set<number>();
  for (const { part, local } of parts) {
    for (const { name, at } of part.storageAccounts ?? []) {
      accounts.set(name, { name });
      origins.set(["storageAccounts", name], at.place);
    }
    if (local === undefined) continue;
    const { fields, directory } = local;
    const accountsAt = fields.optional("storageAccounts");
    for (const account of readStorageAccounts(accountsAt)) {
      accounts.set(account.name, account);
      if (accountsAt !== undefined) origins.set(["storageAccounts", account.name], accountsAt.place);
    }
    checkStorageName(accountsAt, accounts.size, siteContainers);
    for (const [image, build] of await readBuilds(fields.optional("builds"), directory, siteContainers)) {
      builds.set(image, build);
    }
    for (const sidecar of await readDaprSidecars(
      fields.optional("daprSidecars"),
      directory,
      siteContainers,
    )) {
      sidecars.set(sidecar.container, sidecar);
    }
    for (const port of readObservedPorts(fields.optional("observedPorts"))) ports.add(port);
  }
  return {
    storageAccounts: [...accounts.values()],
    builds: Object.fromEntries(builds),
    daprSidecars: [...sidecars.values()],
    observedPorts: [...ports],
  };
}

function checkStorageName(
  at: Value | undefined,
  accounts: number,
  siteContainers: readonly SiteContainer[],
): void {
  if (accounts === 0 || !siteContainers.some(({ name }) => name === "storage")) return;
  at?.complain(
    "can't stand beside a container called \"storage\": in start schedules that name is the storage emulator's.",
    "Give the container another name.",
  );
}
