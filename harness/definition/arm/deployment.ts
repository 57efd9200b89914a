import { didYouMean } from "../../shared/nearest.ts";
import { datumOf, entryOf, propertyOf, textOf, type Datum, type Origin } from "./datum.ts";
import { evaluateLoop, evaluateValue, loopsOf } from "./evaluate-value.ts";
import { TemplateFault } from "./faults.ts";
import { fill } from "./fill.ts";
import { faulty, frameOf, type Frame, type Surroundings, type UserFunction } from "./frame.ts";
import type { DeploymentScope } from "./functions/resource-ids.ts";
import { checkParameter, readDeclaration, type Given, type ParameterDeclaration } from "./parameters.ts";
import { referenceTo } from "./reference.ts";
import type { Resource } from "./resource.ts";
import type { Session } from "./session.ts";
import { TemplateBody, type Catalogue } from "./template-body.ts";

export interface DeploymentOptions {
  readonly session: Session;
  readonly template: Datum;
  readonly prefix: string;
  readonly scope: DeploymentScope;
  readonly name: () => Datum;
  readonly catalogue: Catalogue;
  readonly makeChild: (resource: Resource, parent: Deployment) => TemplateBody | undefined;
  /** What is handed in for a parameter, evaluated. */
  readonly given: (declaration: ParameterDeclaration) => Given | undefined;
  /** Whether the caller's supplied values name parameters of this template. */
  readonly isRoot: boolean;
}

/** A template with parameters, variables, functions, resources and outputs of its own. */
export class Deployment implements Surroundings {
  readonly session: Session;
  readonly scope: DeploymentScope;
  readonly name: () => Datum;
  readonly body: TemplateBody;
  readonly catalogue: Catalogue;
  readonly #options: DeploymentOptions;
  readonly #frame: Frame;
  readonly #values = new Map<string, Datum>();
  readonly #inProgress = new Set<string>();

  constructor(options: DeploymentOptions) {
    this.#options = options;
    this.session = options.session;
    this.scope = options.scope;
    this.name = options.name;
    this.catalogue = options.catalogue;
    this.#frame = frameOf(this);
    this.body = new TemplateBody({
      template: options.template,
      frame: this.#frame,
      prefix: options.prefix,
      catalogue: options.catalogue,
      makeChild: (resource) => options.makeChild(resource, this),
    });
  }

