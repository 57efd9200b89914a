import { createHash } from "node:crypto";

import { GoError } from "../go/json-node.ts";
import { notCovered } from "../not-covered.ts";
import type { BlobHeaders } from "./stored-blob.ts";

export interface UploadMetadata {
  readonly headers: BlobHeaders;
  readonly metadata: Readonly<Record<string, string>>;
}

/** In the order in which the binding takes them out; of names that differ in case only, it takes any. */
const HEADERS = {
  contenttype: "contentType",
  contentencoding: "contentEncoding",
  contentlanguage: "contentLanguage",
  contentdisposition: "contentDisposition",
  cachecontrol: "cacheControl",
} as const satisfies Record<string, keyof BlobHeaders>;

/** Not of the blob, but of the call. */
const OF_THE_CALL: readonly string[] = ["blobName", "signTTL"];

/**
 * What of a call's metadata becomes headers of the blob and what its metadata: of keys only ASCII letters and digits stay, of
 * values only ASCII (daprd.md §3).
 * @throws {GoError} for a contentMD5 that is none.
 * @throws {SitecarError} TWIN_NOT_COVERED for what storage would refuse.
 */
export function readUploadMetadata(given: ReadonlyMap<string, string>, content: Uint8Array): UploadMetadata {
  const headers: Partial<Record<keyof BlobHeaders, string>> = {};
  const metadata: Record<string, string> = {};
  const seen = new Set<string>();
  for (const [key, value] of given) {
    if (OF_THE_CALL.includes(key)) continue;
    const lower = key.toLowerCase();
    const name = sanitize(key, /[^A-Za-z\d]/g);
    if (seen.has(lower) || seen.has(name.toLowerCase())) {
      throw refusal(`two metadata keys that are "${name}" in the end`, "leave one out.");
    }
    seen.add(lower).add(name.toLowerCase());
    const header = isHeader(lower) ? HEADERS[lower] : undefined;
    if (value !== "" && lower === "contentmd5") checkMd5(value, content);
    else if (value !== "" && header !== undefined) headers[header] = value;
    // Azure's client sends a key without letters as an empty header name, of which nothing arrives.
    else if (name !== "") metadata[name] = checkedValue(name, value);
  }
  return { headers, metadata };
}

function isHeader(name: string): name is keyof typeof HEADERS {
  return name in HEADERS;
}

function sanitize(text: string, unwanted: RegExp): string {
  return text.replaceAll(unwanted, "");
}

function checkedValue(name: string, value: string): string {
  if (/^\d/.test(name))
    throw refusal(`the metadata key "${name}", which storage refuses`, "begin it with a letter.");
  // eslint-disable-next-line no-control-regex -- what Go counts as control characters, but for the tab
  const kept = sanitize(value, /[^\t\x20-\x7e]/g);
  if (kept === kept.trim()) return kept;
  throw refusal(
    `blanks at the beginning or end of the metadata "${name}": what comes of them depends on how daprd signs its request`,
    "leave them out.",
  );
}

function checkMd5(value: string, content: Uint8Array): void {
  const wanted = /^[A-Za-z\d+/]{22}==$/.test(value) ? Buffer.from(value, "base64") : undefined;
  if (wanted?.length !== 16) {
    throw new GoError(
      "the MD5 value specified in Content MD5 is invalid, MD5 value must be 128 bits and base64 encoded",
    );
  }
  if (!createHash("md5").update(content).digest().equals(wanted)) {
    throw refusal(
      "a contentMD5 that is not the content's: storage refuses it",
      "send the right one, or none.",
    );
  }
}

function refusal(what: string, instead: string): Error {
  return notCovered({ what, instead });
}
