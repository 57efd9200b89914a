import { describeDatum, entryOf, propertyOf, textOf, type Datum, type Origin } from "./datum.ts";
import { evaluateLoop, evaluateValue, readCount } from "./evaluate-value.ts";
import { Gap, TemplateFault } from "./faults.ts";
import { fill } from "./fill.ts";
import { faulty, type Frame } from "./frame.ts";
import { readResourceId } from "./functions/resource-ids.ts";
import { DEPLOYMENT_TYPE, Resource } from "./resource.ts";

/** All templates of one evaluation, the nested ones among them. */
export type Catalogue = TemplateBody[];

/** The resources and outputs of one template, evaluated when they are asked for. */
export class TemplateBody {
  readonly template: Datum;
  readonly frame: Frame;
  /** Begins the paths of what is in it: empty, or `resources[0].properties.template.`. */
  readonly prefix: string;
  readonly #catalogue: Catalogue;
  readonly #makeChild: (resource: Resource) => TemplateBody | undefined;
  #resources: Resource[] | undefined;
  #expanding = false;
  readonly #outputs = new Map<string, Datum>();
  readonly #inProgress = new Set<string>();

  constructor(options: {
    readonly template: Datum;
    readonly frame: Frame;
    readonly prefix: string;
    readonly catalogue: Catalogue;
    readonly makeChild: (resource: Resource) => TemplateBody | undefined;
  }) {
    this.template = options.template;
    this.frame = options.frame;
    this.prefix = options.prefix;
    this.#catalogue = options.catalogue;
    this.#makeChild = options.makeChild;
    this.#catalogue.push(this);
  }

  /** Every resource, those inside others and every turn of a loop apart; not those of nested deployments. */
  get resources(): readonly Resource[] {
    if (this.#resources !== undefined || this.#expanding) return this.#resources ?? [];
    this.#expanding = true;
    const found: Resource[] = [];
    this.#expand(
      propertyOf(this.template, "resources"),
      `${this.prefix}resources`,
      this.frame,
      undefined,
      found,
    );
    this.#resources = found;
    return found;
  }

