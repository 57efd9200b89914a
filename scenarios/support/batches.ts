import type { BlobReader } from "../../harness/azure/blob-reader.ts";

/** Where the deployed `blob.yaml` writes. */
export const BATCH_CONTAINER = "container1";

/** A blob that main wrote because a tick arrived. */
export interface Batch {
  readonly blob: string;
  /** When the tick arrived at main, by the name that main gave the blob: milliseconds since the epoch. */
  readonly atMs: number;
  readonly content: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** All blobs of the container, oldest first. @throws {Error} for a blob that is no batch. */
export async function readBatches(storage: BlobReader): Promise<readonly Batch[]> {
  const blobs = await storage.blobs(BATCH_CONTAINER);
  const batches = await Promise.all(
    blobs.map(async ({ name, metadata }) => {
      const atMs = Number(/^batch_(?<ms>\d{13})\.txt$/.exec(name)?.groups?.["ms"]);
      if (Number.isNaN(atMs)) throw new Error(`${name} is no batch_<ms since epoch>.txt`);
      const content = await storage.content(BATCH_CONTAINER, name);
      return { blob: name, atMs, content: content.toString("utf8"), metadata };
    }),
  );
  return batches.toSorted((a, b) => a.atMs - b.atMs);
}

/** Milliseconds between each batch and the one before it. */
export function intervalsMs(batches: readonly Batch[]): readonly number[] {
  return batches.slice(1).map(({ atMs }, index) => atMs - (batches[index]?.atMs ?? Number.NaN));
}
