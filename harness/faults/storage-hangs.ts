import type { FaultData } from "../schedule/step.ts";
import type { FaultKind } from "./fault-kind.ts";
import { failStorage } from "./fail-storage.ts";

export const STORAGE_HANGS: FaultKind = {
  name: "storage-hangs",
  about:
    "Storage accepts connections and never answers; what is sent never arrives. Connections that exist fall silent, too; healing closes them all.",
  attributes: {},
  describe: () => "storage accepts connections and never answers",
  inject: (target) => failStorage(target, { kind: "hangs" }),
};

export function storageHangs(): FaultData {
  return { fault: "storage-hangs" };
}
