import { createHash } from "node:crypto";

/** What a blob is described by, beside its content; absent: storage's own default. */
export interface BlobHeaders {
  readonly contentType?: string;
  readonly contentEncoding?: string;
  readonly contentLanguage?: string;
  readonly contentDisposition?: string;
  readonly cacheControl?: string;
}

/** A blob in the twin's storage. */
export interface StoredBlob {
  readonly name: string;
  readonly content: Buffer;
  readonly headers: BlobHeaders;
  /** The user's metadata as storage has it, with what daprd adds. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Base64. */
  readonly contentMD5: string;
  readonly etag: string;
  readonly createdAt: Date;
  readonly modifiedAt: Date;
}

/** Blobs by their name. Kept by the container's URL, so that two components with one container see the same. */
export class BlobContainer {
  readonly #blobs = new Map<string, StoredBlob>();
  #writes = 0;

  put(blob: Pick<StoredBlob, "name" | "content" | "headers" | "metadata">, now: Date): void {
    this.#writes += 1;
    this.#blobs.set(blob.name, {
      ...blob,
      contentMD5: createHash("md5").update(blob.content).digest("base64"),
      etag: `0x${this.#writes.toString(16).toUpperCase().padStart(15, "0")}`,
      createdAt: this.#blobs.get(blob.name)?.createdAt ?? now,
      modifiedAt: now,
    });
  }

  get(name: string): StoredBlob | undefined {
    return this.#blobs.get(name);
  }

  /** Whether there was one. */
  delete(name: string): boolean {
    return this.#blobs.delete(name);
  }

  clear(): void {
    this.#blobs.clear();
  }

  /** By name. */
  list(): StoredBlob[] {
    return [...this.#blobs.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }
}
