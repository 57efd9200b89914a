import { isAlias, isMap, isNode, isScalar, isSeq, type Node, type Scalar } from "yaml";

import { didYouMean } from "../shared/nearest.ts";
import { Fields } from "./fields.ts";
import { describePlace, type Place, type Problems } from "./problems.ts";
import type { SourceFile } from "./source-file.ts";

/** Keys that an object may have. */
export interface FieldRules {
  readonly known: readonly string[];
  /** Keys that say nothing of interest, such as what Azure adds when it prints. Default: none. */
  readonly ignored?: readonly string[];
  /** ARM's and the CLI's spec-file keys may be written in any case (A1.14). Default false. */
  readonly ignoreCase?: boolean;
}

/** The file that a node was written in. */
export type NodeSources = Pick<WeakMap<Node, SourceFile>, "get">;

/**
 * A value in a definition file that knows where it stands and how it is called. Each reading method gives the value
 * or reports a problem and gives `undefined`; the caller may go on with a placeholder, because the problems are
 * thrown before anything is used.
 */
export class Value {
  readonly source: SourceFile;
  readonly problems: Problems;
  /** How messages call it, for example `siteContainers[1].properties.image`; empty for the whole site. */
  readonly name: string;
  readonly #node: Node | null;
  readonly #fallbackOffset: number;
  readonly #sources: NodeSources | undefined;

  /** @param sources the files of nodes that stem from another file than `source`: an evaluated template's have several. */
  constructor(
    source: SourceFile,
    problems: Problems,
    name: string,
    node: Node | null,
    fallbackOffset: number,
    sources?: NodeSources,
  ) {
    this.source = (node === null ? undefined : sources?.get(node)) ?? source;
    this.problems = problems;
    this.name = name;
    this.#sources = sources;
    this.#node = isAlias(node) ? (node.resolve(source.document) ?? null) : node;
    this.#fallbackOffset = node?.range?.[0] ?? fallbackOffset;
  }

  static root(source: SourceFile, problems: Problems, name: string): Value {
    return new Value(source, problems, name, source.document.contents, 0);
  }

