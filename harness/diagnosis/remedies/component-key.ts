import { isMap, isScalar, isSeq, parseDocument, Scalar, type Document, type YAMLMap, YAMLSeq } from "yaml";

import { DAPR_YAML, splitDocuments } from "../../dapr/component-files.ts";

/** Keys of a component that are no text. */
const TRUTHS = new Set(["spec.ignoreErrors"]);

/**
 * A component file with one key of one component set; `undefined`: the component is not in it. All else stays: comments,
 * order, other documents byte for byte.
 * @param key dotted, as in `RemedyChange`: `spec.initTimeout`, `metadata.direction`, `scopes`.
 */
export function withComponentKey(
  text: string,
  { component, key, value }: { readonly component: string; readonly key: string; readonly value: string },
): string | undefined {
  for (const part of splitDocuments(text)) {
    const document = parseDocument(part.text, DAPR_YAML);
    if (document.errors.length > 0 || String(document.getIn(["metadata", "name"])) !== component) continue;
    setKey(document, key, value);
    const body = document.toString({ lineWidth: 0 });
    // A divider's line ends where the document's text begins, so that text begins with a line break or is the file's first.
    const lead = part.text.startsWith("\n") && !body.startsWith("\n") ? "\n" : "";
    const written = lead + (part.text.endsWith("\n") ? body : body.replace(/\n$/, ""));
    return text.slice(0, part.offset) + written + text.slice(part.offset + part.text.length);
  }
  return undefined;
}

function setKey(document: Document, key: string, value: string): void {
  if (key === "scopes") {
    document.set("scopes", document.createNode(value.split(",").map((scope) => scope.trim())));
    return;
  }
  const item = /^metadata\.(?<name>.+)$/.exec(key)?.groups?.["name"];
  if (item !== undefined) {
    setItem(document, item, value);
    return;
  }
  const path = key.split(".");
  const scalar = TRUTHS.has(key) ? new Scalar(value === "true") : quoted(value);
  const last = path.at(-1) ?? key;
  const above = path.slice(0, -1);
  // Written before spec.metadata, which is long: a key after it is easily overlooked.
  const parent = document.getIn(above);
  if (isMap(parent) && !parent.has(last)) insertBefore(parent, "metadata", document.createPair(last, scalar));
  else document.setIn(path, scalar);
}

function setItem(document: Document, name: string, value: string): void {
  const found = document.getIn(["spec", "metadata"]);
  const items: YAMLSeq = isSeq(found) ? found : new YAMLSeq();
  if (!isSeq(found)) document.setIn(["spec", "metadata"], items);
  const existing = items.items.find(
    (one): one is YAMLMap => isMap(one) && String(one.get("name")).toLowerCase() === name.toLowerCase(),
  );
  if (existing === undefined) {
    items.add(document.createNode({ name, value: quoted(value) }));
  } else {
    existing.set("value", quoted(value));
    for (const other of ["secretKeyRef", "envRef"]) existing.delete(other);
  }
}

/** daprd takes text; YAML would take `true` or `30` for something else. */
function quoted(value: string): Scalar {
  const scalar = new Scalar(value);
  scalar.type = Scalar.QUOTE_DOUBLE;
  return scalar;
}

function insertBefore(map: YAMLMap, key: string, pair: ReturnType<Document["createPair"]>): void {
  const at = map.items.findIndex((one) => isScalar(one.key) && one.key.value === key);
  if (at === -1) map.items.push(pair);
  else map.items.splice(at, 0, pair);
}
