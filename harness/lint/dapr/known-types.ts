import { closest, distance } from "fastest-levenshtein";

import facts from "./component-metadata.json" with { type: "json" };

/** What a version of a component type reads, from its sources (`scripts/component-metadata.ts`). */
interface VersionFacts {
  readonly status: string;
  /** Name → kind of value, `required…`, `sensitive`, divided by blanks; text without any. */
  readonly keys: Readonly<Record<string, string>>;
  /** Lower case: read though its documentation does not have them. */
  readonly accepts: readonly string[];
  readonly aliases: readonly (readonly string[])[];
  /** Ways to authenticate that it shares with others, for example `azuread`. */
  readonly profiles: readonly string[];
  /** For each further way to authenticate, what it requires. */
  readonly ways: readonly (readonly string[])[];
}

interface TypeFacts {
  readonly names: readonly string[];
  readonly directions: readonly string[];
  readonly defaultVersion: string;
  readonly versions: Readonly<Record<string, VersionFacts | null>>;
}

/** A key of a component's metadata. */
export interface KnownKey {
  readonly name: string;
  readonly kind: "text" | "number" | "bool" | "duration" | "bytesize";
  readonly required: "no" | "yes" | "for input" | "for output";
  readonly sensitive: boolean;
}

/** A component type that daprd knows. */
export interface FoundType {
  /** The name under which it is documented. */
  readonly type: string;
  /** Of a binding: what it can do. */
  readonly directions: readonly string[];
  /** Versions that it can be asked for by name; empty: only the first. */
  readonly versions: readonly string[];
  /** The version that is loaded; absent: daprd does not know the one that is asked for. */
  readonly version: string | undefined;
  /** Absent: its metadata is not documented. */
  readonly keys: readonly KnownKey[] | undefined;
  readonly isStable: boolean;
  /** Whether it reads this name in some way, in any case. */
  accepts(name: string): boolean;
  /** All names that stand for the same as this one, itself included. */
  aliasesOf(name: string): readonly string[];
  readonly profiles: readonly string[];
  readonly ways: readonly (readonly string[])[];
}

export const DAPR_VERSION = facts.dapr.replace(/^.*@v/, "");

const TYPES: ReadonlyMap<string, TypeFacts> = new Map(Object.entries<TypeFacts>(facts.types));
const TYPE_OF_NAME: ReadonlyMap<string, string> = new Map(
  [...TYPES].flatMap(([type, { names }]) => names.map((name) => [name.toLowerCase(), type])),
);

/** What a component's type begins with; only so, in this case, daprd takes it for one. */
const CATEGORIES = [
  "bindings",
  "configuration",
  "conversation",
  "crypto",
  "lock",
  "middleware",
  "pubsub",
  "secretstores",
  "state",
];

/** How far a spelling may be off to be taken for a slip of the hand. */
const FARTHEST = 3;

export function hasCategory(type: string): boolean {
  return CATEGORIES.some((category) => type.startsWith(`${category}.`));
}

/**
 * @param type as in `spec.type`; daprd takes what comes after the category in any case.
 * @param version as in `spec.version`.
 */
export function findType(type: string, version: string): FoundType | undefined {
  if (!hasCategory(type)) return undefined;
  const name = TYPE_OF_NAME.get(type.toLowerCase());
  const found = name === undefined ? undefined : TYPES.get(name);
  if (name === undefined || found === undefined) return undefined;
  const loaded = loadedVersion(found, version.toLowerCase());
  const read = loaded === undefined ? undefined : (found.versions[loaded] ?? undefined);
  const keys = read && Object.entries(read.keys).map(([key, text]) => knownKey(key, text));
  const accepted = new Set([...(read?.accepts ?? []), ...(keys ?? []).map((key) => key.name.toLowerCase())]);
  const aliases = [...(read?.aliases ?? []), ...facts.azureAliases];
  return {
    type: name,
    directions: found.directions,
    versions: Object.keys(found.versions),
    version: loaded,
    keys,
    isStable: read?.status === "stable",
    accepts: (key) => accepted.has(key.toLowerCase()) || hasPlaceholder(keys, key),
    aliasesOf: (key) => [
      key,
      ...aliases.filter((group) => group.some((one) => one.toLowerCase() === key.toLowerCase())).flat(),
    ],
    profiles: read?.profiles ?? [],
    ways: read?.ways ?? [],
  };
}

/** The type that was probably meant. */
export function closestType(type: string): string | undefined {
  return closestOf(type, [...TYPE_OF_NAME.keys()]);
}

/** The word that was probably meant. */
export function closestOf(word: string, words: readonly string[]): string | undefined {
  if (words.length === 0) return undefined;
  const same = words.find((one) => one.toLowerCase() === word.toLowerCase());
  const lower = words.map((one) => one.toLowerCase());
  const near = closest(word.toLowerCase(), lower);
  const found = same ?? words[lower.indexOf(near)];
  const farthest = Math.min(FARTHEST, Math.floor(word.length / 2));
  return distance(word.toLowerCase(), near) <= farthest ? found : undefined;
}

/** `v0`, `v1` and none at all stand for the first one. */
function loadedVersion({ versions, defaultVersion }: TypeFacts, asked: string): string | undefined {
  if (Object.hasOwn(versions, asked)) return asked;
  return ["", "v0", "v1"].includes(asked) ? defaultVersion : undefined;
}

function knownKey(name: string, text: string): KnownKey {
  const words = text.split(" ");
  const kind = (["number", "bool", "duration", "bytesize"] as const).find((one) => words.includes(one));
  return {
    name,
    kind: kind ?? "text",
    required: words.includes("required")
      ? "yes"
      : words.includes("required-input")
        ? "for input"
        : words.includes("required-output")
          ? "for output"
          : "no",
    sensitive: words.includes("sensitive"),
  };
}

/** Some keys are named after what they are for, for example `<topic-name>.jsonschema`. */
function hasPlaceholder(keys: readonly KnownKey[] | undefined, key: string): boolean {
  return (keys ?? []).some(
    ({ name }) =>
      name.includes(">") && key.toLowerCase().endsWith(name.slice(name.indexOf(">") + 1).toLowerCase()),
  );
}
