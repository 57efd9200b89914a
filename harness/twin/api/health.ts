import { EMPTY, errorAnswer, type TwinAnswer } from "../answer.ts";
import type { ApiCall } from "./call.ts";

/** What is not ready, by phase (daprd.md §1). */
const UNREADY: Readonly<Record<string, string>> = {
  "waiting-for-app": "[runtime]",
  "blocking-shutdown": "[security-provider]",
};

/** `GET /v1.0/healthz`. */
export function health({ sidecar, query }: ApiCall): TwinAnswer {
  const { errors } = sidecar.facts;
  const unready = UNREADY[sidecar.phase];
  if (unready !== undefined) return errorAnswer(errors.notReady, { parts: [unready] });
  const asked = query.get("appid");
  return asked === null || asked === sidecar.appId ? EMPTY : errorAnswer(errors.otherAppId);
}

/** `GET /v1.0/healthz/outbound`: well as soon as the port is open. */
export function outboundHealth(): TwinAnswer {
  return EMPTY;
}
