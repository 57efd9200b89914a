import type { FaultData } from "../schedule/step.ts";
import { PART_ATTRIBUTE, partIn, PARTS, type AnswerPart } from "./answer-part.ts";
import {
  describeChoice,
  failStorage,
  REQUEST_ATTRIBUTES,
  requestChoiceIn,
  type RequestAttributes,
} from "./fail-storage.ts";
import type { FaultKind } from "./fault-kind.ts";

/** Connections that exist are closed when it is injected, so that their clients come anew; a request on the way is cut off. */
export const STORAGE_CUT_OFF: FaultKind = {
  name: "storage-cut-off",
  about:
    "Storage does what it is asked, but its answer is cut off: a part of it comes, then the connection ends.",
  attributes: { sent: PART_ATTRIBUTE, ...REQUEST_ATTRIBUTES },
  describe: (data) =>
    `storage's answers${describeChoice(requestChoiceIn(data))} are cut off, after ${PARTS[partIn(data)]}`,
  inject: (target, data) =>
    failStorage(target, {
      kind: "unfinished",
      sent: partIn(data),
      afterwards: "end",
      ...requestChoiceIn(data),
    }),
};

export function storageCutOff(
  attributes: RequestAttributes & { readonly sent?: AnswerPart } = {},
): FaultData {
  return { fault: "storage-cut-off", ...attributes };
}
