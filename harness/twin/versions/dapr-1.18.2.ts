import type { DaprFacts } from "./dapr-facts.ts";

const NO_SCHEDULER = "scheduler clients are disabled";

/** daprd 1.18.2 with components-contrib 1.18.3, self-hosted, without placement and scheduler. */
export const DAPR_1_18_2: DaprFacts = {
  version: "1.18.2",
  enabledFeatures: ["HotReload", "WorkflowsRemoteActivityReminder"],
  actorRuntime: {
    waiting: { runtimeStatus: "INITIALIZING", hostReady: false },
    withActorStore: { runtimeStatus: "DISABLED", hostReady: false, placement: "placement: disconnected" },
    without: { runtimeStatus: "DISABLED", hostReady: false, placement: "placement: disconnected" },
  },
  capabilities: {
    "bindings.cron": ["INPUT_BINDING"],
    "bindings.azure.blobstorage": ["OUTPUT_BINDING"],
    "bindings.http": ["OUTPUT_BINDING"],
    "state.in-memory": ["ETAG", "TRANSACTIONAL", "TTL", "DELETE_WITH_PREFIX", "KEYS_LIKE", "ACTOR"],
    "secretstores.local.env": [],
    "secretstores.local.file": [],
  },
  blobOperations: ["create", "get", "delete", "list", "bulkGet", "bulkCreate", "bulkDelete", "presign"],
  mostBodyBytes: 4 * 1024 * 1024,
  userAgent: "Go-http-client/1.1",
  optionsLimitMs: 3_000,
  errors: {
    noRoute: {
      status: 404,
      code: "ERR_DIRECT_INVOKE",
      message: "failed getting app id either from the URL path or the header dapr-app-id",
    },
    malformed: { status: 400, code: "ERR_MALFORMED_REQUEST", message: "failed deserializing HTTP body: %s" },
    malformedPlain: { status: 400, code: "ERR_MALFORMED_REQUEST", message: "%s" },
    notReady: { status: 500, code: "ERR_HEALTH_NOT_READY", message: "dapr is not ready: %s" },
    otherAppId: { status: 500, code: "ERR_HEALTH_APPID_NOT_MATCH", message: "dapr app-id does not match" },
    binding: {
      status: 500,
      code: "ERR_INVOKE_OUTPUT_BINDING",
      message: "error invoking output binding %s: %s",
    },
    stateNotConfigured: {
      status: 500,
      code: "ERR_STATE_STORE_NOT_CONFIGURED",
      message: "state store %s is not configured",
      reason: "DAPR_STATE_NOT_CONFIGURED",
    },
    stateNotFound: {
      status: 400,
      code: "ERR_STATE_STORE_NOT_FOUND",
      message: "state store %s is not found",
      reason: "DAPR_STATE_NOT_FOUND",
    },
    stateKey: {
      status: 400,
      code: "ERR_MALFORMED_REQUEST",
      message: "api error: code = InvalidArgument desc = input key/keyPrefix '%s' can't contain '||'",
      reason: "DAPR_STATE_ILLEGAL_KEY",
    },
    stateSave: {
      status: 500,
      code: "ERR_STATE_SAVE",
      message: "failed saving state in state store %s: %s",
    },
    stateDelete: {
      status: 500,
      code: "ERR_STATE_DELETE",
      message: "failed deleting state with key %s: %s",
    },
    stateTransaction: {
      status: 500,
      code: "ERR_STATE_TRANSACTION",
      message: "error while executing state transaction: %s",
    },
    stateOperation: {
      status: 400,
      code: "ERR_NOT_SUPPORTED_STATE_OPERATION",
      message: "operation type %s not supported",
    },
    stateQuery: {
      status: 500,
      code: "ERR_STATE_STORE_NOT_SUPPORTED",
      message: "state store does not support querying",
      reason: "DAPR_STATE_QUERYING_NOT_SUPPORTED",
    },
    secretsNotConfigured: {
      status: 500,
      code: "ERR_SECRET_STORES_NOT_CONFIGURED",
      message: "secret store is not configured",
    },
    secretStoreNotFound: {
      status: 401,
      code: "ERR_SECRET_STORE_NOT_FOUND",
      message: "failed finding secret store with key %s",
    },
    secretGet: {
      status: 500,
      code: "ERR_SECRET_GET",
      message: "failed getting secret with key %s from secret store %s: %s",
    },
    configurationNotConfigured: {
      status: 500,
      code: "ERR_CONFIGURATION_STORE_NOT_CONFIGURED",
      message: "configuration stores not configured",
    },
    lockNotConfigured: {
      status: 500,
      code: "ERR_LOCK_STORE_NOT_CONFIGURED",
      message: "lock store is not configured",
    },
    lockExpiry: {
      status: 400,
      code: "ERR_MALFORMED_REQUEST",
      message: "ExpiryInSeconds is not positive in lock store %s",
    },
    cryptoNotConfigured: {
      status: 500,
      code: "ERR_CRYPTO_PROVIDERS_NOT_CONFIGURED",
      message: "crypto providers not configured",
    },
    unimplemented: {
      status: 501,
      code: "ERR_API_UNIMPLEMENTED",
      message: "this API is currently not implemented",
    },
    pubsubNotFound: {
      status: 404,
      code: "ERR_PUBSUB_NOT_FOUND",
      message: "pubsub %s is not found",
      reason: "DAPR_PUBSUB_NOT_FOUND",
    },
    conversationNotFound: {
      status: 400,
      code: "ERR_CONVERSATION_NOT_FOUND",
      message: "failed finding conversation component %s",
    },
    noPlacement: {
      status: 400,
      code: "ERR_ACTOR_NO_PLACEMENT",
      message: "placement service is not configured",
    },
    jobSchedule: {
      status: 500,
      code: "DAPR_SCHEDULER_SCHEDULE_JOB",
      message: `failed to schedule job due to: ${NO_SCHEDULER}`,
      reason: "DAPR_SCHEDULER_SCHEDULE_JOB",
    },
    jobGet: {
      status: 500,
      code: "DAPR_SCHEDULER_GET_JOB",
      message: `failed to get job due to: ${NO_SCHEDULER}`,
      reason: "DAPR_SCHEDULER_GET_JOB",
    },
    jobDelete: {
      status: 500,
      code: "DAPR_SCHEDULER_DELETE_JOB",
      message: `failed to delete job due to: ${NO_SCHEDULER}`,
      reason: "DAPR_SCHEDULER_DELETE_JOB",
    },
    jobEmpty: {
      status: 400,
      code: "DAPR_SCHEDULER_SCHEDULE_EMPTY",
      message: "Schedule is empty",
      reason: "DAPR_SCHEDULER_SCHEDULE_EMPTY",
    },
    jobName: {
      status: 400,
      code: "DAPR_SCHEDULER_JOB_NAME",
      message: "Set the job name in the url only",
      reason: "DAPR_SCHEDULER_JOB_NAME",
    },
  },
};
