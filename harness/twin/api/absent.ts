import { errorAnswer } from "../answer.ts";
import { notCovered } from "../not-covered.ts";
import type { ErrorName } from "../versions/dapr-facts.ts";
import type { ApiCall, ApiHandler } from "./call.ts";

/** APIs of which the twin knows what daprd says when it has no component for them. */

/** The answer of an API without a component of its kind; with one it is not covered. */
export function withoutComponents(kind: string, error: ErrorName): ApiHandler {
  return (call) => {
    refuseOf(call, kind);
    return errorAnswer(call.sidecar.facts.errors[error], { parts: [call.parameters["name"] ?? ""] });
  };
}

/** `publish`: any number of other pubsubs makes no difference. */
export const publish: ApiHandler = (call) => {
  refuseOf(call, "pubsub");
  const name = call.parameters["name"] ?? "";
  return errorAnswer(call.sidecar.facts.errors.pubsubNotFound, { parts: [name], metadata: {} });
};

/** `POST /v1.0-alpha1/lock/{store}`: the request is looked at before the store. */
export const lock: ApiHandler = (call) => {
  refuseOf(call, "lock");
  const { errors } = call.sidecar.facts;
  const store = call.parameters["name"] ?? "";
  const body = plainJson(call, ["resourceId", "lockOwner", "expiryInSeconds"]);
  const expiry = body["expiryInSeconds"];
  if (typeof expiry !== "number" || expiry <= 0) return errorAnswer(errors.lockExpiry, { parts: [store] });
  return errorAnswer(errors.lockNotConfigured);
};

/** `subtlecrypto`: not in daprd as it is released. */
export const unimplemented: ApiHandler = (call) => errorAnswer(call.sidecar.facts.errors.unimplemented);

/**
 * A body that daprd reads with protobuf's JSON, which the twin does not imitate: an object of the fields that it knows, of
 * plain values, or nothing.
 */
export function plainJson(
  { request }: ApiCall,
  fields: readonly string[],
): Readonly<Record<string, unknown>> {
  const text = Buffer.from(request.body).toString("utf8");
  if (text === "") return {};
  const body = parsed(text);
  const isPlain =
    typeof body === "object" && body !== null && Object.keys(body).every((key) => fields.includes(key));
  if (isPlain) return Object.fromEntries(Object.entries(body));
  throw notCovered({
    what: `the body ${JSON.stringify(text.slice(0, 80))} of ${request.method} ${request.target}`,
    instead: `send an object with fields of ${fields.join(", ")}.`,
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refuseOf({ sidecar, request }: ApiCall, kind: string): void {
  const [component] = sidecar.components.ofKind(kind);
  if (component === undefined) return;
  throw notCovered({
    what: `${request.method} ${request.target}, with the component "${component.name}" of type ${component.type}`,
    instead: "answer this call in the test itself, or run the site with sitecar up.",
  });
}
