import type { FaultData } from "../schedule/step.ts";
import type { FaultKind } from "./fault-kind.ts";
import { failStorage } from "./fail-storage.ts";

export const STORAGE_REFUSED: FaultKind = {
  name: "storage-refused",
  about:
    "Nothing listens at storage's address: connecting is answered with a reset. Connections that exist are closed, as when the server ends.",
  attributes: {},
  describe: () => "storage refuses connections",
  inject: (target) => failStorage(target, { kind: "refused" }),
};

export function storageRefused(): FaultData {
  return { fault: "storage-refused" };
}