  get place(): Place {
    return this.source.placeAt(this.#fallbackOffset);
  }

  /** Position in the file's text, counted from 0. */
  get offset(): number {
    return this.#fallbackOffset;
  }

  get isNull(): boolean {
    return this.#node === null || (isScalar(this.#node) && this.#node.value === null);
  }

  get isText(): boolean {
    return isScalar(this.#node) && typeof this.#node.value === "string";
  }

  get isList(): boolean {
    return isSeq(this.#node);
  }

  get isMap(): boolean {
    return isMap(this.#node);
  }

  /** Looks without a complaint: the field of an object. */
  peek(key: string, { ignoreCase = false }: { readonly ignoreCase?: boolean } = {}): Value | undefined {
    if (!isMap(this.#node)) return undefined;
    for (const pair of this.#node.items) {
      if (!isScalar(pair.key)) continue;
      const found = String(pair.key.value);
      const same = ignoreCase ? found.toLowerCase() === key.toLowerCase() : found === key;
      if (same) return this.#child(`.${found}`, pair.value);
    }
    return undefined;
  }

  /** Looks without a complaint: the keys of an object, as texts. */
  peekKeys(): readonly string[] {
    if (!isMap(this.#node)) return [];
    return this.#node.items.flatMap(({ key }) => (isScalar(key) ? [String(key.value)] : []));
  }

  /** Looks without a complaint: the items of a list. */
  peekItems(): readonly Value[] {
    return isSeq(this.#node) ? this.items() : [];
  }

  /** Looks without a complaint: what a text, number or boolean says; `undefined` for everything else. */
  peekScalar(): string | number | boolean | undefined {
    const value = this.#scalar?.value;
    return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
      ? value
      : undefined;
  }

  /** The same value under another name, for messages. */
  called(name: string): Value {
    return this.#renamed(name);
  }

  /**
   * Reports a problem here; gives `undefined` so that a reader can return it.
   * @param rule the lint rule that says this more exactly than "malformed".
   */
  complain(message: string, remedy: string, rule?: string): undefined {
    this.problems.add({
      ...(rule === undefined ? {} : { rule }),
      place: this.place,
      message: `${this.name === "" ? "the site" : this.name} ${message}`,
      remedy,
    });
    return undefined;
  }

  /** A text; with `empty: true` also the empty one. */
  text(options?: { readonly empty?: boolean }): string | undefined {
    const value = this.#scalar?.value;
    if (typeof value !== "string") {
      return this.complain(`must be a text, found ${this.describe()}.`, "Write it in quotes.");
    }
    if (value.includes("\0")) {
      return this.complain(
        "holds a NUL character, which no name, path or environment can.",
        "Remove the \\u0000.",
      );
    }
    if (value.trim() === "" && options?.empty !== true) {
      return this.complain("is empty.", "Give it a value, or leave the key out if it is optional.");
    }
    return value;
  }

  /** A text, or a number or boolean as it is written. */
  literal(): string | undefined {
    const scalar = this.#scalar;
    if (typeof scalar?.value === "number" || typeof scalar?.value === "boolean") {
      return scalar.source ?? String(scalar.value);
    }
    return this.text({ empty: true });
  }

  flag(): boolean | undefined {
    const value = this.#scalar?.value;
    if (typeof value === "boolean") return value;
    return this.complain(
      `must be true or false, found ${this.describe()}.`,
      "Write true or false without quotes.",
    );
  }

  /** A whole number, written as one. */
  count(least: number): number | undefined {
    const value = this.#scalar?.value;
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= least) return value;
    return this.complain(
      `must be a whole number from ${least} up, found ${this.describe()}.`,
      `Write a number such as ${least} without quotes.`,
    );
  }

  /** A port, written as a number or as a decimal text (A1.3). */
  port(rule?: string): number | undefined {
    const value = this.#scalar?.value;
    const written = typeof value === "number" ? String(value) : value;
    if (typeof written === "string" && /^\d{1,5}$/.test(written.trim())) {
      const port = Number.parseInt(written, 10);
      if (port >= 1 && port <= 65_535) return port;
    }
    return this.complain(
      `must be a whole number from 1 to 65535, found ${this.describe()}.`,
      'Write a port, for example "8080".',
      rule,
    );
  }

  oneOf<T extends string>(
    allowed: readonly T[],
    { ignoreCase = false }: { readonly ignoreCase?: boolean } = {},
  ): T | undefined {
    const value = this.#scalar?.value;
    const same = (candidate: string): boolean =>
      ignoreCase && typeof value === "string"
        ? candidate.toLowerCase() === value.toLowerCase()
        : candidate === value;
    const match = allowed.find((candidate) => same(candidate));
    if (match !== undefined) return match;
    const suggestion = typeof value === "string" ? didYouMean(value, allowed) : "";
    return this.complain(
      `must be one of ${allowed.join(", ")}, found ${this.describe()}.${suggestion}`,
      `Write ${allowed.map((candidate) => `"${candidate}"`).join(" or ")}.`,
    );
  }

  /** The items of a list; none and a problem when it is none. */
  items(): Value[] {
    if (!isSeq(this.#node)) {
      this.complain(`must be a list, found ${this.describe()}.`, "Write […].");
      return [];
    }
    return this.#node.items.map((item, index) => this.#child(`[${index}]`, item));
  }

  /** The entries of an object with free keys. */
  entries(): { readonly key: string; readonly keyValue: Value; readonly value: Value }[] {
    if (!isMap(this.#node)) {
      this.complain(`must be an object, found ${this.describe()}.`, "Write {…}.");
      return [];
    }
    return this.#node.items.flatMap((pair) => {
      const keyValue = this.#child(" key", pair.key);
      const keyScalar = keyValue.#scalar;
      if (keyScalar === undefined) {
        keyValue.complain(`must be a text, found ${keyValue.describe()}.`, "Write the key in quotes.");
        return [];
      }
      const key = keyScalar.source ?? String(keyScalar.value);
      const value = this.#child(`.${key}`, pair.value, keyValue.#fallbackOffset);
      return [{ key, keyValue: keyValue.#renamed(value.name), value }];
    });
  }

  /** The fields of an object with known keys. Unknown keys and keys written twice are problems. */
  fields(rules: FieldRules): Fields {
    const found = new Map<string, Value>();
    for (const { key, keyValue, value } of this.entries()) {
      const same = (candidate: string): boolean =>
        rules.ignoreCase === true ? candidate.toLowerCase() === key.toLowerCase() : candidate === key;
      const known = rules.known.find(same);
      const before = known === undefined ? undefined : found.get(known);
      if (known === undefined && rules.ignored?.some(same) === true) continue;
      if (known === undefined) {
        keyValue.complain(
          `is no known key.${didYouMean(key, rules.known)}`,
          `Use one of: ${rules.known.join(", ")}.`,
        );
      } else if (before !== undefined) {
        keyValue.complain(
          `stands here a second time; first at ${describePlace(before.place)}.`,
          "Remove one of the two.",
        );
      } else {
        found.set(known, value);
      }
    }
    return new Fields(this, found);
  }

  /** What it is, for messages: `"99999"`, `a list`, `nothing`. */
  describe(): string {
    if (this.isNull) return "nothing";
    if (isSeq(this.#node)) return "a list";
    if (isMap(this.#node)) return "an object";
    const text = JSON.stringify(this.#scalar?.value) ?? "something else";
    return text.length > 60 ? `${text.slice(0, 60)}…` : text;
  }

  get #scalar(): Scalar | undefined {
    return isScalar(this.#node) ? this.#node : undefined;
  }

  #child(suffix: string, node: unknown, fallbackOffset = this.#fallbackOffset): Value {
    const name = `${this.name}${suffix}`.replace(/^\./, "");
    return new Value(
      this.source,
      this.problems,
      name,
      isNode(node) ? node : null,
      fallbackOffset,
      this.#sources,
    );
  }

  #renamed(name: string): Value {
    return new Value(this.source, this.problems, name, this.#node, this.#fallbackOffset, this.#sources);
  }
}
