import { errorAnswer, type TwinAnswer } from "../answer.ts";
import { GoError } from "../go/json-node.ts";
import type { ErrorName } from "../versions/dapr-facts.ts";
import { plainJson } from "./absent.ts";
import type { ApiCall, ApiHandler } from "./call.ts";
import { readBody } from "./read-body.ts";

/** APIs that need placement or the scheduler, which an App Service site has not (daprd.md §7). */

/** Actors and workflows. */
export const noPlacement: ApiHandler = (call) => errorAnswer(call.sidecar.facts.errors.noPlacement);

/** Actors' state, reminders and timers: the body is read first. */
export const noPlacementAfterBody: ApiHandler = (call) => {
  const { facts } = call.sidecar;
  try {
    readBody(call.request, facts);
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    return errorAnswer(facts.errors.malformed, { parts: [error.message] });
  }
  return noPlacement(call);
};

const JOB_FIELDS = ["name", "schedule", "repeats", "dueTime", "ttl", "data", "overwrite", "failurePolicy"];

/** `POST /v1.0/jobs/{name}`. */
export const scheduleJob: ApiHandler = (call) => {
  const body = plainJson(call, JOB_FIELDS);
  if ((body["name"] ?? "") !== "") return refusal(call, "jobName", { appID: call.sidecar.appId });
  if (body["schedule"] === undefined && body["dueTime"] === undefined) return refusal(call, "jobEmpty");
  return refusal(call, "jobSchedule");
};

export const getJob: ApiHandler = (call) => refusal(call, "jobGet");

export const deleteJob: ApiHandler = (call) => refusal(call, "jobDelete");

function refusal(
  { sidecar }: ApiCall,
  name: ErrorName,
  metadata: Readonly<Record<string, string>> = { appID: sidecar.appId, namespace: "default" },
): TwinAnswer {
  return errorAnswer(sidecar.facts.errors[name], { metadata });
}
