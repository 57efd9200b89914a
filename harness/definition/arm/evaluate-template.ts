import path from "node:path";

import type { Node } from "yaml";

import type { Place, Problems } from "../problems.ts";
import type { SourceFile } from "../source-file.ts";
import { Value } from "../value.ts";
import { datumOf, propertyOf, textOf, type Datum, type ObjectDatum } from "./datum.ts";
import { Deployment } from "./deployment.ts";
import { TemplateFault, TooMuchWork } from "./faults.ts";
import { fill } from "./fill.ts";
import { nodeOf, readDatum } from "./nodes.ts";
import { makeChild, scopeKindOf } from "./nested-deployment.ts";
import { readParameterFile, type Given } from "./parameters.ts";
import { DEPLOYMENT_TYPE, type Resource } from "./resource.ts";
import {
  Session,
  type Assumable,
  type AssumableScope,
  type JsonValue,
  type UnevaluablePart,
} from "./session.ts";
import type { TemplateBody } from "./template-body.ts";

export interface EvaluateTemplateOptions {
  /** Parameter files, as `az deployment` takes them; a later one wins. */
  readonly parameterFiles?: readonly SourceFile[];
  /**
   * Values of parameters by their names, and of what can't be evaluated by its path. Texts are read as the parameter's
   * type wants them, at a path as numbers or booleans if they look so.
   */
  readonly supplied?: Readonly<Record<string, JsonValue>>;
  readonly scope?: AssumableScope;
  /** What `utcNow()` gives. Default: nothing, and what depends on it can't be evaluated. */
  readonly now?: Date;
  /** What `newGuid()` gives. Default: nothing, as with `now`. */
  readonly newGuid?: () => string;
}

/** A resource as Azure would be told to deploy it: every expression evaluated, loops unrolled, nested ones flat. */
export interface EvaluatedResource {
  /** In full: `Microsoft.Web/sites/sitecontainers`. */
  readonly type: string;
  /** In full: `site/container`; `undefined` where it can't be evaluated. */
  readonly name: string | undefined;
  readonly apiVersion: string | undefined;
  /** Only referred to, not deployed (language version 2.0). */
  readonly existing: boolean;
  /** JSON path in the evaluated template; begins the names of its values, and the paths of its unevaluable parts. */
  readonly path: string;
  readonly place: Place;
  /** The whole resource. */
  readonly value: Value;
  readonly properties: Value | undefined;
  readonly datum: ObjectDatum;
}

export interface EvaluatedTemplate {
  readonly resources: readonly EvaluatedResource[];
  readonly outputs: ReadonlyMap<string, Value>;
  /** What only Azure knows, in resources and outputs. Each stands there as the text of its expression. */
  readonly unevaluable: readonly UnevaluablePart[];
  /** The texts of secure parameters, to be masked wherever they show. */
  readonly secrets: readonly { readonly name: string; readonly value: string }[];
  /** Parts of the scope that were asked for and not given, so that a stand-in was used. */
  readonly assumed: readonly Assumable[];
  /** Names and paths among the supplied values that nothing asked for: probably misspelt. */
  readonly unusedSupplied: readonly string[];
  /** Makes a value with places of further data. */
  readonly toValue: (datum: Datum, name: string) => Value;
}

