import { createHash, randomBytes } from "node:crypto";
import { createCertificateAuthority, trustBundle } from "../azure/certificate-authority.ts";
import { storageHostName } from "../azure/production-names.ts";
import type { CertificateAuthority } from "../azure/certificate-authority.ts";
import type { ContainerPlan, SitePlan } from "../plan/site-plan.ts";
import { agentConfiguration } from "../platform/agent-configuration.ts";
import { AGENT_CONFIGURATION_VARIABLE, type AgentStorage } from "../platform/agent-protocol.ts";
import { EngineContainer } from "../runtime/container.ts";
import type { ContainerMount } from "../runtime/container-specification.ts";
import type { RunIdentity } from "../runtime/labels.ts";
import type { InstanceLimits } from "../runtime/limits/instance-limits.ts";
import type { PreparedImage } from "../runtime/prepared-image.ts";
import { STORAGE_PORT } from "../runtime/gated-azurite.ts";
import { createStorageContainer, type StorageContainer } from "../runtime/storage-container.ts";
import { STORAGE } from "../schedule/schedule.ts";
import type { Host } from "./host.ts";

/** The harness's own container that owns the namespace. */
export const PLATFORM = "platform";

/** The run's certificate authority and what containers get of it. */
export interface Trust {
  readonly authority: CertificateAuthority;
  readonly certificateAuthorityPem: string;
  readonly bundlePem: string;
}

export async function createTrust(): Promise<Trust> {
  const authority = await createCertificateAuthority();
  return {
    authority,
    certificateAuthorityPem: authority.certificatePem,
    bundlePem: trustBundle(authority),
  };
}

/** A storage account of this run with a key of its own. */
export interface StorageAccountAccess {
  readonly name: string;
  /** Base64; made for the run. */
  readonly key: string;
}

export function storageAccess(plan: SitePlan): readonly StorageAccountAccess[] {
  return plan.storageAccounts.map((name) => ({ name, key: randomBytes(64).toString("base64") }));
}

export async function createStorage(
  host: Host,
  run: RunIdentity,
  parts: {
    readonly network: string;
    readonly way: WayToStorage;
    readonly accounts: readonly StorageAccountAccess[];
  },
): Promise<StorageContainer> {
  const { hostNames, certificatePem, keyPem, authorityPem } = parts.way;
  return await createStorageContainer(host.engine, run, {
    name: containerName(run, STORAGE),
    label: STORAGE,
    image: host.images.storage.reference,
    network: parts.network,
    aliases: [parts.way.upstream.host],
    accounts: parts.accounts,
    certificate: { certificatePem, keyPem },
    authorityPem,
    serverName: hostNames[0] ?? "localhost",
  });
}

/** The way to storage, as the platform container's agent is told it. */
export type WayToStorage = Omit<AgentStorage, "address">;

/** Storage's name on the run's network: not the accounts', so that these lead nowhere but along the way. */
const STORAGE_ALIAS = "sitecar-storage";

/** `null`: the plan has no storage account. One certificate stands for storage itself and for what stands before it. */
export async function wayToStorage(plan: SitePlan, trust: Trust): Promise<WayToStorage | null> {
  if (plan.storageAccounts.length === 0) return null;
  const hostNames = plan.storageAccounts.map((account) => storageHostName(account));
  const certificate = await trust.authority.issue({
    names: [...hostNames, "localhost"],
    addresses: ["127.0.0.1"],
  });
  return {
    hostNames,
    upstream: { host: STORAGE_ALIAS, port: STORAGE_PORT },
    certificatePem: certificate.certificatePem,
    keyPem: certificate.keyPem,
    authorityPem: trust.certificateAuthorityPem,
  };
}

/** Creates the container that owns the namespace, the published ports, and the agent. */
export async function createPlatform(
  host: Host,
  run: RunIdentity,
  plan: SitePlan,
  instance: {
    readonly name: string;
    readonly network: string;
    readonly way: WayToStorage | null;
    readonly mounts: readonly ContainerMount[];
    readonly economical: boolean;
    readonly tap: boolean;
  },
): Promise<EngineContainer> {
  return await EngineContainer.create(host.engine, run, {
    name: containerName(run, `${instance.name}-${PLATFORM}`),
    label: PLATFORM,
    image: host.images.platform.reference,
    network: { name: instance.network },
    // NET_ADMIN for the addresses on loopback, the unreachable metadata address, and the packet rules on the way to storage;
    // NET_RAW to read what passes on the loopback.
    addedCapabilities: instance.tap ? ["NET_ADMIN", "NET_RAW"] : ["NET_ADMIN"],
    publishedPorts: plan.publishedPorts,
    mounts: instance.mounts,
    // The agent is asked on its standard input.
    input: true,
    environment: {
      [AGENT_CONFIGURATION_VARIABLE]: JSON.stringify(
        agentConfiguration(plan, {
          economical: instance.economical,
          tap: instance.tap,
          storage: instance.way,
        }),
      ),
    },
  });
}

export async function createSiteContainer(
  host: Host,
  run: RunIdentity,
  plan: ContainerPlan,
  instance: {
    readonly name: string;
    readonly platform: EngineContainer;
    readonly image: PreparedImage;
    readonly limits: InstanceLimits | undefined;
    readonly mounts: readonly ContainerMount[];
    /** Of a stand-in main: what it is told at each start. */
    readonly firstInput?: () => string;
  },
): Promise<EngineContainer> {
  return await EngineContainer.create(host.engine, run, {
    name: containerName(run, `${instance.name}-${plan.name}`),
    label: plan.name,
    image: instance.image.reference,
    environment: plan.environment,
    network: { joins: instance.platform.id },
    files: plan.files,
    ...(instance.limits === undefined ? {} : { cgroupParent: instance.limits.cgroupParent }),
    mounts: instance.mounts,
    ...(instance.firstInput === undefined ? {} : { input: true, firstInput: instance.firstInput }),
    ...(plan.entrypoint === undefined ? {} : { entrypoint: plan.entrypoint }),
    ...(plan.command === undefined ? {} : { command: plan.command }),
  });
}

/** 64 hex digits that tell a run's worker from all others; its instances come and go under this one id. */
export function instanceIdOf(runId: string, worker: number): string {
  return createHash("sha256").update(`${runId}\n${worker}`).digest("hex");
}

function containerName(run: RunIdentity, name: string): string {
  return `sitecar-${run.runId}-${name}`;
}
