import type { Client } from "@connectrpc/connect";
import type { Dapr } from "@dapr/dapr/proto/dapr/proto/runtime/v1/dapr_pb.js";

/** What daprd answers to a call that needs a service it was started without (daprd.md §7). */
export interface Refusal {
  /** HTTP status. */
  readonly status: number;
  /** gRPC status, by its name in connect's `Code`. */
  readonly grpcCode: "Unavailable" | "Internal";
  readonly errorCode: string;
  readonly message: string;
}

const NO_PLACEMENT: Refusal = {
  status: 400,
  // D:pkg/messages/predefined.go:109; over gRPC the error has no code of daprd's own.
  grpcCode: "Unavailable",
  errorCode: "ERR_ACTOR_NO_PLACEMENT",
  message: "placement service is not configured",
};

const noScheduler = (doing: "schedule" | "get" | "delete"): Refusal => ({
  status: 500,
  // D:pkg/api/errors/scheduler.go
  grpcCode: "Internal",
  errorCode: `DAPR_SCHEDULER_${doing.toUpperCase()}_JOB`,
  message: `failed to ${doing} job due to: scheduler clients are disabled`,
});

export interface HttpCall {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
  readonly refusal: Refusal;
}

const JOB = { schedule: "@every 1s" };
const STATE = [{ operation: "upsert", request: { key: "balance", value: 1 } }];

export const httpCalls: readonly HttpCall[] = [
  { method: "PUT", path: "/v1.0/actors/account/1/method/credit", body: {}, refusal: NO_PLACEMENT },
  { method: "GET", path: "/v1.0/actors/account/1/state/balance", refusal: NO_PLACEMENT },
  { method: "PUT", path: "/v1.0/actors/account/1/state", body: STATE, refusal: NO_PLACEMENT },
  {
    method: "POST",
    path: "/v1.0/actors/account/1/reminders/monthly",
    body: { dueTime: "1s" },
    refusal: NO_PLACEMENT,
  },
  { method: "GET", path: "/v1.0/actors/account/1/reminders/monthly", refusal: NO_PLACEMENT },
  {
    method: "POST",
    path: "/v1.0/workflows/dapr/order/start?instanceID=1",
    body: {},
    refusal: NO_PLACEMENT,
  },
  { method: "GET", path: "/v1.0/workflows/dapr/1", refusal: NO_PLACEMENT },
  ...["/v1.0/jobs/report", "/v1.0-alpha1/jobs/report"].flatMap((path): readonly HttpCall[] => [
    { method: "POST", path, body: JOB, refusal: noScheduler("schedule") },
    { method: "GET", path, refusal: noScheduler("get") },
    { method: "DELETE", path, refusal: noScheduler("delete") },
  ]),
];

export interface GrpcCall {
  readonly name: string;
  readonly call: (client: Client<typeof Dapr>, options: { readonly signal: AbortSignal }) => Promise<unknown>;
  readonly refusal: Refusal;
}

const ACTOR = { actorType: "account", actorId: "1" };
const WORKFLOW = { workflowComponent: "dapr", instanceId: "1" };

export const grpcCalls: readonly GrpcCall[] = [
  {
    name: "InvokeActor",
    call: (client, options) => client.invokeActor({ ...ACTOR, method: "credit" }, options),
    refusal: NO_PLACEMENT,
  },
  {
    name: "GetActorState",
    call: (client, options) => client.getActorState({ ...ACTOR, key: "balance" }, options),
    refusal: NO_PLACEMENT,
  },
  {
    name: "ExecuteActorStateTransaction",
    call: (client, options) =>
      client.executeActorStateTransaction(
        { ...ACTOR, operations: [{ operationType: "upsert", key: "balance" }] },
        options,
      ),
    refusal: NO_PLACEMENT,
  },
  {
    name: "RegisterActorReminder",
    call: (client, options) =>
      client.registerActorReminder({ ...ACTOR, name: "monthly", dueTime: "1s" }, options),
    refusal: NO_PLACEMENT,
  },
  {
    name: "StartWorkflowBeta1",
    call: (client, options) => client.startWorkflowBeta1({ ...WORKFLOW, workflowName: "order" }, options),
    refusal: NO_PLACEMENT,
  },
  {
    name: "GetWorkflowBeta1",
    call: (client, options) => client.getWorkflowBeta1(WORKFLOW, options),
    refusal: NO_PLACEMENT,
  },
  {
    name: "ScheduleJobAlpha1",
    call: (client, options) => client.scheduleJobAlpha1({ job: { name: "report", ...JOB } }, options),
    refusal: noScheduler("schedule"),
  },
  {
    name: "GetJobAlpha1",
    call: (client, options) => client.getJobAlpha1({ name: "report" }, options),
    refusal: noScheduler("get"),
  },
  {
    name: "DeleteJobAlpha1",
    call: (client, options) => client.deleteJobAlpha1({ name: "report" }, options),
    refusal: noScheduler("delete"),
  },
];