  #expand(
    list: Datum | undefined,
    path: string,
    frame: Frame,
    parent: Resource | undefined,
    found: Resource[],
  ): void {
    if (list?.kind === "list") {
      for (const [index, raw] of list.items.entries()) {
        this.#expandOne(raw, `${path}[${index}]`, undefined, frame, parent, found);
      }
    } else if (list?.kind === "object") {
      for (const [key, raw] of list.entries) {
        this.#expandOne(raw, `${path}.${key}`, key, frame, parent, found);
      }
    } else if (list !== undefined && list.kind !== "unknown") {
      this.#report(
        list.origin,
        `${path} must be an array or an object, found ${describeDatum(list)}.`,
        "Write […].",
      );
    }
  }

  #expandOne(
    raw: Datum,
    path: string,
    symbolicName: string | undefined,
    frame: Frame,
    parent: Resource | undefined,
    found: Resource[],
  ): void {
    if (raw.kind !== "object") {
      this.#report(raw.origin, `${path} must be an object, found ${describeDatum(raw)}.`, "Write {…}.");
      return;
    }
    for (const key of ["type", "name"]) {
      if (propertyOf(raw, key) === undefined) {
        this.#report(raw.origin, `${path} has no "${key}".`, `Add "${key}".`);
        return;
      }
    }
    this.#turns(raw, path, frame, (inner, suffix) => {
      const resource = new Resource({
        raw,
        frame: inner,
        path: `${path}${suffix}`,
        symbolicName: symbolicName === undefined ? undefined : `${symbolicName}${suffix}`,
        parent,
        makeChild: this.#makeChild,
      });
      found.push(resource);
      this.frame.surroundings.session.work.deeper(() => {
        this.#expand(propertyOf(raw, "resources"), `${resource.path}.resources`, inner, resource, found);
      });
    });
  }

  /** Calls `each` for every turn of the resource's loop, or once. */
  #turns(raw: Datum, path: string, frame: Frame, each: (frame: Frame, suffix: string) => void): void {
    const copy = propertyOf(raw, "copy");
    if (copy === undefined) {
      each(frame, "");
      return;
    }
    const name = textOf(propertyOf(copy, "name"));
    const countDatum = propertyOf(copy, "count");
    if (countDatum === undefined) {
      this.#report(copy.origin, `${path}.copy has no "count".`, 'Write { "name": …, "count": … }.');
      return;
    }
    const { session } = frame.surroundings;
    const count = readCount(countDatum, frame, `${path}.copy.count`);
    if (typeof count !== "number") {
      session.noteGap(count, `${path}.copy.count`, "; until then there is none of it");
      return;
    }
    for (let index = 0; index < count; index++) {
      session.work.spend(1);
      each({ ...frame, copies: [...frame.copies, { name, index }] }, `[${index}]`);
    }
  }

  /** A resource of this template or, by its full id, of another one of the evaluation. */
  find(target: string): { readonly resource?: Resource; readonly type: string; readonly name: string } {
    const symbolic = this.resources.find(({ symbolicName }) => symbolicName === target);
    if (symbolic !== undefined) return described(symbolic);
    const read = readResourceId(target);
    if (read === undefined) {
      // A template in the outer scope is evaluated as a part of the one around it.
      const { surroundings } = this.frame;
      const here = [this, ...this.#catalogue.filter((body) => body.frame.surroundings === surroundings)];
      for (const body of here) {
        const named = body.resources.find(({ name }) => name?.toLowerCase() === target.toLowerCase());
        if (named !== undefined) return described(named);
      }
      throw new TemplateFault(
        `refers to the resource ${JSON.stringify(target)}, which the template has not.`,
        "Use the resource's name, its symbolic name or its id.",
      );
    }
    const bodies = [this, ...this.#catalogue.filter((body) => body !== this)];
    for (const body of bodies) {
      const resource = body.resources.find(
        ({ type, name }) =>
          type.toLowerCase() === read.type.toLowerCase() && name?.toLowerCase() === read.name.toLowerCase(),
      );
      if (resource !== undefined) return { resource, ...read };
    }
    if (read.type.toLowerCase() === DEPLOYMENT_TYPE) {
      throw new Gap({
        reason: `the deployment ${JSON.stringify(read.name)} is not in this template`,
        suggestion: "",
      });
    }
    return read;
  }

  get outputNames(): string[] {
    const outputs = propertyOf(this.template, "outputs");
    return outputs?.kind === "object" ? [...outputs.entries.keys()] : [];
  }

  /** An output's value; `undefined` for one that the template has not, or not under its condition. */
  output(name: string): Datum | undefined {
    const folded = name.toLowerCase();
    const known = this.#outputs.get(folded);
    if (known !== undefined) return known;
    const outputs = propertyOf(this.template, "outputs");
    const declaration = outputs?.kind === "object" ? entryOf(outputs.entries, name) : undefined;
    if (declaration === undefined) return undefined;
    const path = `${this.prefix}outputs.${name}`;
    if (this.#inProgress.has(folded)) {
      this.#report(declaration.origin, `${path} refers to itself.`, "Break the circle.");
      return faulty("", declaration.origin);
    }
    this.#inProgress.add(folded);
    const evaluated = this.#evaluateOutput(declaration, path);
    const value =
      evaluated === undefined ? undefined : fill(evaluated, `${path}.value`, this.frame.surroundings.session);
    this.#inProgress.delete(folded);
    if (value !== undefined) this.#outputs.set(folded, value);
    return value;
  }

  #evaluateOutput(declaration: Datum, path: string): Datum | undefined {
    const condition = propertyOf(declaration, "condition");
    if (condition !== undefined) {
      const holds = evaluateValue(condition, this.frame, `${path}.condition`);
      if (holds.kind === "flag" && !holds.value) return undefined;
    }
    const copy = propertyOf(declaration, "copy");
    const [count, input] = [propertyOf(copy, "count"), propertyOf(copy, "input")];
    if (count !== undefined && input !== undefined) {
      return evaluateLoop({ name: "", count, input }, this.frame, `${path}.copy`, false);
    }
    const value = propertyOf(declaration, "value");
    return value === undefined
      ? { kind: "null", origin: declaration.origin }
      : evaluateValue(value, this.frame, `${path}.value`);
  }

  #report(origin: Origin, message: string, remedy: string): void {
    this.frame.surroundings.session.report(origin, message, remedy);
  }
}

function described(resource: Resource): {
  readonly resource: Resource;
  readonly type: string;
  readonly name: string;
} {
  return { resource, type: resource.type, name: resource.name ?? "" };
}
