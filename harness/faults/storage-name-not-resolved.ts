import type { FaultData } from "../schedule/step.ts";
import { failStorage } from "./fail-storage.ts";
import type { FaultKind } from "./fault-kind.ts";
import { choiceIn } from "./read-attribute.ts";

const ANSWERS = ["nxdomain", "servfail", "none"] as const;

const MEANINGS: Readonly<Record<(typeof ANSWERS)[number], string>> = {
  nxdomain: "there is no such name",
  servfail: "the name server failed",
  none: "the name server says nothing",
};

/** Connections that exist need no name and go on. A client that has kept the address goes on using it, as it would on Azure. */
export const STORAGE_NAME_NOT_RESOLVED: FaultKind = {
  name: "storage-name-not-resolved",
  about: "The accounts' names are not resolved. Connections that exist go on.",
  attributes: {
    answer: {
      about:
        "What the name server says: nxdomain (no such name), servfail, or none at all. Default nxdomain.",
      type: "string",
      required: false,
      oneOf: ANSWERS,
    },
  },
  describe: (data) =>
    `storage's name is not resolved: ${MEANINGS[choiceIn(data, "answer", ANSWERS, "nxdomain")]}`,
  inject: (target, data) =>
    failStorage(target, { kind: "name", answer: choiceIn(data, "answer", ANSWERS, "nxdomain") }),
};

export function storageNameNotResolved(
  attributes: { readonly answer?: (typeof ANSWERS)[number] } = {},
): FaultData {
  return { fault: "storage-name-not-resolved", ...attributes };
}
