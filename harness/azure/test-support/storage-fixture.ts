import { afterEach, beforeAll } from "vitest";
import { BlobReader } from "../blob-reader.ts";
import {
  createCertificateAuthority,
  type CertificateAuthority,
  type IssuedCertificate,
} from "../certificate-authority.ts";
import { ACCOUNT, SmallStorage } from "./small-storage.ts";

export const NOON = "Mon, 23 Nov 2026 12:00:00 GMT";

export interface StorageFixture {
  /** Not listening yet; stopped after the test. */
  readonly smallStorage: () => SmallStorage;
  /** Closed after the test. */
  readonly readerOf: (
    port: number,
    options?: { authorityPem?: string; requestLimitMs?: number },
  ) => BlobReader;
}

/** Small storages with one authority for a file's tests. */
export function storageFixture(): StorageFixture {
  let authority: CertificateAuthority;
  let certificate: IssuedCertificate;
  beforeAll(async () => {
    authority = await createCertificateAuthority();
    certificate = await authority.issue({ names: ["*.blob.core.windows.net"], addresses: ["127.0.0.1"] });
  });
  const stops: (() => void)[] = [];
  afterEach(() => {
    for (const stop of stops.splice(0)) stop();
  });
  return {
    smallStorage: () => {
      const storage = new SmallStorage(certificate);
      stops.push(() => storage.stop());
      return storage;
    },
    readerOf: (port, options = {}) => {
      const reader = new BlobReader({
        origin: `https://127.0.0.1:${port}`,
        account: ACCOUNT,
        accountKey: Buffer.from("a key of the run").toString("base64"),
        authorityPem: authority.certificatePem,
        ...options,
      });
      stops.push(() => reader.close());
      return reader;
    },
  };
}
