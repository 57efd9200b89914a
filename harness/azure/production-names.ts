import { SitecarError } from "../errors/index.ts";

/** The services of a storage account that have a host name of their own. */
export type StorageService = "blob" | "queue" | "table" | "file" | "dfs" | "web";

/** DNS suffix of Azure's public cloud; what clients assume when nobody tells them an endpoint (daprd.md §4). */
export const PUBLIC_CLOUD_STORAGE_SUFFIX = "core.windows.net";

/** For example `account.blob.core.windows.net`. */
export function storageHostName(account: string, service: StorageService = "blob"): string {
  return `${account}.${service}.${PUBLIC_CLOUD_STORAGE_SUFFIX}`;
}

/** Azure's rule: 3 to 24 characters, lower-case letters and digits only. */
export function isStorageAccountName(name: string): boolean {
  return /^[a-z0-9]{3,24}$/.test(name);
}

/** @throws {SitecarError} SPEC_INVALID when the name breaks Azure's rule. */
export function assertStorageAccountName(name: string): void {
  if (isStorageAccountName(name)) return;
  throw new SitecarError("SPEC_INVALID", {
    message: `the storage account name ${JSON.stringify(name)} is not one that Azure allows.`,
    remedy: "use 3 to 24 characters, lower-case letters and digits only.",
  });
}
