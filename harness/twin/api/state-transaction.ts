import { EMPTY, errorAnswer, type TwinAnswer } from "../answer.ts";
import {
  ANY,
  decodeJson,
  STRING,
  STRING_MAP,
  structOf,
  structsOf,
  StructValue,
  textOf,
  type Decoded,
  type DecodedStruct,
  type GoStruct,
} from "../go/decode-json.ts";
import { GoError } from "../go/json-node.ts";
import { notCovered } from "../not-covered.ts";
import type { MemoryStore } from "../state/memory-store.ts";
import type { ApiCall } from "./call.ts";
import { readBody } from "./read-body.ts";
import { writeOf } from "./state.ts";
import { keyOf, stateStoreOf } from "./state-store.ts";

const REQUEST: GoStruct = {
  kind: "struct",
  name: "http.stateTransactionRequestBody",
  fields: {
    operations: {
      kind: "slice",
      of: {
        kind: "struct",
        name: "http.stateTransactionRequestBodyOperation",
        fields: { operation: STRING, request: ANY },
      },
    },
    metadata: STRING_MAP,
  },
};

/** Checks, then does: a transaction is done whole or not at all. */
interface Operation {
  check(): void;
  perform(): void;
}

/** `POST` or `PUT /v1.0/state/{store}/transaction`. */
export function transact(call: ApiCall): TwinAnswer {
  const found = stateStoreOf(call);
  if (!("store" in found)) return found;
  const { errors } = call.sidecar.facts;
  let body: DecodedStruct;
  try {
    body = structOf(decodeJson(readBody(call.request, call.sidecar.facts), REQUEST));
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    return errorAnswer(errors.malformed, { parts: [error.message] });
  }
  const operations: Operation[] = [];
  for (const stated of structsOf(body["operations"])) {
    const kind = textOf(stated["operation"]);
    if (kind !== "upsert" && kind !== "delete") return errorAnswer(errors.stateOperation, { parts: [kind] });
    const request = readRequest(stated["request"]);
    const key = keyOf(call, found.name, textOf(request["key"]));
    if (typeof key !== "string") return key;
    operations.push(
      kind === "upsert" ? upsert(call, found.store, key, request) : removal(found.store, key, request),
    );
  }
  try {
    for (const operation of operations) operation.check();
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    return errorAnswer(errors.stateTransaction, { parts: [error.message] });
  }
  for (const operation of operations) operation.perform();
  return EMPTY;
}

function upsert(call: ApiCall, store: MemoryStore, key: string, request: DecodedStruct): Operation {
  // What the call says for all operations does not reach one that says nothing itself (seen on 1.18.2).
  const write = writeOf(call, key, request);
  return { check: () => store.check(write), perform: () => store.put(write) };
}

function removal(store: MemoryStore, key: string, request: DecodedStruct): Operation {
  const etag = textOf(request["etag"]);
  const condition = { key, etag, concurrency: textOf(structOf(request["options"])["concurrency"]) };
  return { check: () => store.checkDelete(condition), perform: () => store.remove(key) };
}

const FIELDS: Readonly<Record<string, string>> = {
  key: "string",
  etag: "string",
  options: "struct",
  metadata: "map",
};

/** daprd decodes it once more, by rules of its own; of those only the plain cases are known here. */
function readRequest(request: Decoded): DecodedStruct {
  if (request === undefined || request === null) return {};
  if (request instanceof Map) {
    const entries = [...request].map(([key, value]): [string, Decoded] => [
      String(key),
      key === "options" && value instanceof Map ? new StructValue(Object.fromEntries(value)) : value,
    ]);
    const odd = entries.find(
      ([key, value]) =>
        (key !== "value" && FIELDS[key] === undefined) ||
        (FIELDS[key] === "string" && typeof value !== "string"),
    );
    if (odd === undefined) return Object.fromEntries(entries);
  }
  throw notCovered({
    what: "an operation's request with other fields than key, value, etag, options and metadata, or of other types",
    instead: "send only these.",
  });
}
