import { dataAnswer, EMPTY, encodedAnswer, errorAnswer, type TwinAnswer } from "../answer.ts";
import {
  ANY,
  anyOf,
  decodeJson,
  STRING,
  STRING_MAP,
  structOf,
  structsOf,
  textOf,
  textsOf,
  type DecodedStruct,
  type GoStruct,
} from "../go/decode-json.ts";
import { GoError } from "../go/json-node.ts";
import { marshalJson, RawJson, type Marshallable } from "../go/marshal-json.ts";
import { rfc3339 } from "../go/time.ts";
import { notCovered } from "../not-covered.ts";
import { EtagMismatch, type StateWrite } from "../state/memory-store.ts";
import type { ApiCall } from "./call.ts";
import { readBody } from "./read-body.ts";
import { keyOf, queryMetadata, stateStoreOf } from "./state-store.ts";

const OPTIONS: GoStruct = {
  kind: "struct",
  name: "state.SetStateOption",
  fields: { concurrency: STRING, consistency: STRING },
};

export const SET_REQUEST: GoStruct = {
  kind: "struct",
  name: "state.SetRequest",
  fields: {
    key: STRING,
    value: ANY,
    etag: STRING,
    metadata: STRING_MAP,
    options: OPTIONS,
    contentType: STRING,
  },
};

/** `GET /v1.0/state/{store}/{key}`. */
export function getState(call: ApiCall): TwinAnswer {
  const found = stateStoreOf(call);
  if (!("store" in found)) return found;
  const key = keyOf(call, found.name, call.parameters["key"] ?? "");
  if (typeof key !== "string") return key;
  const item = found.store.get(key);
  if (item === undefined) return EMPTY;
  const expires =
    item.expiresAt === undefined ? [] : [["metadata.ttlExpireTime", rfc3339(item.expiresAt)] as const];
  return dataAnswer(item.data, [["Etag", item.etag], ...expires]);
}

/** `POST` or `PUT /v1.0/state/{store}/bulk`. */
export function getBulkState(call: ApiCall): TwinAnswer {
  const found = stateStoreOf(call);
  if (!("store" in found)) return found;
  const { facts } = call.sidecar;
  const type: GoStruct = {
    kind: "struct",
    name: "http.BulkGetRequest",
    fields: { metadata: STRING_MAP, keys: { kind: "slice", of: STRING }, parallelism: { kind: "int" } },
  };
  let body: DecodedStruct;
  try {
    body = structOf(decodeJson(readBody(call.request, facts), type));
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    return errorAnswer(facts.errors.malformed, { parts: [error.message] });
  }
  const answers: Marshallable[] = [];
  for (const key of (Array.isArray(body["keys"]) ? body["keys"] : []).map(textOf)) {
    const stored = keyOf(call, found.name, key);
    if (typeof stored !== "string") return stored;
    const item = found.store.get(stored);
    answers.push({
      key,
      data: item === undefined ? undefined : new RawJson(item.data),
      etag: item?.etag,
      metadata: item?.expiresAt === undefined ? undefined : { ttlExpireTime: rfc3339(item.expiresAt) },
    });
  }
  return encodedAnswer(answers);
}

/** `POST` or `PUT /v1.0/state/{store}`. */
export function saveState(call: ApiCall): TwinAnswer {
  const found = stateStoreOf(call);
  if (!("store" in found)) return found;
  const { errors } = call.sidecar.facts;
  let requests: readonly DecodedStruct[];
  try {
    const body = decodeJson(readBody(call.request, call.sidecar.facts), { kind: "slice", of: SET_REQUEST });
    requests = structsOf(body);
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    return errorAnswer(errors.malformedPlain, { parts: [error.message] });
  }
  const writes: StateWrite[] = [];
  for (const request of requests) {
    if (textOf(request["key"]) === "") {
      return errorAnswer(errors.malformedPlain, { parts: ['"key" is a required field'] });
    }
    const key = keyOf(call, found.name, textOf(request["key"]));
    if (typeof key !== "string") return key;
    writes.push(writeOf(call, key, request));
  }
  try {
    for (const write of writes) found.store.check(write);
    for (const write of writes) found.store.put(write);
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    if (writes.length > 1) throw ofSeveral(error);
    const status = error instanceof EtagMismatch ? { status: 409 } : {};
    return errorAnswer(errors.stateSave, { parts: [found.name, error.message], ...status });
  }
  return EMPTY;
}

/** `DELETE /v1.0/state/{store}/{key}`. */
export function deleteState(call: ApiCall): TwinAnswer {
  const found = stateStoreOf(call);
  if (!("store" in found)) return found;
  const name = call.parameters["key"] ?? "";
  const key = keyOf(call, found.name, name);
  if (typeof key !== "string") return key;
  const etag = call.request.headers.get("if-match");
  try {
    found.store.delete({
      key,
      ...(etag === undefined ? {} : { etag }),
      concurrency: call.query.get("concurrency") ?? "",
      consistency: call.query.get("consistency") ?? "",
    });
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    const status = error instanceof EtagMismatch ? { status: 409 } : {};
    return errorAnswer(call.sidecar.facts.errors.stateDelete, { parts: [name, error.message], ...status });
  }
  return EMPTY;
}

export function writeOf(call: ApiCall, key: string, request: DecodedStruct): StateWrite {
  const options = structOf(request["options"]);
  const metadata = new Map([...textsOf(request["metadata"]), ...queryMetadata(call)]);
  const etag = request["etag"];
  return {
    key,
    data: marshalJson(anyOf(request["value"])),
    ...(typeof etag === "string" ? { etag } : {}),
    concurrency: textOf(options["concurrency"]),
    consistency: textOf(options["consistency"]),
    ttlInSeconds: metadata.get("ttlInSeconds") ?? "",
  };
}

/** The store does them all at the same time, and joins the errors in the order in which they come. */
function ofSeveral(error: GoError): Error {
  return notCovered({
    what: "several states saved in one call of which one is refused: their order is chance",
    instead: "save it alone.",
    observations: [{ label: "refused", value: error.message }],
  });
}
