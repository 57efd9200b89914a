import type { FaultData } from "../schedule/step.ts";
import { failStorage } from "./fail-storage.ts";
import type { FaultKind } from "./fault-kind.ts";
import { numberIn } from "./read-attribute.ts";

export const STORAGE_BANDWIDTH: FaultKind = {
  name: "storage-bandwidth",
  about:
    "Only so much passes between the site and storage, in each direction and for each connection. On connections that exist as well.",
  attributes: {
    kilobytesPerSecond: {
      about: "Kilobytes (1,000 bytes) per second.",
      type: "number",
      required: true,
      least: 1,
      most: 1_000_000,
    },
  },
  describe: (data) => `storage takes and gives ${numberIn(data, "kilobytesPerSecond")} kB/s per connection`,
  inject: (target, data) =>
    failStorage(target, {
      kind: "bandwidth",
      kilobytesPerSecond: Math.round(numberIn(data, "kilobytesPerSecond")),
    }),
};

export function storageBandwidth(attributes: { readonly kilobytesPerSecond: number }): FaultData {
  return { fault: "storage-bandwidth", ...attributes };
}
