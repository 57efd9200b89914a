import type { StorageFailure } from "../../../../harness/platform/storage-failure.ts";

/** A toxic as Toxiproxy's interface takes it. */
export interface Toxic {
  readonly name: string;
  readonly type: "latency" | "bandwidth" | "reset_peer" | "timeout";
  /** `upstream`: what the client sends. */
  readonly stream: "upstream" | "downstream";
  readonly attributes: Readonly<Record<string, number>>;
}

const BOTH = ["upstream", "downstream"] as const;

/** What a failure is to Toxiproxy; nothing for one that is made elsewhere. */
export function toxicsOf(fault: string, failure: StorageFailure): readonly Toxic[] {
  switch (failure.kind) {
    case "slow": {
      const attributes = { latency: failure.latencyMs, jitter: failure.jitterMs ?? 0 };
      return [{ name: fault, type: "latency", stream: "downstream", attributes }];
    }
    case "bandwidth":
      return BOTH.map((stream) => ({
        name: `${fault}-${stream}`,
        type: "bandwidth",
        stream,
        attributes: { rate: failure.kilobytesPerSecond },
      }));
    case "reset":
      return [
        {
          name: fault,
          type: "reset_peer",
          stream: "upstream",
          attributes: { timeout: failure.afterMs ?? 0 },
        },
      ];
    case "hangs":
      // 0: until the toxic is removed, which closes the connection.
      return BOTH.map((stream) => ({
        name: `${fault}-${stream}`,
        type: "timeout",
        stream,
        attributes: { timeout: 0 },
      }));
    case "refused":
    case "unreachable":
    case "name":
    case "status":
    case "delayed":
    case "unfinished":
      return [];
    default:
      failure satisfies never;
      return [];
  }
}
