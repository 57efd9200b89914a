import type { SourceFile } from "../source-file.ts";
import { TemplateFault } from "./faults.ts";

/** Where a value was written: an offset into the text of one file. */
export interface Origin {
  readonly source: SourceFile;
  readonly offset: number;
}

/** Why a value can't be told from the template alone, and how to supply it. */
export interface GapReason {
  readonly reason: string;
  readonly suggestion: string;
}

export interface TextDatum {
  readonly kind: "text";
  readonly origin: Origin;
  readonly value: string;
}

export interface NumberDatum {
  readonly kind: "number";
  readonly origin: Origin;
  readonly value: number;
  /** As it was written, where it was: `1.0`. */
  readonly written?: string;
}

export interface ListDatum {
  readonly kind: "list";
  readonly origin: Origin;
  readonly items: readonly Datum[];
}

export interface ObjectDatum {
  readonly kind: "object";
  readonly origin: Origin;
  /** A map, not an object: keys such as `__proto__` are keys like any other. */
  readonly entries: ReadonlyMap<string, Datum>;
  /** Where each key was written; absent for an object that was computed. */
  readonly keyOrigins?: ReadonlyMap<string, Origin>;
}

/** A value that only Azure knows. */
export interface UnknownDatum extends GapReason {
  readonly kind: "unknown";
  readonly origin: Origin;
  /** The expression that gave up, as it was written. */
  readonly expression: string;
  /** A problem has been reported for it: it is no gap that could be filled. */
  readonly faulty: boolean;
}

/** What a function such as `reference` or `resourceGroup` answers: known by its properties, not always as a whole. */
export interface AnswerDatum extends GapReason {
  readonly kind: "answer";
  readonly origin: Origin;
  /** The whole expression that it is the value of, where it is one. */
  readonly expression?: string;
  /** A property, or `undefined` where only Azure knows it. */
  readonly get: (key: string) => Datum | undefined;
  /** All of it, where the template says all of it. */
  readonly whole?: () => Datum;
}

/** A value while a template is evaluated: plain data, every part of which knows where it was written. */
export type Datum =
  | { readonly kind: "null"; readonly origin: Origin }
  | { readonly kind: "flag"; readonly origin: Origin; readonly value: boolean }
  | NumberDatum
  | TextDatum
  | ListDatum
  | ObjectDatum
  | UnknownDatum
  | AnswerDatum;

/** What a function may return; it gets the place of the expression that called it. */
export type Result =
  | string
  | number
  | boolean
  | null
  | readonly Datum[]
  | ReadonlyMap<string, Datum>
  | { readonly datum: Datum };

export function datumOf(result: Result, origin: Origin): Datum {
  if (result === null) return { kind: "null", origin };
  if (typeof result === "string") return { kind: "text", origin, value: result };
  if (typeof result === "number") return { kind: "number", origin, value: result };
  if (typeof result === "boolean") return { kind: "flag", origin, value: result };
  if (result instanceof Map) return { kind: "object", origin, entries: new Map(result) };
  if ("datum" in result) return result.datum;
  return { kind: "list", origin, items: [...result.values()] };
}

const MOST_LEVELS = 100;

/** A JSON value as a datum; all of it at one place. @throws {TemplateFault} nested too deep. */
export function datumFromJson(value: unknown, origin: Origin, level = 0): Datum {
  if (level > MOST_LEVELS) {
    throw new TemplateFault(`holds JSON nested more than ${MOST_LEVELS} levels deep.`, "Use flatter data.");
  }
  if (Array.isArray(value)) {
    return { kind: "list", origin, items: value.map((item) => datumFromJson(item, origin, level + 1)) };
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(
      ([key, child]) => [key, datumFromJson(child, origin, level + 1)] as const,
    );
    return { kind: "object", origin, entries: new Map(entries) };
  }
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return datumOf(value, origin);
  }
  return { kind: "null", origin };
}

/** A property by its name; ARM finds one of another case too, one of the same case first. */
export function entryOf<T>(entries: ReadonlyMap<string, T>, key: string): T | undefined {
  const exact = entries.get(key);
  if (exact !== undefined) return exact;
  const folded = key.toLowerCase();
  for (const [candidate, value] of entries) if (candidate.toLowerCase() === folded) return value;
  return undefined;
}

/** A property of a datum that may be no object, or be `null`, which counts as absent. */
export function propertyOf(datum: Datum | undefined, key: string): Datum | undefined {
  const value = datum?.kind === "object" ? entryOf(datum.entries, key) : undefined;
  return value?.kind === "null" ? undefined : value;
}

export function textOf(datum: Datum | undefined): string | undefined {
  return datum?.kind === "text" ? datum.value : undefined;
}

/** What a datum is, for messages. */
export function describeDatum(datum: Datum): string {
  if (datum.kind === "text" || datum.kind === "number" || datum.kind === "flag") {
    const text = JSON.stringify(datum.value);
    return text.length > 60 ? `${text.slice(0, 60)}…` : text;
  }
  return {
    null: "null",
    list: "an array",
    object: "an object",
    unknown: "a value not known",
    answer: "an object",
  }[datum.kind];
}
