import { Pair, Scalar, YAMLMap, YAMLSeq, type Node } from "yaml";

import { Value } from "../value.ts";

/** What a value that no file has as such says, each part at the place of what it is made from. */
export interface Made {
  readonly at: Value;
  readonly is: string | boolean | readonly Made[] | Readonly<Record<string, Made>>;
}

/** A value that is made from others and read like one of a file: complaints about it show where it comes from. */
export function madeValue(name: string, made: Made): Value {
  const { source, problems, offset } = made.at;
  return new Value(source, problems, name, nodeOf(made), offset);
}

function nodeOf({ at, is }: Made): Node {
  const node = contentOf(is, at);
  node.range = [at.offset, at.offset, at.offset];
  return node;
}

function contentOf(is: Made["is"], at: Value): Node {
  if (typeof is !== "object") return new Scalar(is);
  if (isList(is)) {
    const list = new YAMLSeq();
    list.items.push(...is.map(nodeOf));
    return list;
  }
  const map = new YAMLMap();
  for (const [key, value] of Object.entries(is))
    map.items.push(new Pair(nodeOf({ at, is: key }), nodeOf(value)));
  return map;
}

function isList(is: object): is is readonly Made[] {
  return Array.isArray(is);
}
