import type { Schedule } from "../schedule/schedule.ts";
import type { DaprSidecar } from "../definition/site-definition.ts";
import type { PlatformSettings } from "./platform-settings.ts";
import type { PlannedVirtualTime } from "./virtual-time.ts";

/** A file that is placed into a container after it was created and before it starts. */
export interface PlannedFile {
  readonly path: string;
  readonly content: string;
  /** For example `0o644`. */
  readonly mode: number;
}

/** A directory that a container sees and does not own (A5). */
export interface PlannedMount {
  /** Path in the container. */
  readonly path: string;
  /**
   * `home`: the site's persistent share, one for all instances. `local`: lost when the instance is restarted, shared by its
   * containers. `logs`: the platform's own LogFiles where the share is off.
   */
  readonly tree: "home" | "local" | "logs" | "trust";
  /** Inside the tree, without a slash at either end; empty: the whole tree. */
  readonly subPath: string;
  readonly readOnly: boolean;
}

/** What an instance has of a machine, all its containers together (A3.10). */
export interface InstanceResources {
  /** May be a fraction. */
  readonly cpus: number;
  readonly memoryBytes: number;
}

/** An instance's resources with where they come from. */
export interface PlannedResources extends InstanceResources {
  /** For example `B1`; `custom`: the caller's own. */
  readonly sku: string;
}

/** One site container, ready for the engine. */
export interface ContainerPlan {
  readonly name: string;
  readonly isMain: boolean;
  /** As the site definition names it; the runtime resolves it to a prepared image. */
  readonly image: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Variables whose values come from a key vault, and are saved with no run. Absent: none. */
  readonly secretVariables?: readonly string[];
  /** Absent: the image's own. An empty list clears it. */
  readonly entrypoint?: readonly string[];
  /** Absent: the image's own. */
  readonly command?: readonly string[];
  readonly targetPort?: number;
  readonly files: readonly PlannedFile[];
  /** Absent: none. */
  readonly mounts?: readonly PlannedMount[];
  /** The harness's stand-in main runs in its place. Absent: the site's own image. */
  readonly standIn?: PlannedStandIn;
}

/** How a stand-in main runs. */
export interface PlannedStandIn {
  readonly port: number;
  /** Absent: it does nothing with a tick besides answering 200. */
  readonly writes?: {
    /** Name of an output binding that is asked to `create` a blob. */
    readonly binding: string;
    /** `sdk`: Dapr's official client, which waits for a sidecar up to 30.7 s (daprd.md §5). `http`: one plain request. */
    readonly client: "sdk" | "http";
    /** `lazily`: at the first tick. `eagerly`: before it listens; it ends with exit code 1 where the client gives up. */
    readonly connects: "lazily" | "eagerly";
  };
}

/** One of the site's managed identities. */
export interface AssignedIdentity {
  readonly kind: "system" | "user";
  /** Of a user-assigned one: its id in ARM. */
  readonly resourceId?: string;
  readonly clientId: string;
  readonly principalId: string;
}

/** The site's managed identities as they are served (A6). */
export interface PlannedIdentity {
  readonly address: string;
  readonly port: number;
  /** The value of `IDENTITY_HEADER`. */
  readonly header: string;
  readonly tenantId: string;
  /** At least one; the system-assigned one first. */
  readonly identities: readonly AssignedIdentity[];
}

/** Something that the harness adds to or changes in the site as deployed. Every run lists them. */
export interface Difference {
  /** A container's name, `namespace`, or `platform`. */
  readonly subject: string;
  readonly what: string;
  readonly why: string;
}

/** Everything about one run of a site that is decided before the engine is asked. Pure data. */
export interface SitePlan {
  readonly site: string;
  readonly runId: string;
  /** 64 hex digits; `WEBSITE_INSTANCE_ID`. */
  readonly instanceId: string;
  readonly containers: readonly ContainerPlan[];
  readonly mainContainer: string;
  /** Main's port: where the platform pings and routes. */
  readonly mainPort: number;
  /** Ports of the namespace published on 127.0.0.1, each once. */
  readonly publishedPorts: readonly number[];
  /** `null`: the site has no identity. */
  readonly identity: PlannedIdentity | null;
  /** Names of storage accounts to serve under their production host names. */
  readonly storageAccounts: readonly string[];
  readonly daprSidecars: readonly DaprSidecar[];
  readonly schedule: Schedule;
  readonly settings: PlatformSettings;
  /** Absent: no limits, the whole machine. */
  readonly resources?: PlannedResources;
  /** Absent: cron goes by this machine's clock. */
  readonly virtualTime?: PlannedVirtualTime;
  readonly differences: readonly Difference[];
}
