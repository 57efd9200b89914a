import type { TwinRequest } from "../answer.ts";
import { GoError, type JsonNode } from "../go/json-node.ts";
import { parseJson } from "../go/parse-json.ts";
import type { DaprFacts } from "../versions/dapr-facts.ts";

/** A request's JSON. @throws {GoError} in the words that daprd puts into its answer. */
export function readBody({ body }: TwinRequest, { mostBodyBytes }: DaprFacts): JsonNode {
  if (body.length > mostBodyBytes) throw new GoError("stream too large");
  return parseJson(body);
}
