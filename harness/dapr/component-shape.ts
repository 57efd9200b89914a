/** A place in a component where daprd's decoder finds another kind of value than it takes. */
export interface ShapeFault {
  /** Keys and indices from the document's root, as they are written. */
  readonly path: readonly (string | number)[];
  /** For example `a list`. */
  readonly expected: string;
  /** For example `a mapping`. */
  readonly found: string;
}

type Check = (value: unknown, path: readonly (string | number)[]) => ShapeFault | undefined;

/** Go's decoder leaves what is null as it is. */
const nothing = (value: unknown): boolean => value === undefined || value === null;

/** Numbers and truth values become text on their way from YAML. */
const text: Check = (value, path) =>
  nothing(value) || typeof value !== "object" ? undefined : { path, expected: "text", found: kindOf(value) };

const truth: Check = (value, path) =>
  nothing(value) || typeof value === "boolean"
    ? undefined
    : { path, expected: "true or false", found: kindOf(value) };

const anything: Check = () => undefined;

function listOf(item: Check): Check {
  return (value, path) => {
    if (nothing(value)) return undefined;
    if (!Array.isArray(value)) return { path, expected: "a list", found: kindOf(value) };
    return first(value.map((one, index) => () => item(one, [...path, index])));
  };
}

function mappingOf(fields: Readonly<Record<string, Check>>, others: Check = anything): Check {
  return (value, path) => {
    if (nothing(value)) return undefined;
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return { path, expected: "a mapping", found: kindOf(value) };
    }
    return first(
      Object.entries(value).map(([key, one]) => () => {
        // Go's decoder looks for a field in any case.
        const name = Object.keys(fields).find((field) => field.toLowerCase() === key.toLowerCase());
        return (name === undefined ? others : (fields[name] ?? others))(one, [...path, key]);
      }),
    );
  };
}

const METADATA_ENTRY = mappingOf({
  name: text,
  value: anything,
  secretKeyRef: mappingOf({ name: text, key: text }),
  envRef: text,
});

const COMPONENT = mappingOf({
  apiVersion: text,
  kind: text,
  metadata: mappingOf({
    name: text,
    namespace: text,
    labels: mappingOf({}, text),
    annotations: mappingOf({}, text),
  }),
  spec: mappingOf({
    type: text,
    version: text,
    ignoreErrors: truth,
    initTimeout: text,
    metadata: listOf(METADATA_ENTRY),
  }),
  auth: mappingOf({ secretStore: text }),
  scopes: listOf(text),
});

/**
 * The first place where a component can't be decoded; daprd then skips the document with a warning (seen on 1.18.2 for
 * metadata that is a mapping, scopes that are text, ignoreErrors in quotes).
 */
export function findShapeFault(resource: unknown): ShapeFault | undefined {
  return COMPONENT(resource, []);
}

function first(checks: readonly (() => ShapeFault | undefined)[]): ShapeFault | undefined {
  for (const check of checks) {
    const fault = check();
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a mapping";
  if (typeof value === "boolean") return String(value);
  return typeof value === "number" ? "a number" : "text";
}
