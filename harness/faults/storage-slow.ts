import type { FaultData } from "../schedule/step.ts";
import { failStorage } from "./fail-storage.ts";
import type { FaultKind } from "./fault-kind.ts";
import { numberIn, optionalNumberIn } from "./read-attribute.ts";

/** Connecting itself is not slower: the connection ends at the proxy that waits. A TLS handshake and each answer are. */
export const STORAGE_SLOW: FaultKind = {
  name: "storage-slow",
  about:
    "Everything that storage sends comes so much later: each round trip takes that much more, a TLS handshake too. On connections that exist as well.",
  attributes: {
    latencyMs: { about: "Milliseconds.", type: "number", required: true, least: 0, most: 86_400_000 },
    jitterMs: {
      about: "Give or take so many milliseconds, at most the latency; default 0.",
      type: "number",
      required: false,
      least: 0,
      most: 86_400_000,
    },
  },
  describe: (data) => {
    const jitterMs = optionalNumberIn(data, "jitterMs") ?? 0;
    return `storage is ${numberIn(data, "latencyMs")} ms away${jitterMs > 0 ? `, give or take ${jitterMs} ms` : ""}`;
  },
  inject: (target, data) => {
    const jitterMs = optionalNumberIn(data, "jitterMs");
    const latencyMs = Math.round(numberIn(data, "latencyMs"));
    return failStorage(target, {
      kind: "slow",
      latencyMs,
      ...(jitterMs === undefined ? {} : { jitterMs: Math.round(jitterMs) }),
    });
  },
};

export function storageSlow(attributes: {
  readonly latencyMs: number;
  readonly jitterMs?: number;
}): FaultData {
  return { fault: "storage-slow", ...attributes };
}