  get parameterNames(): string[] {
    return keysOf(propertyOf(this.#options.template, "parameters"));
  }

  parameter(name: string): Datum {
    const [known, at] = this.#declared("parameters", name);
    return this.#once(`parameters.${known}`, at.origin, () => this.#evaluateParameter(known, at));
  }

  #evaluateParameter(name: string, at: Datum): Datum {
    const { template, isRoot, given, prefix } = this.#options;
    const declaration = readDeclaration(name, at, propertyOf(template, "definitions"));
    const supplied = isRoot ? this.session.suppliedParameter(name, at.origin, declaration.type) : undefined;
    const path = `${prefix}parameters.${name}`;
    const value = fill(
      supplied ?? this.#givenValue(declaration, given(declaration), path),
      path,
      this.session,
    );
    checkParameter(declaration, value, this.session);
    if (declaration.secure) this.session.noteSecret(`${prefix}${name}`, value);
    return value;
  }

  #givenValue(declaration: ParameterDeclaration, given: Given | undefined, path: string): Datum {
    const { name, defaultValue, nullable, at } = declaration;
    if (given !== undefined && "keyVault" in given) {
      const secret = textOf(propertyOf(given.keyVault, "secretName")) ?? "";
      return {
        kind: "unknown",
        origin: given.keyVault.origin,
        expression: "",
        reason: `the parameter "${name}" is the secret ${JSON.stringify(secret)} of a key vault`,
        suggestion: "",
        faulty: false,
      };
    }
    if (given !== undefined) return given.value;
    if (defaultValue !== undefined) {
      return evaluateValue(defaultValue, { ...this.#frame, isDefault: true }, `${path}.defaultValue`);
    }
    if (nullable) return datumOf(null, at.origin);
    this.session.report(
      at.origin,
      `parameter "${this.#options.prefix}${name}" has no value and no default.`,
      this.#options.isRoot
        ? `Give it one in a parameter file, or with --set ${name}=…`
        : "Hand it in where the module is deployed.",
    );
    return faulty("", at.origin);
  }

  variable(name: string): Datum {
    const variables = propertyOf(this.#options.template, "variables");
    const loops =
      loopsOf(propertyOf(variables, "copy") ?? datumOf(null, this.#options.template.origin)) ?? [];
    const loop = loops.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
    if (loop !== undefined) {
      const path = `${this.#options.prefix}variables.${loop.name}`;
      return this.#once(`variables.${loop.name}`, loop.input.origin, () =>
        fill(evaluateLoop(loop, this.#frame, path), path, this.session),
      );
    }
    const [known, at] = this.#declared("variables", name);
    const path = `${this.#options.prefix}variables.${known}`;
    return this.#once(`variables.${known}`, at.origin, () =>
      fill(evaluateValue(at, this.#frame, path), path, this.session),
    );
  }

  userFunction(name: string): UserFunction | undefined {
    const [namespace = "", member = ""] = name.split(/\.(.*)/s, 2);
    const spaces = propertyOf(this.#options.template, "functions");
    const space =
      spaces?.kind === "list"
        ? spaces.items.find((item) => sameText(propertyOf(item, "namespace"), namespace))
        : undefined;
    const found = propertyOf(propertyOf(space, "members"), member);
    const output = propertyOf(propertyOf(found, "output"), "value");
    if (output === undefined) return undefined;
    const declared = propertyOf(found, "parameters");
    const parameters =
      declared?.kind === "list" ? declared.items.map((item) => textOf(propertyOf(item, "name")) ?? "") : [];
    const call = (args: readonly Datum[]): Datum => {
      const functionParameters = new Map(
        parameters.flatMap((parameter, index) => {
          const value = args[index];
          return value === undefined ? [] : [[parameter.toLowerCase(), value] as const];
        }),
      );
      return evaluateValue(output, { ...this.#frame, functionParameters }, `${name}()`);
    };
    return { parameters, call };
  }

  reference(target: string, full: boolean, origin: Origin): Datum {
    return referenceTo(target, full, origin, this.body);
  }

  resourceInfo(symbolicName: string, origin: Origin): Datum {
    const { name, type } = this.body.find(symbolicName);
    const id = `/subscriptions/${this.scope.subscriptionId()}/resourceGroups/${this.scope.resourceGroup()}`;
    const [namespace = "", ...types] = type.split("/");
    const names = name.split("/");
    const path = types.map((part, index) => `/${part}/${names[index] ?? ""}`).join("");
    const parts = { id: `${id}/providers/${namespace}${path}`, name, type };
    const entries = Object.entries(parts).map(([key, value]) => [key, datumOf(value, origin)] as const);
    return datumOf(new Map(entries), origin);
  }

  /** The name as it is declared, with the declaration. */
  #declared(kind: "parameters" | "variables", name: string): [string, Datum] {
    const all = propertyOf(this.#options.template, kind);
    const names = keysOf(all);
    const known =
      names.find((key) => key === name) ?? names.find((key) => key.toLowerCase() === name.toLowerCase());
    const at = all?.kind === "object" && known !== undefined ? entryOf(all.entries, known) : undefined;
    if (all?.kind === "object" && known !== undefined && at !== undefined) {
      // A parameter is talked of where its name stands; a variable's value keeps its own place.
      const origin = kind === "parameters" ? all.keyOrigins?.get(known) : undefined;
      return [known, origin === undefined ? at : { ...at, origin }];
    }
    throw new TemplateFault(
      `refers to ${kind}('${name}'), which the template does not declare.${didYouMean(name, names)}`,
      names.length === 0 ? `Declare it under "${kind}".` : `Declared are: ${names.slice(0, 20).join(", ")}.`,
    );
  }

  #once(key: string, origin: Origin, evaluate: () => Datum): Datum {
    const known = this.#values.get(key);
    if (known !== undefined) return known;
    if (this.#inProgress.has(key)) {
      this.session.report(origin, `${this.#options.prefix}${key} refers to itself.`, "Break the circle.");
      return faulty("", origin);
    }
    this.#inProgress.add(key);
    try {
      const value = evaluate();
      this.#values.set(key, value);
      return value;
    } finally {
      this.#inProgress.delete(key);
    }
  }
}

function keysOf(datum: Datum | undefined): string[] {
  return datum?.kind === "object" ? [...datum.entries.keys()] : [];
}

function sameText(datum: Datum | undefined, text: string): boolean {
  return textOf(datum)?.toLowerCase() === text.toLowerCase();
}
