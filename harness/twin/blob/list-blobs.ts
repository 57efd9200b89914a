import { BOOL, decodeJson, INT32, STRING, structOf, textOf, type GoStruct } from "../go/decode-json.ts";
import { marshalJson, type Marshallable } from "../go/marshal-json.ts";
import { parseJson } from "../go/parse-json.ts";
import { rfc3339 } from "../go/time.ts";
import type { BlobContainer, StoredBlob } from "./stored-blob.ts";
import type { Invocation, InvocationResult } from "./invocation.ts";

const PAYLOAD: GoStruct = {
  kind: "struct",
  name: "blobstorage.listPayload",
  fields: {
    marker: STRING,
    prefix: STRING,
    maxResults: INT32,
    include: {
      kind: "struct",
      name: "blobstorage.listInclude",
      fields: { copy: BOOL, metadata: BOOL, snapshots: BOOL, uncommittedBlobs: BOOL, deleted: BOOL },
    },
  },
};

/** Of a page, unless the call asks for another number. */
const MOST_RESULTS = 5000;

/** One page: daprd asks for no more as soon as it has as many as were asked for. @throws {GoError} */
export function listBlobs(container: BlobContainer, { data }: Invocation): InvocationResult {
  const payload = structOf(decodeJson(parseJson(data), PAYLOAD));
  const asked = Number(payload["maxResults"] ?? 0);
  const prefix = textOf(payload["prefix"]);
  const marker = textOf(payload["marker"]);
  const withMetadata = structOf(payload["include"])["metadata"] === true;
  const blobs = container
    .list()
    .filter(({ name }) => name.startsWith(prefix) && name > marker)
    .slice(0, asked > 0 ? asked : MOST_RESULTS);
  return {
    data: marshalJson(blobs.map((blob) => describeBlob(blob, withMetadata))),
    metadata: { marker, number: String(blobs.length), pagesTraversed: "1" },
  };
}

/** Azure SDK's `container.BlobItem`, filled as Azurite fills it. */
function describeBlob(blob: StoredBlob, withMetadata: boolean): Marshallable {
  const { headers } = blob;
  const created = rfc3339(blob.createdAt);
  return {
    Deleted: null,
    Name: blob.name,
    Properties: {
      ETag: blob.etag,
      LastModified: rfc3339(blob.modifiedAt),
      AccessTier: "Hot",
      AccessTierChangeTime: created,
      AccessTierInferred: true,
      ArchiveStatus: null,
      BlobSequenceNumber: null,
      BlobType: "BlockBlob",
      CacheControl: headers.cacheControl ?? null,
      ContentDisposition: headers.contentDisposition ?? null,
      ContentEncoding: headers.contentEncoding ?? null,
      ContentLanguage: headers.contentLanguage ?? null,
      ContentLength: blob.content.length,
      ContentMD5: blob.contentMD5,
      ContentType: headers.contentType ?? "application/octet-stream",
      ...nulls([
        "CopyCompletionTime",
        "CopyID",
        "CopyProgress",
        "CopySource",
        "CopyStatus",
        "CopyStatusDescription",
      ]),
      CreationTime: created,
      ...nulls([
        "CustomerProvidedKeySHA256",
        "DeletedTime",
        "DestinationSnapshot",
        "EncryptionScope",
        "ExpiresOn",
        "ImmutabilityPolicyExpiresOn",
        "ImmutabilityPolicyMode",
        "IncrementalCopy",
        "IsSealed",
        "LastAccessedOn",
        "LeaseDuration",
      ]),
      LeaseState: "available",
      LeaseStatus: "unlocked",
      ...nulls(["LegalHold", "RehydratePriority", "RemainingRetentionDays"]),
      ServerEncrypted: true,
      TagCount: null,
    },
    ...nulls(["Snapshot", "BlobTags", "HasVersionsOnly", "IsCurrentVersion"]),
    Metadata:
      withMetadata && Object.keys(blob.metadata).length > 0 ? new Map(Object.entries(blob.metadata)) : null,
    ...nulls(["OrMetadata", "VersionID"]),
  };
}

function nulls(names: readonly string[]): Record<string, null> {
  return Object.fromEntries(names.map((name) => [name, null]));
}
