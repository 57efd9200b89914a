import type { Value } from "./value.ts";

/** One site container as a file has it. */
export interface SiteContainerPart {
  readonly name: string;
  /** ARM's `properties`: `image`, `isMain`, `targetPort`, `environmentVariables` (a list), `volumeMounts` (a list) …  */
  readonly properties: Value;
  /** The whole entry, for messages about it. */
  readonly at: Value;
  /** Where the name is written, if it is a value of its own. Default: `at`. */
  readonly nameAt?: Value;
}

/** One app setting as a file has it. */
export interface AppSettingPart {
  readonly name: string;
  readonly value: Value;
  /** The name, or the whole entry where the name is one of its fields. */
  readonly at: Value;
  /** Whether it stays with the slot in a swap. Absent: the file says nothing about it. */
  readonly slotSetting?: boolean;
}

/** One connection string as a file has it. */
export interface ConnectionStringPart {
  readonly name: string;
  readonly value: Value;
  /** ARM's type, such as `SQLAzure` or `Custom`. */
  readonly type: Value;
  /** The name, or the whole entry where the name is one of its fields. */
  readonly at: Value;
  /** Whether it stays with the slot in a swap. Absent: the file says nothing about it. */
  readonly slotSetting?: boolean;
}

/** What one input file says of a site; each part as the value in its file. Absent: the file says nothing about it. */
export interface SitePart {
  readonly name?: Value;
  readonly siteContainers?: readonly SiteContainerPart[];
  readonly appSettings?: readonly AppSettingPart[];
  readonly connectionStrings?: readonly ConnectionStringPart[];
  readonly siteConfig?: {
    readonly linuxFxVersion?: Value;
    readonly healthCheckPath?: Value;
    readonly numberOfWorkers?: Value;
  };
  readonly clientAffinityEnabled?: Value;
  /** ARM's `identity`: `type`, and `userAssignedIdentities` as an object keyed by resource id. */
  readonly identity?: Value;
  /** A value of the form `{ sku: { name, capacity? } }`. */
  readonly serverFarm?: Value;
  readonly storageAccounts?: readonly { readonly name: string; readonly at: Value }[];
}
