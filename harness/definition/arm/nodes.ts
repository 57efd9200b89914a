import { isAlias, isMap, isScalar, isSeq, Pair, Scalar, YAMLMap, YAMLSeq, type Node } from "yaml";

import type { SourceFile } from "../source-file.ts";
import type { Datum, Origin } from "./datum.ts";
import type { Work } from "./faults.ts";

/** The content of a file as a datum. @throws {TemplateFault} nested too deep. */
export function readDatum(source: SourceFile, work: Work): Datum {
  return datumOfNode(source.document.contents, { source, offset: 0 }, work);
}

function datumOfNode(given: unknown, parent: Origin, work: Work): Datum {
  return work.deeper(() => {
    const { source } = parent;
    const node = isAlias(given) ? given.resolve(source.document) : given;
    const origin = originOf(node, parent);
    if (isSeq(node)) {
      return { kind: "list", origin, items: node.items.map((item) => datumOfNode(item, origin, work)) };
    }
    if (isMap(node)) {
      const entries = new Map<string, Datum>();
      const keyOrigins = new Map<string, Origin>();
      for (const pair of node.items) {
        const key = isScalar(pair.key) ? String(pair.key.value) : "";
        keyOrigins.set(key, originOf(pair.key, origin));
        entries.set(key, datumOfNode(pair.value, originOf(pair.key, origin), work));
      }
      return { kind: "object", origin, entries, keyOrigins };
    }
    const value = isScalar(node) ? node.value : null;
    if (typeof value === "string") return { kind: "text", origin, value };
    if (typeof value === "boolean") return { kind: "flag", origin, value };
    if (typeof value !== "number") return { kind: "null", origin };
    const written = isScalar(node) ? node.source : undefined;
    return written === undefined
      ? { kind: "number", origin, value }
      : { kind: "number", origin, value, written };
  });
}

function originOf(node: unknown, parent: Origin): Origin {
  const range = isScalar(node) || isMap(node) || isSeq(node) ? node.range : undefined;
  return range === null || range === undefined ? parent : { source: parent.source, offset: range[0] };
}

/** A datum with neither gaps nor answers left in it, as nodes that stand where the data was written. */
export function nodeOf(datum: Datum, sources: WeakMap<Node, SourceFile>): Node {
  const node = bareNodeOf(datum, sources);
  return placed(node, datum.origin, sources);
}

function bareNodeOf(datum: Datum, sources: WeakMap<Node, SourceFile>): Node {
  if (datum.kind === "list") {
    const list = new YAMLSeq();
    list.items = datum.items.map((item) => nodeOf(item, sources));
    return list;
  }
  if (datum.kind === "object") {
    const map = new YAMLMap();
    map.items = [...datum.entries].map(([key, value]) => {
      const keyOrigin = datum.keyOrigins?.get(key) ?? value.origin;
      return new Pair(placed(new Scalar(key), keyOrigin, sources), nodeOf(value, sources));
    });
    return map;
  }
  if (datum.kind === "unknown") return new Scalar(datum.expression);
  const scalar = new Scalar("value" in datum ? datum.value : null);
  if (datum.kind === "number" && datum.written !== undefined) scalar.source = datum.written;
  return scalar;
}

function placed(node: Node, { source, offset }: Origin, sources: WeakMap<Node, SourceFile>): Node {
  node.range = [offset, offset, offset];
  sources.set(node, source);
  return node;
}