/** Whether a file is an ARM template or a parameter file, by its `$schema` or, lacking that, by its parts. */
export function recogniseArmFile(source: SourceFile): "template" | "parameters" | undefined {
  const root: unknown = source.document.toJS({ maxAliasCount: 0 });
  if (typeof root !== "object" || root === null || Array.isArray(root)) return undefined;
  const schema = "$schema" in root ? String(root.$schema).toLowerCase() : "";
  if (/deploymenttemplate\.json#?$/.test(schema)) return "template";
  if (/deploymentparameters\.json#?$/.test(schema)) return "parameters";
  if (!("contentVersion" in root)) return undefined;
  if ("resources" in root) return "template";
  return "parameters" in root ? "parameters" : undefined;
}

/**
 * Evaluates an ARM template, as `az bicep build` prints it, without asking Azure. Pure: the same input gives the same
 * result. What is wrong becomes a problem with its place; what only Azure knows is named in `unevaluable`, and the rest
 * is evaluated all the same. Values keep the place where they were written: in the template, or in a parameter file.
 */
export function evaluateTemplate(
  source: SourceFile,
  problems: Problems,
  options: EvaluateTemplateOptions = {},
): EvaluatedTemplate {
  const session = new Session({
    problems,
    supplied: options.supplied ?? {},
    scope: options.scope ?? {},
    now: options.now,
    newGuid: options.newGuid,
  });
  const sources = new WeakMap<Node, SourceFile>();
  const toValue = (datum: Datum, name: string): Value =>
    new Value(source, problems, name, nodeOf(datum, sources), datum.origin.offset, sources);
  const resources: EvaluatedResource[] = [];
  const outputs = new Map<string, Value>();
  const settle = (datum: Datum, at: string): Datum =>
    fill(datum, at, session, (gap, where) => session.noteGap(gap, where));
  try {
    const template = readDatum(source, session.work);
    if (template.kind !== "object") {
      session.report(
        template.origin,
        "an ARM template must be an object.",
        "Give the file that Bicep compiled.",
      );
    } else {
      const root = rootDeployment(source, template, session, options.parameterFiles ?? []);
      emit(root.body, session, (resource) => resources.push(evaluated(resource, settle, toValue)));
      for (const name of root.body.outputNames) {
        const value = root.body.output(name);
        const at = `outputs.${name}.value`;
        if (value !== undefined) outputs.set(name, toValue(settle(value, at), at));
      }
    }
  } catch (error) {
    reportEnd(error, source, session);
  }
  const { unevaluable, secrets, assumed, unused } = session;
  return { resources, outputs, unevaluable, secrets, assumed: [...assumed], unusedSupplied: unused, toValue };
}

function reportEnd(error: unknown, source: SourceFile, session: Session): void {
  const origin = { source, offset: 0 };
  if (error instanceof TemplateFault) {
    session.report(origin, `the template ${error.message}`, error.remedy);
  } else if (error instanceof TooMuchWork) {
    session.report(
      origin,
      "the template makes more data than any that Azure takes.",
      "Look for loops and variables that multiply each other.",
    );
  } else {
    throw error;
  }
}

function rootDeployment(
  source: SourceFile,
  template: ObjectDatum,
  session: Session,
  parameterFiles: readonly SourceFile[],
): Deployment {
  const declared = propertyOf(template, "parameters");
  const names = declared?.kind === "object" ? [...declared.entries.keys()] : [];
  const given = new Map<string, Given>();
  for (const file of parameterFiles) {
    const read = readParameterFile(readDatum(file, session.work), names, session);
    for (const [name, value] of read) given.set(name, value);
  }
  const origin = { source, offset: 0 };
  return new Deployment({
    session,
    template,
    prefix: "",
    scope: {
      kind: scopeKindOf(template),
      subscriptionId: () => session.scopeValue("subscriptionId"),
      resourceGroup: () => session.scopeValue("resourceGroup"),
    },
    name: () => {
      if (session.scope.deploymentName === undefined) session.assumed.add("deploymentName");
      return datumOf(session.scope.deploymentName ?? path.parse(source.path).name, origin);
    },
    catalogue: [],
    makeChild,
    given: ({ name }) => given.get(name.toLowerCase()),
    isRoot: true,
  });
}

/** Every resource that is deployed or referred to, depth first. */
function emit(body: TemplateBody, session: Session, sink: (resource: Resource) => void): void {
  session.work.deeper(() => {
    const { surroundings } = body.frame;
    if (surroundings instanceof Deployment && surroundings.body === body) {
      for (const name of surroundings.parameterNames) surroundings.parameter(name);
    }
    for (const resource of body.resources) {
      const { condition } = resource;
      if (condition === false) continue;
      if (condition !== true) {
        session.noteGap(condition, `${resource.path}.condition`, "; until then it is taken as true");
      }
      if (resource.type.toLowerCase() !== DEPLOYMENT_TYPE) sink(resource);
      else if (resource.child !== undefined) emit(resource.child, session, sink);
    }
  });
}

function evaluated(
  resource: Resource,
  settle: (datum: Datum, at: string) => Datum,
  toValue: (datum: Datum, name: string) => Value,
): EvaluatedResource {
  const { whole, path: at, type, name, existing } = resource;
  const settled = settle(whole, at);
  const datum = settled.kind === "object" ? settled : whole;
  const value = toValue(datum, at);
  const properties = propertyOf(datum, "properties");
  return {
    type,
    name,
    apiVersion: textOf(propertyOf(datum, "apiVersion")),
    existing,
    path: at,
    place: value.place,
    value,
    properties: properties === undefined ? undefined : toValue(properties, `${at}.properties`),
    datum,
  };
}
