import { createHash } from "node:crypto";

/** A GUID in the form of a random one (version 4), made from a seed and what it is for: same input, same GUID. */
export function guidFrom(seed: string, label: string): string {
  const bytes = createHash("sha256").update(`${label}\n${seed}`).digest();
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString("hex", 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
