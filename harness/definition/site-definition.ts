/**
 * What a site IS, in ARM's own field names. Plain data: it can be diffed, saved and sent.
 *
 * Sources: `Microsoft.Web/sites/sitecontainers` (facts A1.1–A1.9), the Azure CLI's spec file (A1.14),
 * `az webapp config appsettings list -o json` (A1.16).
 */

/** One entry of `environmentVariables`. `value` is the NAME of an app setting, never a literal (A1.8). */
export interface EnvironmentVariableReference {
  readonly name: string;
  readonly value: string;
}

/** One entry of `volumeMounts` (A1.9). */
export interface VolumeMount {
  readonly volumeSubPath: string;
  readonly containerMountPath: string;
  readonly readOnly?: boolean;
  readonly data?: string;
}

/** How the image is pulled (A1.5). */
export type AuthType = "Anonymous" | "UserCredentials" | "SystemIdentity" | "UserAssigned";

/** `properties` of a `Microsoft.Web/sites/sitecontainers` resource (A1.1–A1.9). */
export interface SiteContainerProperties {
  readonly image: string;
  readonly isMain: boolean;
  /** A string in ARM; a number is accepted on input and kept as its decimal string. */
  readonly targetPort?: string;
  readonly startUpCommand?: string;
  readonly authType?: AuthType;
  readonly userName?: string;
  readonly passwordSecret?: string;
  readonly userManagedIdentityClientId?: string;
  /** Default true (A1.7). */
  readonly inheritAppSettingsAndConnectionStrings?: boolean;
  readonly environmentVariables?: readonly EnvironmentVariableReference[];
  readonly volumeMounts?: readonly VolumeMount[];
}

/** A site container as in the CLI's spec file: `{ "name": …, "properties": { … } }`. */
export interface SiteContainer {
  readonly name: string;
  readonly properties: SiteContainerProperties;
}

/** One row of `az webapp config appsettings list -o json`. */
export interface AppSetting {
  readonly name: string;
  readonly value: string;
  readonly slotSetting?: boolean;
}

/** ARM's types of connection strings; each has its own prefix in the environment (A4.2). */
export type ConnectionStringType =
  | "SQLServer"
  | "SQLAzure"
  | "MySql"
  | "PostgreSQL"
  | "Custom"
  | "NotificationHub"
  | "ServiceBus"
  | "EventHub"
  | "DocDb"
  | "RedisCache";

/** One row of `az webapp config connection-string list -o json`. */
export interface ConnectionString {
  readonly name: string;
  readonly value: string;
  readonly type: ConnectionStringType;
  readonly slotSetting?: boolean;
}

/** What of ARM's `siteConfig` bears on a run. */
export interface SiteConfiguration {
  /** `sitecontainers`, in any case, or sidecars are ignored (A1.11). Absent: not among the inputs. */
  readonly linuxFxVersion?: string;
  /** Pinged each minute at every worker (A2.8). */
  readonly healthCheckPath?: string;
  /** How many workers run the site; each a full instance (A3.9). */
  readonly numberOfWorkers?: number;
}

/** A user-assigned identity as `identity.userAssignedIdentities` has it. */
export interface UserAssignedIdentity {
  readonly clientId?: string;
  readonly principalId?: string;
}

/** ARM's `identity` of the site. */
export interface SiteIdentity {
  readonly type: "None" | "SystemAssigned" | "UserAssigned" | "SystemAssigned, UserAssigned";
  readonly principalId?: string;
  readonly tenantId?: string;
  /** By resource id. */
  readonly userAssignedIdentities?: Readonly<Record<string, UserAssignedIdentity>>;
}

/** The App Service plan, `Microsoft.Web/serverfarms`: its size is shared by all containers of an instance (A3.10). */
export interface ServerFarm {
  readonly sku: {
    /** For example `B1`, `P1v3`. */
    readonly name: string;
    /** Number of workers. */
    readonly capacity?: number;
  };
}

/** A storage account that the site talks to under its production host name. */
export interface StorageAccount {
  readonly name: string;
}

/** How an image that the site names is built on this machine instead of pulled. */
export interface ImageBuild {
  /** Absolute path of the build context. */
  readonly context: string;
  /** Path of the Dockerfile inside the context. */
  readonly dockerfile: string;
  /** Paths inside the context that the build reads; everything else is left out. */
  readonly include: readonly string[];
  /** A command run on the host in `context` before the build, for example a bundler. */
  readonly prepare?: readonly string[];
}

/** Where a daprd runs among the site's containers and which of its files say what it must load. */
export interface DaprSidecar {
  /** Name of the site container that runs daprd. */
  readonly container: string;
  /** Path inside the container that `--resources-path` names. */
  readonly resourcesPath: string;
  /** Default 3500. */
  readonly httpPort: number;
  /** Default 50001. */
  readonly grpcPort: number;
  /** Default 9090. */
  readonly metricsPort: number;
  /** Where the deployed component files lie on this machine, absolute; for `sitecar lint`, which has no image to look into. */
  readonly componentFiles?: readonly string[];
}

/** A file or directory of this machine that was deployed to the site's `/home`. */
export interface HomeFile {
  /** Absolute path on this machine. */
  readonly from: string;
  /** Where it lies in the site, for example `/home/dapr/components`. */
  readonly to: string;
}

/** A whole site. Read one with `readSite`, or write it as a literal. */
export interface SiteDefinition {
  /** Site name; becomes `WEBSITE_SITE_NAME`. */
  readonly name: string;
  readonly siteContainers: readonly SiteContainer[];
  readonly appSettings: readonly AppSetting[];
  /** Default: none. */
  readonly connectionStrings?: readonly ConnectionString[];
  readonly siteConfig?: SiteConfiguration;
  /** ARM's property; default true: the front end sets `ARRAffinity`. */
  readonly clientAffinityEnabled?: boolean;
  /** Absent: the whole machine, no limits. */
  readonly serverFarm?: ServerFarm;
  /** Answers to Key Vault references (A4.6), by `<vault>/<secret>`; from a local file. */
  readonly keyVaultSecrets?: Readonly<Record<string, string>>;
  readonly identity: SiteIdentity;
  readonly storageAccounts: readonly StorageAccount[];
  /** Image reference as in `properties.image` → how to build it here. Images not named are pulled. */
  readonly builds: Readonly<Record<string, ImageBuild>>;
  readonly daprSidecars: readonly DaprSidecar[];
  /** What was deployed to `/home`; placed there before the first container starts. Default: nothing. */
  readonly homeFiles?: readonly HomeFile[];
  /** Further ports of the namespace to publish on 127.0.0.1 for observation, for example 2222. */
  readonly observedPorts: readonly number[];
}
