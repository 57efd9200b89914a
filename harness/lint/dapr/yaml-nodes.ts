import { isAlias, isMap, isScalar, isSeq, type Document, type Node, type Pair, type YAMLMap } from "yaml";

/** How deep merged mappings are followed: one may merge itself. */
const DEEPEST_MERGE = 8;

/** A key and its value in a document, aliases followed. */
export interface Field {
  readonly key: Node;
  /** Absent: nothing stands after the key. */
  readonly value: Node | undefined;
}

export function follow(document: Document.Parsed, node: unknown): Node | undefined {
  if (isAlias(node)) return node.resolve(document);
  return isMap(node) || isSeq(node) || isScalar(node) ? node : undefined;
}

/** A mapping's fields as they stand, without those merged from elsewhere. */
export function fieldsOf(document: Document.Parsed, node: Node | undefined): Field[] {
  if (!isMap(node)) return [];
  return node.items.flatMap((pair: Pair) => {
    const key = follow(document, pair.key);
    return key === undefined ? [] : [{ key, value: follow(document, pair.value) }];
  });
}

/**
 * The field that Go's decoder takes for a name: in any case, the exact spelling before others, the last of several;
 * also one that is merged with `<<`.
 */
export function fieldOf(
  document: Document.Parsed,
  node: Node | undefined,
  name: string,
  depth = 0,
): Field | undefined {
  const fields = fieldsOf(document, node);
  const own =
    fields.findLast(({ key }) => scalarText(key) === name) ??
    fields.findLast(({ key }) => scalarText(key)?.toLowerCase() === name.toLowerCase());
  if (own !== undefined || depth === DEEPEST_MERGE) return own;
  for (const { value } of fields.filter(({ key }) => isMergeKey(key))) {
    const merged = isSeq(value) ? value.items.map((item) => follow(document, item)) : [value];
    for (const mapping of merged) {
      const found = fieldOf(document, mapping, name, depth + 1);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** Its value is no text in YAML 1.1. */
function isMergeKey(key: Node): boolean {
  return isScalar(key) && key.source === "<<" && key.type === "PLAIN";
}

export function itemsOf(document: Document.Parsed, node: Node | undefined): Node[] {
  if (!isSeq(node)) return [];
  return node.items.flatMap((item) => follow(document, item) ?? []);
}

/** A scalar as daprd reads it into text; nothing for null and for what is no scalar. */
export function scalarText(node: Node | undefined): string | undefined {
  if (!isScalar(node)) return undefined;
  const { value, source } = node;
  if (typeof value === "string") return value;
  if (typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (typeof value !== "number") return value instanceof Date ? source : undefined;
  // Go keeps 64 bits of an integer, ECMAScript 53.
  const isWhole = source !== undefined && /^[-+]?[0-9_]+$/.test(source);
  return isWhole && !Number.isSafeInteger(value) ? source.replaceAll("_", "") : String(value);
}

/** A scalar as it is written when YAML makes something else of it than that text. */
export function changedByYaml(node: Node | undefined): string | undefined {
  if (!isScalar(node) || node.type !== "PLAIN" || node.source === undefined) return undefined;
  const read = scalarText(node);
  return read === undefined || read === node.source ? undefined : node.source;
}

export function startOf(node: Node | YAMLMap | undefined): number {
  return node?.range?.[0] ?? 0;
}

/** A further document in one of daprd's is no fault of YAML: what follows is not read, which another rule says. */
export function faultOf(yaml: Document.Parsed): Document.Parsed["errors"][number] | undefined {
  return yaml.errors.find(({ code }) => code !== "MULTIPLE_DOCS");
}
