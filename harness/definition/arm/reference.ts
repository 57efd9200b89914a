import { propertyOf, type AnswerDatum, type Datum, type GapReason, type Origin } from "./datum.ts";
import { productionProperty } from "./production-properties.ts";
import { DEPLOYMENT_TYPE, type Resource } from "./resource.ts";
import type { TemplateBody } from "./template-body.ts";

/** What `reference()` answers of a resource, as far as the template tells it. */
export function referenceTo(target: string, full: boolean, origin: Origin, body: TemplateBody): Datum {
  const { resource, type, name } = body.find(target);
  const properties =
    type.toLowerCase() === DEPLOYMENT_TYPE && resource?.child !== undefined
      ? outputsOf(resource.child, origin)
      : propertiesOf(resource, type, name, origin);
  return full ? wholeOf(resource, name, properties, origin) : properties;
}

function gapOf(what: string): GapReason {
  return { reason: `${what} is known to Azure alone`, suggestion: "" };
}

function outputsOf(child: TemplateBody, origin: Origin): AnswerDatum {
  const output = (name: string): Datum | undefined => {
    const value = child.output(name);
    if (value === undefined) return undefined;
    return { kind: "object", origin, entries: new Map([["value", value]]) };
  };
  const all = (): Datum => {
    const entries = child.outputNames.map((name) => [name, output(name)] as const);
    return {
      kind: "object",
      origin,
      entries: new Map(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
    };
  };
  const outputs: AnswerDatum = {
    kind: "answer",
    origin,
    ...gapOf("an output that the nested template does not declare"),
    get: output,
    whole: all,
  };
  return {
    kind: "answer",
    origin,
    ...gapOf("all but the outputs of a deployment"),
    get: (key) => (key.toLowerCase() === "outputs" ? outputs : undefined),
  };
}

function propertiesOf(
  resource: Resource | undefined,
  type: string,
  name: string,
  origin: Origin,
): AnswerDatum {
  const what = name === "" ? type : `${type} "${name}"`;
  return {
    kind: "answer",
    origin,
    ...gapOf(`this property of ${what}`),
    get: (key) =>
      (name === "" ? undefined : productionProperty(type, name, key, origin)) ??
      propertyOf(resource?.properties, key),
  };
}

function wholeOf(
  resource: Resource | undefined,
  name: string,
  properties: Datum,
  origin: Origin,
): AnswerDatum {
  return {
    kind: "answer",
    origin,
    ...gapOf(`this part of ${name === "" ? "the resource" : `"${name}"`}`),
    get(key) {
      const folded = key.toLowerCase();
      if (folded === "properties") return properties;
      if (folded === "name") return resource?.nameDatum;
      if (folded !== "identity") return resource?.evaluate(key);
      const identity = resource?.evaluate("identity");
      return {
        kind: "answer",
        origin,
        ...gapOf(`an identity's principalId and clientId`),
        get: (part) => propertyOf(identity, part),
      };
    },
  };
}
