/** A key of metadata that daprd itself reads, whatever the component. */
export interface RuntimeKey {
  readonly name: string;
  /** It is read in this spelling only. */
  readonly isExact: boolean;
}

const exact = (name: string): RuntimeKey => ({ name, isExact: true });
const inAnyCase = (name: string): RuntimeKey => ({ name, isExact: false });

/**
 * By building block. Sources, all of daprd 1.18: pkg/runtime/processor/binding (route, direction), pkg/encryption,
 * pkg/runtime/pubsub/outbox.go, pkg/runtime/processor/state (actorStateStore), pkg/components/state (keyPrefix).
 */
const RUNTIME_KEYS: Readonly<Record<string, readonly RuntimeKey[]>> = {
  bindings: [exact("route"), inAnyCase("direction")],
  state: [
    inAnyCase("actorStateStore"),
    inAnyCase("keyPrefix"),
    exact("primaryEncryptionKey"),
    exact("secondaryEncryptionKey"),
    exact("outboxPublishPubsub"),
    exact("outboxPublishTopic"),
    exact("outboxPubsub"),
    exact("outboxDiscardWhenMissingState"),
  ],
  pubsub: [inAnyCase("consumerID")],
};

/**
 * Keys that a component's own source reads in one spelling only, where nearly all others are decoded in any case.
 * Sources, of components-contrib 1.18.3: bindings/kafka/kafka.go, bindings/http/http.go,
 * common/component/azure/blobstorage/metadata.go.
 */
const EXACT_KEYS: Readonly<Record<string, readonly string[]>> = {
  "bindings.kafka": ["topics", "publishTopic"],
  "bindings.http": ["errorIfNot2XX"],
  "bindings.azure.blobstorage": ["getBlobRetryCount"],
  "state.azure.blobstorage": ["getBlobRetryCount"],
};

/** @param type as it is documented. */
export function runtimeKeysOf(type: string): readonly RuntimeKey[] {
  const [block = ""] = type.split(".", 1);
  const own = Object.hasOwn(EXACT_KEYS, type) ? (EXACT_KEYS[type] ?? []) : [];
  return [...(Object.hasOwn(RUNTIME_KEYS, block) ? (RUNTIME_KEYS[block] ?? []) : []), ...own.map(exact)];
}
