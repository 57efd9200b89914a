import type { Severity } from "../rule.ts";

/** Metadata without which a component does not work. */
export interface RequiredMetadata {
  readonly key: string;
  /** `error`: daprd exits. `warning`: it is loaded, and each use of it fails. */
  readonly severity: Severity;
}

const fatal = (...keys: readonly string[]): RequiredMetadata[] =>
  keys.map((key) => ({ key, severity: "error" }));
const useless = (...keys: readonly string[]): RequiredMetadata[] =>
  keys.map((key) => ({ key, severity: "warning" }));

/**
 * By type, each as seen on daprd 1.18.2. Dapr's own metadata.yaml files call more required than is, for example the
 * consumerID of Event Hubs, which daprd fills in, and both of two alternatives.
 */
const REQUIRED: Readonly<Record<string, readonly RequiredMetadata[]>> = {
  "bindings.cron": fatal("schedule"),
  "bindings.http": useless("url"),
  "bindings.localstorage": fatal("rootPath"),
  "bindings.azure.blobstorage": fatal("containerName"),
  "bindings.azure.cosmosdb": fatal("url", "database", "collection"),
  "bindings.azure.storagequeues": fatal("accountName", "queueName"),
  "middleware.http.bearer": fatal("jwksURL", "issuer", "audience"),
  "secretstores.azure.keyvault": useless("vaultName"),
  "secretstores.local.file": fatal("secretsFile"),
  "state.azure.blobstorage": fatal("containerName"),
  "state.azure.cosmosdb": fatal("url", "database", "collection"),
  "state.azure.tablestorage": fatal("accountName", "tableName"),
};

/**
 * Types of which the ways to authenticate each require something, a namespace or an account, too; without any of them
 * daprd exits.
 */
const NEEDS_A_WAY = [
  "bindings.azure.blobstorage",
  "bindings.azure.eventhubs",
  "bindings.azure.servicebus.queues",
  "pubsub.azure.eventhubs",
  "pubsub.azure.servicebus.queues",
  "pubsub.azure.servicebus.topics",
  "state.azure.blobstorage",
];

/** @param type as it is documented. */
export function requiredOf(type: string): readonly RequiredMetadata[] {
  return Object.hasOwn(REQUIRED, type) ? (REQUIRED[type] ?? []) : [];
}

/** @param type as it is documented. */
export function needsAWay(type: string): boolean {
  return NEEDS_A_WAY.includes(type);
}
