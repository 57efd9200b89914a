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
export const STORAGE_NEVER_ENDS: FaultKind = {
  name: "storage-never-ends",
  about:
    "Storage does what it is asked, but its answer never ends: a part of it comes, then nothing. Healing ends the connection.",
  attributes: { sent: PART_ATTRIBUTE, ...REQUEST_ATTRIBUTES },
  describe: (data) =>
    `storage's answers${describeChoice(requestChoiceIn(data))} never end, after ${PARTS[partIn(data)]}`,
  inject: (target, data) =>
    failStorage(target, {
      kind: "unfinished",
      sent: partIn(data),
      afterwards: "silence",
      ...requestChoiceIn(data),
    }),
};

export function storageNeverEnds(
  attributes: RequestAttributes & { readonly sent?: AnswerPart } = {},
): FaultData {
  return { fault: "storage-never-ends", ...attributes };
}
