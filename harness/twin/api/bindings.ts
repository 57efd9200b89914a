import { dataAnswer, EMPTY, errorAnswer, headerValue, type TwinAnswer } from "../answer.ts";
import {
  ANY,
  anyOf,
  decodeJson,
  STRING,
  STRING_MAP,
  structOf,
  textOf,
  textsOf,
  type GoStruct,
} from "../go/decode-json.ts";
import { GoError } from "../go/json-node.ts";
import { marshalJson } from "../go/marshal-json.ts";
import { notCovered } from "../not-covered.ts";
import type { Invocation, InvocationResult } from "../blob/invocation.ts";
import type { ApiCall, SidecarState } from "./call.ts";
import { readBody } from "./read-body.ts";

const REQUEST: GoStruct = {
  kind: "struct",
  name: "http.OutputBindingRequest",
  fields: { metadata: STRING_MAP, data: ANY, operation: STRING },
};

/** `POST` or `PUT /v1.0/bindings/{name}` (daprd.md §3). */
export function invokeBinding(call: ApiCall): TwinAnswer {
  const { sidecar, parameters } = call;
  const { errors } = sidecar.facts;
  const name = parameters["name"] ?? "";
  let invocation: Invocation;
  try {
    invocation = readInvocation(call);
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    return errorAnswer(errors.malformed, { parts: [error.message] });
  }
  let result: InvocationResult | undefined;
  try {
    result = callBinding(sidecar, name, invocation);
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    return errorAnswer(errors.binding, { parts: [name, error.message] });
  }
  if (result === undefined) return EMPTY;
  const headers = Object.entries(result.metadata).map(
    ([key, value]) => [`metadata.${key}`, headerValue(value)] as const,
  );
  return dataAnswer(result.data, headers);
}

function readInvocation({ request, trace, sidecar }: ApiCall): Invocation {
  const body = structOf(decodeJson(readBody(request, sidecar.facts), REQUEST));
  const metadata = textsOf(body["metadata"]);
  // daprd hands the trace on to the binding, which keeps it with a blob.
  metadata.set("traceparent", trace.traceparent);
  if (trace.tracestate !== undefined) metadata.set("tracestate", trace.tracestate);
  if (trace.baggage !== undefined) metadata.set("baggage", trace.baggage);
  return {
    operation: textOf(body["operation"]),
    data: Buffer.from(marshalJson(anyOf(body["data"]))),
    metadata,
  };
}

/**
 * The call behind both APIs, HTTP and gRPC.
 * @throws {GoError} with what stands behind `error invoking output binding <name>: `. @throws {SitecarError} TWIN_NOT_COVERED
 */
export function callBinding(
  sidecar: SidecarState,
  name: string,
  invocation: Invocation,
): InvocationResult | undefined {
  const { operation } = invocation;
  if (operation === "") throw new GoError("operation field is missing from request");
  const binding = sidecar.components.outputs.get(name);
  if (binding === undefined) {
    const component = sidecar.components.all.find((one) => one.name === name);
    if (
      component !== undefined &&
      component.type.startsWith("bindings.") &&
      component.type !== "bindings.cron"
    ) {
      throw notCovered({
        what: `the binding "${name}" of type ${component.type}`,
        instead: "answer this call in the test itself, or run the site with sitecar up.",
      });
    }
    throw new GoError(`couldn't find output binding ${name}`);
  }
  if (!binding.operations.includes(operation)) {
    throw new GoError(
      `binding ${name} does not support operation ${operation}. supported operations:${binding.operations.join(" ")}`,
    );
  }
  return binding.invoke(invocation);
}
