import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readlink } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import type { ContextEntry } from "./build-context.ts";

/** Everything that decides what comes out of a step: plain values and files. */
export interface ContentInputs {
  readonly values: Readonly<Record<string, string>>;
  readonly entries: readonly ContextEntry[];
}

/** 16 hex digits over all inputs. Order of the inputs, times and owners of files make no difference; their modes do. */
export async function contentHash(inputs: ContentInputs): Promise<string> {
  const hash = createHash("sha256");
  for (const [name, value] of Object.entries(inputs.values).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    field(hash, "value", name, value);
  }
  for (const entry of inputs.entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    field(hash, entry.type, entry.name, entry.mode.toString(8));
    if (entry.type === "symlink") field(hash, await readlink(entry.path));
    if (entry.type === "file") field(hash, await fileDigest(entry.path));
  }
  return hash.digest("hex").slice(0, 16);
}

async function fileDigest(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

/** Lengths keep `a` + `bc` apart from `ab` + `c`. */
function field(hash: Hash, ...parts: readonly string[]): void {
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:${part}`);
}
