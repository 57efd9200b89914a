import type { FaultData } from "../schedule/step.ts";
import { failStorage } from "./fail-storage.ts";
import type { FaultKind } from "./fault-kind.ts";
import { optionalNumberIn } from "./read-attribute.ts";

/** A connection that exists is reset when its client next sends; what storage was sending still arrives. */
export const STORAGE_RESET: FaultKind = {
  name: "storage-reset",
  about:
    "Storage accepts connections and resets them at their first bytes, or so much later. Those that exist are reset when the client next sends.",
  attributes: {
    afterMs: {
      about: "Milliseconds after a new connection's first bytes; default 0.",
      type: "number",
      required: false,
      least: 0,
      most: 86_400_000,
    },
  },
  describe: (data) => {
    const afterMs = optionalNumberIn(data, "afterMs") ?? 0;
    return `storage resets connections${afterMs > 0 ? ` after ${afterMs} ms` : ""}`;
  },
  inject: (target, data) => {
    const afterMs = optionalNumberIn(data, "afterMs");
    return failStorage(target, {
      kind: "reset",
      ...(afterMs === undefined ? {} : { afterMs: Math.round(afterMs) }),
    });
  },
};

export function storageReset(attributes: { readonly afterMs?: number } = {}): FaultData {
  return { fault: "storage-reset", ...attributes };
}
