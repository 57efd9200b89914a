import { describePlace, type Place, type Problems } from "../problems.ts";
import { datumFromJson, type Datum, type Origin } from "./datum.ts";
import { Work } from "./faults.ts";
import { parseExpression, type Expression } from "./parse-expression.ts";

/** A JSON value, as a caller supplies one. */
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** Where the template is deployed to. What is left out gets a stand-in, and the result says which were used. */
export interface AssumableScope {
  /** Default `00000000-0000-0000-0000-000000000000`. */
  readonly subscriptionId?: string;
  /** Default `sitecar`. */
  readonly resourceGroup?: string;
  /** Of the resource group and the deployment. Default `westeurope`. */
  readonly location?: string;
  /** Default `00000000-0000-0000-0000-000000000000`. */
  readonly tenantId?: string;
  /** Default: the template's file name without its extension, as the Azure CLI names it. */
  readonly deploymentName?: string;
}

export type Assumable = keyof AssumableScope;

/** A value that only Azure knows, where the evaluated resources have it. */
export interface UnevaluablePart {
  /** JSON path in the evaluated template, for example `resources[0].properties.siteConfig.appSettings[2].value`. */
  readonly path: string;
  /** The expression, as it was written. */
  readonly expression: string;
  readonly reason: string;
  readonly place: Place;
  /** How to go on. */
  readonly suggestion: string;
}

/** What all deployments of one evaluation share. */
export class Session {
  readonly problems: Problems;
  readonly work = new Work();
  readonly scope: AssumableScope;
  /** The time that `utcNow` gives; absent: not known. */
  readonly now: Date | undefined;
  readonly newGuid: (() => string) | undefined;
  readonly assumed = new Set<Assumable>();
  readonly unevaluable: UnevaluablePart[] = [];
  readonly secrets: { readonly name: string; readonly value: string }[] = [];
  readonly #supplied: ReadonlyMap<string, JsonValue>;
  readonly #used = new Set<string>();
  readonly #reported = new Set<string>();
  readonly #gaps = new Set<string>();
  readonly #expressions = new Map<string, Expression>();

  constructor(options: {
    readonly problems: Problems;
    readonly supplied: Readonly<Record<string, JsonValue>>;
    readonly scope: AssumableScope;
    readonly now: Date | undefined;
    readonly newGuid: (() => string) | undefined;
  }) {
    this.problems = options.problems;
    this.scope = options.scope;
    this.now = options.now;
    this.newGuid = options.newGuid;
    this.#supplied = new Map(Object.entries(options.supplied));
  }

  /** Adds a problem, once: a loop evaluates the same text many times. */
  report({ source, offset }: Origin, message: string, remedy: string): void {
    const place = source.placeAt(offset);
    const key = `${describePlace(place)} ${message}`;
    if (this.#reported.has(key)) return;
    this.#reported.add(key);
    this.problems.add({ place, message, remedy });
  }

  /** @throws {TemplateFault} */
  parse(text: string): Expression {
    const known = this.#expressions.get(text);
    if (known !== undefined) return known;
    const parsed = parseExpression(text);
    this.#expressions.set(text, parsed);
    return parsed;
  }

  /** What the caller supplied under a name or path. */
  suppliedAt(path: string, origin: Origin, type?: string): Datum | undefined {
    const value = this.#supplied.get(path);
    if (value === undefined) return undefined;
    this.#used.add(path);
    return datumFromJson(typeof value === "string" ? readSupplied(value, type) : value, origin);
  }

  /** A parameter may be supplied in any case. */
  suppliedParameter(name: string, origin: Origin, type: string): Datum | undefined {
    const folded = name.toLowerCase();
    const key = this.#supplied.has(name)
      ? name
      : [...this.#supplied.keys()].find((candidate) => candidate.toLowerCase() === folded);
    return key === undefined ? undefined : this.suppliedAt(key, origin, type);
  }

  /** Names a value that only Azure knows; once for each path. */
  noteGap(gap: Datum, path: string, note = ""): void {
    if ((gap.kind !== "unknown" && gap.kind !== "answer") || (gap.kind === "unknown" && gap.faulty)) return;
    if (this.#gaps.has(path)) return;
    this.#gaps.add(path);
    const hint = gap.suggestion === "" ? "" : `${gap.suggestion} `;
    this.unevaluable.push({
      path,
      expression: gap.expression ?? "",
      reason: `${gap.reason}${note}`,
      place: gap.origin.source.placeAt(gap.origin.offset),
      suggestion: `${hint}Supply it: --set '${path}=…'`,
    });
  }

  /** Remembers a secure parameter's value, so that it can be masked; of an object, every text in it. */
  noteSecret(name: string, value: Datum): void {
    this.work.deeper(() => {
      if (value.kind === "text" && value.value !== "") this.secrets.push({ name, value: value.value });
      if (value.kind === "list") for (const item of value.items) this.noteSecret(name, item);
      if (value.kind === "object") for (const item of value.entries.values()) this.noteSecret(name, item);
    });
  }

  get unused(): string[] {
    return [...this.#supplied.keys()].filter((key) => !this.#used.has(key));
  }

  /** A part of the scope, or its stand-in, which is noted. */
  scopeValue(part: Exclude<Assumable, "deploymentName">): string {
    const given = this.scope[part];
    if (given !== undefined) return given;
    this.assumed.add(part);
    return { location: "westeurope", resourceGroup: "sitecar", subscriptionId: NO_ID, tenantId: NO_ID }[part];
  }
}

const NO_ID = "00000000-0000-0000-0000-000000000000";

/** A text from a command line, as the declared type wants it; without a type, numbers and booleans by their looks. */
function readSupplied(text: string, type: string | undefined): unknown {
  const looks = /^(?:true|false|-?(?:0|[1-9]\d{0,14}))$/.test(text);
  if (type === undefined) return looks ? JSON.parse(text) : text;
  if (type === "string" || type === "securestring") return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
