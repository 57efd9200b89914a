import { entryOf, propertyOf, textOf, type Datum, type ObjectDatum } from "./datum.ts";
import { evaluateValue } from "./evaluate-value.ts";
import { fill } from "./fill.ts";
import type { Frame } from "./frame.ts";
import type { Session } from "./session.ts";
import type { TemplateBody } from "./template-body.ts";

export const DEPLOYMENT_TYPE = "microsoft.resources/deployments";

/** What directs the deployment of a resource and is no part of it. */
const DIRECTIVES = new Set(["copy", "condition", "dependson", "existing", "import", "comments"]);

/** One resource of a template, one turn of its loop; each part is evaluated when it is asked for. */
export class Resource {
  readonly raw: ObjectDatum;
  readonly frame: Frame;
  /** JSON path in the evaluated template. */
  readonly path: string;
  /** Of a template in language version 2.0: its key, with `[index]` in a loop. */
  readonly symbolicName: string | undefined;
  readonly type: string;
  readonly existing: boolean;
  readonly #parent: Resource | undefined;
  readonly #session: Session;
  readonly #makeChild: (resource: Resource) => TemplateBody | undefined;
  #name: Datum | undefined;
  #properties: Datum | undefined;
  #child: { readonly body: TemplateBody | undefined } | undefined;
  #naming = false;

  constructor(options: {
    readonly raw: ObjectDatum;
    readonly frame: Frame;
    readonly path: string;
    readonly symbolicName: string | undefined;
    readonly parent: Resource | undefined;
    readonly makeChild: (resource: Resource) => TemplateBody | undefined;
  }) {
    this.raw = options.raw;
    this.frame = options.frame;
    this.path = options.path;
    this.symbolicName = options.symbolicName;
    this.#parent = options.parent;
    this.#session = options.frame.surroundings.session;
    this.#makeChild = options.makeChild;
    const type = textOf(this.evaluate("type")) ?? "";
    // A child inside its parent names the last part of its type alone.
    this.type = this.#parent === undefined || type.includes("/") ? type : `${this.#parent.type}/${type}`;
    const existing = propertyOf(this.raw, "existing");
    this.existing = existing?.kind === "flag" && existing.value;
  }

  /** A part of it, evaluated; `undefined` where it has none. */
  evaluate(key: string): Datum | undefined {
    const value = propertyOf(this.raw, key);
    return value === undefined
      ? undefined
      : fill(evaluateValue(value, this.frame, `${this.path}.${key}`), `${this.path}.${key}`, this.#session);
  }

  /** The full name, of the form `site/child`. */
  get nameDatum(): Datum | undefined {
    // A name that depends on itself is not known; nothing in Azure allows one.
    if (this.#name !== undefined || this.#naming) return this.#name;
    this.#naming = true;
    const own = this.evaluate("name");
    this.#naming = false;
    const parentName = this.#parent?.name;
    const isRelative =
      this.#parent !== undefined && !(textOf(propertyOf(this.raw, "type")) ?? "").includes("/");
    this.#name =
      isRelative && own?.kind === "text" ? { ...own, value: `${parentName ?? ""}/${own.value}` } : own;
    return this.#name;
  }

  /** `undefined` where only Azure knows it. */
  get name(): string | undefined {
    return textOf(this.nameDatum);
  }

  get properties(): Datum | undefined {
    this.#properties ??= this.evaluate("properties");
    return this.#properties;
  }

  /** Whether it is deployed. */
  get condition(): boolean | Datum {
    const condition = this.evaluate("condition");
    if (condition === undefined) return true;
    if (condition.kind === "flag") return condition.value;
    // Azure reads "true" as well.
    if (condition.kind === "text") return condition.value.toLowerCase() === "true";
    return condition;
  }

  /** The template inside it, if it is a deployment. */
  get child(): TemplateBody | undefined {
    this.#child ??= { body: this.#makeChild(this) };
    return this.#child.body;
  }

  /** All of it, evaluated, with full type and name. */
  get whole(): ObjectDatum {
    const entries = new Map<string, Datum>();
    for (const key of this.raw.entries.keys()) {
      const folded = key.toLowerCase();
      if (DIRECTIVES.has(folded) || (folded === "resources" && this.type !== "")) continue;
      const value =
        folded === "name" ? this.nameDatum : folded === "properties" ? this.properties : this.evaluate(key);
      if (folded === "type") {
        entries.set(key, { kind: "text", origin: value?.origin ?? this.raw.origin, value: this.type });
      } else {
        entries.set(
          key,
          value ?? entryOf(this.raw.entries, key) ?? { kind: "null", origin: this.raw.origin },
        );
      }
    }
    return { ...this.raw, entries };
  }
}
