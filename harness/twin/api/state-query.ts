import { errorAnswer } from "../answer.ts";
import type { ApiHandler } from "./call.ts";
import { stateStoreOf } from "./state-store.ts";

/** `POST /v1.0-alpha1/state/{store}/query`: not of state.in-memory. */
export const queryState: ApiHandler = (call) => {
  const found = stateStoreOf(call, null);
  if (!("store" in found)) return found;
  const resource = {
    "@type": "type.googleapis.com/google.rpc.ResourceInfo",
    description: "",
    owner: "",
    resource_name: found.name,
    resource_type: "state",
  };
  return errorAnswer(call.sidecar.facts.errors.stateQuery, { details: [resource] });
};
