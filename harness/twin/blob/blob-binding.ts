import { decodeBase64 } from "../go/base64.ts";
import { GoError } from "../go/json-node.ts";
import { marshalJson } from "../go/marshal-json.ts";
import { unquote } from "../go/unquote.ts";
import { notCovered } from "../not-covered.ts";
import type { Surroundings } from "../surroundings.ts";
import { blobUrl, type BlobSettings } from "./blob-settings.ts";
import { BulkOperations } from "./bulk-operations.ts";
import type { Invocation, InvocationResult, OutputBinding } from "./invocation.ts";
import { listBlobs } from "./list-blobs.ts";
import type { BlobContainer } from "./stored-blob.ts";
import type { TwinStorage } from "./twin-storage.ts";
import { checkSnapshotOption } from "./snapshot-option.ts";
import { readUploadMetadata } from "./upload-metadata.ts";

const TRUE = ["1", "t", "T", "TRUE", "true", "True"];
const FALSE = ["0", "f", "F", "FALSE", "false", "False"];
const LINE = "-".repeat(80);

/** Operations of one blob, for which it is known what daprd says when storage fails. */
const SINGLE = ["create", "get", "delete"];

/** `bindings.azure.blobstorage` with storage in memory; what it answers is what daprd makes of Azurite's answers. */
export class BlobBinding implements OutputBinding {
  readonly operations: readonly string[];
  readonly #container: BlobContainer;
  readonly #storage: TwinStorage;
  readonly #settings: BlobSettings;
  readonly #surroundings: Surroundings;

  constructor(
    operations: readonly string[],
    storage: TwinStorage,
    settings: BlobSettings,
    surroundings: Surroundings,
  ) {
    this.operations = operations;
    this.#storage = storage;
    this.#container = storage.container(settings.containerUrl);
    this.#settings = settings;
    this.#surroundings = surroundings;
  }

  invoke(invocation: Invocation): InvocationResult | undefined {
    if (this.#storage.failure !== undefined && !SINGLE.includes(invocation.operation)) {
      throw notCovered({
        what: `${invocation.operation} while storage fails`,
        instead: `use ${SINGLE.join(", ")}.`,
      });
    }
    const bulk = new BulkOperations(this.#container, this.#settings, this.#surroundings);
    switch (invocation.operation) {
      case "create":
        return this.#create(invocation);
      case "get":
        return this.#get(invocation);
      case "delete":
        return this.#delete(invocation);
      case "list":
        return listBlobs(this.#container, invocation);
      case "bulkGet":
        return bulk.get(invocation);
      case "bulkCreate":
        return bulk.create(invocation);
      case "bulkDelete":
        return bulk.delete(invocation);
      case "presign":
        return presign(invocation);
      default:
        throw notCovered({
          what: `the operation "${invocation.operation}" of blob storage`,
          instead: "try it against the site itself, with sitecar up.",
        });
    }
  }

  #create({ data, metadata }: Invocation): InvocationResult {
    if ((metadata.get("signTTL") ?? "") !== "") {
      throw notCovered({
        what: "signTTL: a signed URL",
        instead: "leave it out, or try it with sitecar up.",
      });
    }
    const name = metadata.get("blobName") || this.#surroundings.uuid();
    const unquoted = unquote(data);
    const content = this.#settings.decodeBase64 ? decodeBase64(unquoted) : unquoted;
    const upload = { name, content, ...readUploadMetadata(metadata, content) };
    this.#askStorage("error uploading az blob: ", "PUT", name);
    this.#container.put(upload, this.#surroundings.now());
    return {
      data: marshalJson({ blobURL: blobUrl(this.#settings, name), blobName: name }),
      metadata: { blobName: name },
    };
  }

  #get({ metadata }: Invocation): InvocationResult {
    const name = requiredName(metadata);
    if ((metadata.get("filePath") ?? "") !== "") {
      throw notCovered({ what: "filePath: files beside daprd", instead: "get the content itself." });
    }
    this.#askStorage("error downloading az blob: ", "GET", name);
    const blob = this.#container.get(name);
    if (blob === undefined) throw new GoError("blob not found");
    if (blob.headers.contentEncoding !== undefined) {
      throw notCovered({
        what: `getting the blob "${name}", which has a contentEncoding: daprd undoes gzip`,
        instead: "create it without contentEncoding.",
      });
    }
    const includes = metadata.get("includeMetadata");
    if (includes !== undefined && !TRUE.includes(includes) && !FALSE.includes(includes)) {
      throw new GoError(
        `error parsing metadata: error parsing metadata \`includeMetadata\` with value \`${includes}\` as bool: ` +
          `strconv.ParseBool: parsing "${includes}": invalid syntax`,
      );
    }
    return {
      data: blob.content,
      metadata: includes !== undefined && TRUE.includes(includes) ? asHeaders(blob.metadata) : {},
    };
  }

  #delete({ metadata }: Invocation): undefined {
    const name = requiredName(metadata);
    const snapshots = metadata.get("deleteSnapshots");
    if (snapshots === undefined) {
      this.#askStorage("", "DELETE", name);
      throw withoutSnapshotOption(this.#shownUrl(name));
    }
    checkSnapshotOption(snapshots);
    this.#askStorage("", "DELETE", name);
    if (this.#container.get(name) === undefined) throw new GoError("blob not found");
    if (snapshots === "include") this.#container.delete(name);
    return undefined;
  }

  /** As Azure's SDK for Go names it in errors: not escaped. */
  #shownUrl(name: string): string {
    return `${this.#settings.containerUrl}/${name}`;
  }

  /** @throws {GoError} when it fails. */
  #askStorage(doing: string, method: string, name: string): void {
    const { now, uuid } = this.#surroundings;
    this.#storage.check(doing, method, this.#shownUrl(name), now(), uuid());
  }
}

/** Metadata comes back as headers of HTTP, whose names Go writes with one capital. */
function asHeaders(metadata: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metadata).map(([name, value]) => [
      name.charAt(0).toUpperCase() + name.slice(1).toLowerCase(),
      value,
    ]),
  );
}

function presign({ metadata }: Invocation): never {
  requiredName(metadata);
  if ((metadata.get("signTTL") ?? "") === "") {
    throw new GoError("signTTL is a required attribute for presign operations");
  }
  throw notCovered({ what: "presign: a signed URL", instead: "try it with sitecar up." });
}

/** @throws {GoError} */
function requiredName(metadata: Invocation["metadata"]): string {
  const name = metadata.get("blobName") ?? "";
  if (name === "") throw new GoError("blobName is a required attribute");
  return name;
}

/** The binding sends an empty header then, which Azurite refuses (daprd.md §3). */
function withoutSnapshotOption(url: string): GoError {
  return new GoError(
    `DELETE ${url}\n${LINE}\nRESPONSE 400: 400 Bad Request\nERROR CODE UNAVAILABLE\n${LINE}\n` +
      `Response contained no body\n${LINE}\n`,
  );
}
