import {
  decodeJson,
  INT32,
  STRING,
  structOf,
  structsOf,
  textOf,
  type DecodedStruct,
  type GoStruct,
} from "../go/decode-json.ts";
import { GoError } from "../go/json-node.ts";
import { marshalJson, type Marshallable } from "../go/marshal-json.ts";
import { parseJson } from "../go/parse-json.ts";
import { notCovered } from "../not-covered.ts";
import type { Surroundings } from "../surroundings.ts";
import { blobUrl, type BlobSettings } from "./blob-settings.ts";
import type { Invocation, InvocationResult } from "./invocation.ts";
import { checkSnapshotOption } from "./snapshot-option.ts";
import type { BlobContainer } from "./stored-blob.ts";

const GET: GoStruct = {
  kind: "struct",
  name: "blobstorage.bulkGetPayload",
  fields: {
    items: {
      kind: "slice",
      of: { kind: "struct", name: "blobstorage.bulkGetItem", fields: { blobName: STRING, filePath: STRING } },
    },
    prefix: STRING,
    destinationDir: STRING,
    concurrency: INT32,
  },
};

const CREATE: GoStruct = {
  kind: "struct",
  name: "blobstorage.bulkCreatePayload",
  fields: {
    items: {
      kind: "slice",
      of: {
        kind: "struct",
        name: "blobstorage.bulkCreateItem",
        fields: { blobName: STRING, sourcePath: STRING, data: STRING, contentType: STRING },
      },
    },
    concurrency: INT32,
  },
};

const DELETE: GoStruct = {
  kind: "struct",
  name: "blobstorage.bulkDeletePayload",
  fields: {
    prefix: STRING,
    blobNames: { kind: "slice", of: STRING },
    deleteSnapshots: STRING,
    concurrency: INT32,
  },
};

/** Operations on several blobs at once. What the binding would read from or write to files of its own is not covered. */
export class BulkOperations {
  readonly #container: BlobContainer;
  readonly #settings: BlobSettings;
  readonly #surroundings: Surroundings;

  constructor(container: BlobContainer, settings: BlobSettings, surroundings: Surroundings) {
    this.#container = container;
    this.#settings = settings;
    this.#surroundings = surroundings;
  }

  /** @throws {GoError} */
  get(invocation: Invocation): InvocationResult {
    const payload = readPayload(invocation, GET);
    checkConcurrency(payload);
    const items = structsOf(payload["items"]).filter((item) => textOf(item["blobName"]) !== "");
    if (textOf(payload["prefix"]) !== "") {
      if (textOf(payload["destinationDir"]) === "") {
        throw new GoError("destinationDir is required when using prefix");
      }
      throw ofFiles("prefix of bulkGet");
    }
    if (items.length === 0) throw new GoError("at least one of items or prefix is required");
    return results(
      items.map((item) => {
        if (textOf(item["filePath"]) !== "") throw ofFiles("filePath of bulkGet");
        const blobName = textOf(item["blobName"]);
        const blob = this.#container.get(blobName);
        if (blob === undefined) return { blobName, error: "blob not found" };
        return { blobName, data: blob.content.length === 0 ? undefined : blob.content.toString("base64") };
      }),
    );
  }

  /** @throws {GoError} */
  create(invocation: Invocation): InvocationResult {
    const payload = readPayload(invocation, CREATE);
    const items = structsOf(payload["items"]);
    if (items.length === 0) throw new GoError("items array must not be empty");
    for (const [index, item] of items.entries()) {
      if (textOf(item["blobName"]) === "") throw new GoError(`item at index ${index} is missing blobName`);
      if (textOf(item["sourcePath"]) === "" && item["data"] === undefined) {
        throw new GoError(`item at index ${index} is missing both data and sourcePath`);
      }
    }
    checkConcurrency(payload);
    if (this.#settings.decodeBase64) {
      throw notCovered({ what: "bulkCreate with decodeBase64", instead: "create the blobs one by one." });
    }
    return results(
      items.map((item) => {
        if (item["data"] === undefined) throw ofFiles("sourcePath of bulkCreate");
        const blobName = textOf(item["blobName"]);
        const contentType = textOf(item["contentType"]);
        this.#container.put(
          {
            name: blobName,
            content: Buffer.from(textOf(item["data"])),
            headers: contentType === "" ? {} : { contentType },
            metadata: {},
          },
          this.#surroundings.now(),
        );
        return { blobName, blobURL: blobUrl(this.#settings, blobName) };
      }),
    );
  }

  /** @throws {GoError} */
  delete(invocation: Invocation): InvocationResult {
    const payload = readPayload(invocation, DELETE);
    const snapshots = textOf(payload["deleteSnapshots"]);
    if (snapshots !== "") checkSnapshotOption(snapshots);
    checkConcurrency(payload);
    const prefix = textOf(payload["prefix"]);
    const listed = prefix === "" ? [] : this.#container.list().filter(({ name }) => name.startsWith(prefix));
    const given = Array.isArray(payload["blobNames"]) ? payload["blobNames"].map(textOf) : [];
    const names = [...new Set([...given.filter(Boolean), ...listed.map(({ name }) => name)])];
    if (names.length === 0) throw new GoError("at least one of prefix or blobNames is required");
    const missing = names.find((name) => this.#container.get(name) === undefined);
    if (missing !== undefined) {
      throw notCovered({
        what: `bulkDelete of "${missing}", which is not there: the answer depends on how daprd signs its requests`,
        instead: "delete only what is there.",
      });
    }
    for (const name of names) this.#container.delete(name);
    return results(names.map((blobName) => ({ blobName })));
  }
}

function readPayload({ operation, data }: Invocation, type: GoStruct): DecodedStruct {
  try {
    return structOf(decodeJson(parseJson(data), type));
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    throw new GoError(`error parsing ${operation} payload: ${error.message}`);
  }
}

function checkConcurrency(payload: DecodedStruct): void {
  const concurrency = payload["concurrency"];
  if (typeof concurrency === "number" && concurrency <= 0) {
    throw new GoError("concurrency must be greater than 0");
  }
}

function results(items: readonly Marshallable[]): InvocationResult {
  return { data: marshalJson(items), metadata: { number: String(items.length) } };
}

function ofFiles(what: string): Error {
  return notCovered({ what: `${what}: files beside daprd`, instead: "send the content itself." });
}
