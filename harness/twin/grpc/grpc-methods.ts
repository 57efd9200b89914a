import { callBinding } from "../api/bindings.ts";
import type { SidecarState } from "../api/call.ts";
import { describeSidecar } from "../api/metadata.ts";
import { secretStoreOf } from "../api/secrets.ts";
import { headerValue } from "../answer.ts";
import { GoError } from "../go/json-node.ts";
import type { Trace } from "../tracing.ts";
import type { ErrorFact } from "../versions/dapr-facts.ts";
import type { Message, MessageName } from "./dapr-messages.ts";
import type { GrpcRequest } from "./grpc-call.ts";
import { GrpcFailure, type GrpcCode } from "./grpc-failure.ts";

export interface MethodCall {
  readonly message: Message;
  readonly request: GrpcRequest;
  readonly sidecar: SidecarState;
  readonly trace: Trace;
  /** Of the answer; a handler adds its own. */
  readonly headers: Record<string, string>;
}

interface GrpcMethod {
  readonly request: MessageName;
  readonly response: MessageName;
  /** @throws {GrpcFailure} @throws {SitecarError} TWIN_NOT_COVERED */
  handle(call: MethodCall): Message;
}

/** Calls that the twin answers. */
export const GRPC_METHODS: Readonly<Record<string, GrpcMethod>> = {
  InvokeBinding: {
    request: "InvokeBindingRequest",
    response: "InvokeBindingResponse",
    handle: invokeBinding,
  },
  GetMetadata: {
    request: "Empty",
    response: "GetMetadataResponse",
    handle: ({ sidecar }) => ({ ...describeSidecar(sidecar), workflows: {} }),
  },
  SetMetadata: {
    request: "SetMetadataRequest",
    response: "Empty",
    handle: ({ sidecar, message }) => {
      if (textOf(message["key"]) !== "")
        sidecar.extendedMetadata.set(textOf(message["key"]), textOf(message["value"]));
      return {};
    },
  },
  Shutdown: {
    request: "Empty",
    response: "Empty",
    handle: ({ sidecar }) => {
      sidecar.phase = "shutting-down";
      return {};
    },
  },
  GetSecret: { request: "GetSecretRequest", response: "GetSecretResponse", handle: getSecret },
  GetBulkSecret: {
    request: "GetBulkSecretRequest",
    response: "GetBulkSecretResponse",
    handle: (call) => ({
      data: Object.fromEntries(
        Object.entries(storeOf(call).all()).map(([name, secrets]) => [name, { secrets: { ...secrets } }]),
      ),
    }),
  },
};

const OTHERS =
  "InvokeService GetState GetBulkState SaveState QueryStateAlpha1 DeleteState DeleteBulkState ExecuteStateTransaction PublishEvent " +
  "BulkPublishEventAlpha1 BulkPublishEvent SubscribeTopicEventsAlpha1 RegisterActorTimer UnregisterActorTimer RegisterActorReminder " +
  "UnregisterActorReminder UnregisterActorRemindersByType ListActorReminders GetActorState GetActorReminder " +
  "ExecuteActorStateTransaction InvokeActor GetConfigurationAlpha1 GetConfiguration SubscribeConfigurationAlpha1 " +
  "SubscribeConfiguration UnsubscribeConfigurationAlpha1 UnsubscribeConfiguration TryLockAlpha1 UnlockAlpha1 EncryptAlpha1 " +
  "DecryptAlpha1 SubtleGetKeyAlpha1 SubtleEncryptAlpha1 SubtleDecryptAlpha1 SubtleWrapKeyAlpha1 SubtleUnwrapKeyAlpha1 " +
  "SubtleSignAlpha1 SubtleVerifyAlpha1 StartWorkflowAlpha1 GetWorkflowAlpha1 PurgeWorkflowAlpha1 TerminateWorkflowAlpha1 " +
  "PauseWorkflowAlpha1 ResumeWorkflowAlpha1 RaiseEventWorkflowAlpha1 StartWorkflowBeta1 GetWorkflowBeta1 PurgeWorkflowBeta1 " +
  "TerminateWorkflowBeta1 PauseWorkflowBeta1 ResumeWorkflowBeta1 RaiseEventWorkflowBeta1 ScheduleJobAlpha1 ScheduleJob GetJobAlpha1 " +
  "GetJob DeleteJobAlpha1 DeleteJob DeleteJobsByPrefixAlpha1 ListJobsAlpha1 ConverseAlpha1 ConverseAlpha2";

