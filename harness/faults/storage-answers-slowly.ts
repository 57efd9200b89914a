import type { FaultData } from "../schedule/step.ts";
import {
  describeChoice,
  failStorage,
  REQUEST_ATTRIBUTES,
  requestChoiceIn,
  type RequestAttributes,
} from "./fail-storage.ts";
import type { FaultKind } from "./fault-kind.ts";
import { numberIn } from "./read-attribute.ts";

/** Connections that exist are closed when it is injected, so that their clients come anew; a request on the way is cut off. */
export const STORAGE_ANSWERS_SLOWLY: FaultKind = {
  name: "storage-answers-slowly",
  about:
    "Storage does what it is asked at once, and answers so much later. Connecting and the TLS handshake take no longer.",
  attributes: {
    delayMs: { about: "Milliseconds.", type: "number", required: true, least: 0, most: 86_400_000 },
    ...REQUEST_ATTRIBUTES,
  },
  describe: (data) =>
    `storage's answers${describeChoice(requestChoiceIn(data))} come ${numberIn(data, "delayMs")} ms later`,
  inject: (target, data) =>
    failStorage(target, { kind: "delayed", delayMs: numberIn(data, "delayMs"), ...requestChoiceIn(data) }),
};

export function storageAnswersSlowly(
  attributes: RequestAttributes & { readonly delayMs: number },
): FaultData {
  return { fault: "storage-answers-slowly", ...attributes };
}
