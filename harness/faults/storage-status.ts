import type { FaultData } from "../schedule/step.ts";
import {
  describeChoice,
  failStorage,
  REQUEST_ATTRIBUTES,
  requestChoiceIn,
  type RequestAttributes,
} from "./fail-storage.ts";
import type { FaultKind } from "./fault-kind.ts";
import { numberIn, optionalNumberIn, textIn } from "./read-attribute.ts";

/** Connections that exist are closed when it is injected, so that their clients come anew; a request on the way is cut off. */
export const STORAGE_STATUS: FaultKind = {
  name: "storage-status",
  about:
    "Storage does not do what it is asked, and answers with this status, in Azure's words: 403, 404, 429, 503 or another from 400.",
  attributes: {
    status: { about: "HTTP status.", type: "number", required: true, least: 400, most: 599 },
    errorCode: {
      about:
        "Azure's x-ms-error-code; default: the usual one, for example AuthorizationPermissionMismatch with 403, ServerBusy with 503.",
      type: "string",
      required: false,
    },
    retryAfterSeconds: {
      about: "Seconds in a header Retry-After; default: no such header.",
      type: "number",
      required: false,
      least: 0,
      most: 86_400,
    },
    ...REQUEST_ATTRIBUTES,
  },
  describe: (data) => {
    const retryAfter = optionalNumberIn(data, "retryAfterSeconds");
    const code = data["errorCode"] === undefined ? "" : ` ${textIn(data, "errorCode")}`;
    const later = retryAfter === undefined ? "" : `, retry after ${retryAfter} s`;
    return `storage answers ${numberIn(data, "status")}${code}${describeChoice(requestChoiceIn(data))}${later}`;
  },
  inject: (target, data) => {
    const retryAfterSeconds = optionalNumberIn(data, "retryAfterSeconds");
    return failStorage(target, {
      kind: "status",
      status: numberIn(data, "status"),
      ...(data["errorCode"] === undefined ? {} : { errorCode: textIn(data, "errorCode") }),
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
      ...requestChoiceIn(data),
    });
  },
};

export function storageStatus(
  attributes: RequestAttributes & {
    readonly status: number;
    readonly errorCode?: string;
    readonly retryAfterSeconds?: number;
  },
): FaultData {
  return { fault: "storage-status", ...attributes };
}
