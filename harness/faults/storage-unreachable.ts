import type { FaultData } from "../schedule/step.ts";
import type { FaultKind } from "./fault-kind.ts";
import { failStorage } from "./fail-storage.ts";

export const STORAGE_UNREACHABLE: FaultKind = {
  name: "storage-unreachable",
  about:
    "Packets to and from storage go nowhere: connecting hangs. Connections that exist stall, and go on when it is healed, if their client has waited.",
  attributes: {},
  describe: () => "packets to storage go nowhere",
  inject: (target) => failStorage(target, { kind: "unreachable" }),
};

export function storageUnreachable(): FaultData {
  return { fault: "storage-unreachable" };
}
