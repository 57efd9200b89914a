/** One error of daprd's HTTP API: `%s` are filled in order. */
export interface ErrorFact {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** `reason` of the google.rpc.ErrorInfo among the details; absent: no details. */
  readonly reason?: string;
}

/** What differs, or may differ, between versions of daprd. The parity suite holds each against the daprd of its version. */
export interface DaprFacts {
  readonly version: string;
  /** Of `GET /v1.0/metadata`. */
  readonly enabledFeatures: readonly string[];
  /** `actorRuntime` of the metadata without a placement service: while daprd waits for the app, and then. */
  readonly actorRuntime: {
    readonly waiting: ActorRuntimeFact;
    /** With a state store that can keep actors. */
    readonly withActorStore: ActorRuntimeFact;
    readonly without: ActorRuntimeFact;
  };
  /** Of the metadata, by component type. A type that is not here is one the twin knows nothing of. */
  readonly capabilities: Readonly<Record<string, readonly string[]>>;
  /** In the order in which daprd lists them. */
  readonly blobOperations: readonly string[];
  /** The body of a request may be so long (`--dapr-http-max-request-size`, default). */
  readonly mostBodyBytes: number;
  /** How daprd's own requests to the app name themselves. */
  readonly userAgent: string;
  /** How long daprd waits for the answer to OPTIONS (daprd.md §1.1). */
  readonly optionsLimitMs: number;
  readonly errors: Readonly<Record<ErrorName, ErrorFact>>;
}

export interface ActorRuntimeFact {
  readonly runtimeStatus: string;
  readonly hostReady: boolean;
  readonly placement?: string;
}

export type ErrorName =
  | "noRoute"
  | "malformed"
  | "malformedPlain"
  | "notReady"
  | "otherAppId"
  | "binding"
  | "stateNotConfigured"
  | "stateNotFound"
  | "stateKey"
  | "stateSave"
  | "stateDelete"
  | "stateTransaction"
  | "stateOperation"
  | "stateQuery"
  | "secretsNotConfigured"
  | "secretStoreNotFound"
  | "secretGet"
  | "configurationNotConfigured"
  | "lockNotConfigured"
  | "lockExpiry"
  | "cryptoNotConfigured"
  | "unimplemented"
  | "pubsubNotFound"
  | "conversationNotFound"
  | "noPlacement"
  | "jobSchedule"
  | "jobGet"
  | "jobDelete"
  | "jobEmpty"
  | "jobName";