const NAMES: ReadonlySet<string> = new Set([...Object.keys(GRPC_METHODS), ...OTHERS.split(" ")]);

/** Whether daprd's own service has such a call; every other it would hand on to another app. */
export function isDaprMethod(name: string): boolean {
  return NAMES.has(name);
}

function invokeBinding({ message, request, sidecar, trace, headers }: MethodCall): Message {
  const name = textOf(message["name"]);
  const metadata = new Map(Object.entries(textsOf(message["metadata"])));
  if (!metadata.has("traceparent")) metadata.set("traceparent", trace.traceparent);
  if (!metadata.has("tracestate") && trace.tracestate !== undefined)
    metadata.set("tracestate", trace.tracestate);
  if (trace.baggage !== undefined) metadata.set("baggage", trace.baggage);
  for (const [key, value] of request.headers) copyHeader(metadata, key, value);
  const data = message["data"];
  try {
    const result = callBinding(sidecar, name, {
      operation: textOf(message["operation"]),
      data: Buffer.isBuffer(data) ? data : Buffer.alloc(0),
      metadata,
    });
    if (result === undefined) return {};
    for (const [key, value] of Object.entries(result.metadata)) {
      headers[`metadata.${key.toLowerCase()}`] = headerValue(value);
    }
    return { data: Buffer.from(result.data), metadata: result.metadata };
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    const fact = sidecar.facts.errors.binding;
    throw failureOf("INTERNAL", fact, [name, error.message], fact.code);
  }
}

/** daprd hands the call's own headers on to the binding (daprd.md §3). What gRPC's transport takes for itself is not among them. */
function copyHeader(metadata: Map<string, string>, key: string, value: string): void {
  if (key === "te" || key === "grpc-timeout" || key === "grpc-encoding" || key === "content-length") return;
  if (key === ":method" || key === ":path" || key === ":scheme") return;
  const isReserved = key.startsWith(":") || key.startsWith("grpc-");
  const name = isReserved ? `dapr-${key.replace(/^:/, "")}` : key;
  const replaces = key === "traceparent" || key === "tracestate";
  if (replaces || !metadata.has(name)) metadata.set(name, value);
}

function getSecret(call: MethodCall): Message {
  const key = textOf(call.message["key"]);
  const store = storeOf(call);
  try {
    return { data: { ...store.get(key) } };
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    const parts = [key, textOf(call.message["storeName"]), error.message];
    throw failureOf("INTERNAL", call.sidecar.facts.errors.secretGet, parts);
  }
}

function storeOf({ sidecar, message }: MethodCall) {
  const name = textOf(message["storeName"]);
  const found = secretStoreOf(sidecar, name);
  if (typeof found !== "string") return found;
  const code = found === "secretsNotConfigured" ? "FAILED_PRECONDITION" : "INVALID_ARGUMENT";
  throw failureOf(code, sidecar.facts.errors[found], [name]);
}

function failureOf(code: GrpcCode, fact: ErrorFact, parts: readonly string[], reason?: string): GrpcFailure {
  const remaining = [...parts];
  const message = fact.message.replaceAll("%s", () => remaining.shift() ?? "");
  return new GrpcFailure(code, message, reason === undefined ? undefined : { reason });
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function textsOf(value: unknown): Readonly<Record<string, string>> {
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(entries.map(([key, text]) => [key, textOf(text)]));
}
