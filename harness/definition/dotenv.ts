import { parseEnv } from "node:util";

import { Document, Pair, Scalar, YAMLMap, type LineCounter } from "yaml";

const BLANK = /[ \t\uFEFF]*(?:#[^\n]*)?(?:\r?\n|$)/y;
const ENTRY =
  /(?<lead>[ \t\uFEFF]*(?:export[ \t]+)?)(?<key>[A-Za-z_][\w.:-]*)(?<equals>[ \t]*=[ \t]*)(?:"[^"]*"|'[^']*'|`[^`]*`|[^\r\n]*)[^\r\n]*(?:\r?\n|$)/y;

/**
 * A text of nothing but `NAME=value` lines and comments (`.env`), as an object whose names and values know their places.
 * Quotes, escapes and comments as Node reads them; of a name that stands there twice the later counts.
 * `undefined`: the text is something else.
 */
export function readDotenv(text: string, lines: LineCounter): Document | undefined {
  const found = new Map<string, { readonly key: number; readonly value: number }>();
  for (let at = 0; at < text.length;) {
    BLANK.lastIndex = ENTRY.lastIndex = at;
    if (BLANK.test(text)) {
      at = BLANK.lastIndex;
      continue;
    }
    const groups = ENTRY.exec(text)?.groups;
    if (groups === undefined) return undefined;
    const { lead = "", key = "", equals = "" } = groups;
    const keyAt = at + lead.length;
    found.set(key, { key: keyAt, value: keyAt + key.length + equals.length });
    at = ENTRY.lastIndex;
  }
  if (found.size === 0) return undefined;
  lines.addNewLine(0);
  for (const { index } of text.matchAll(/\n/g)) lines.addNewLine(index + 1);
  const values = parseEnv(text);
  const map = new YAMLMap();
  for (const [key, at] of found) {
    const value = Object.hasOwn(values, key) ? (values[key] ?? "") : "";
    map.items.push(new Pair(scalar(key, at.key), scalar(value, at.value)));
  }
  return new Document(map);
}

function scalar(text: string, offset: number): Scalar {
  const node = new Scalar(text);
  node.range = [offset, offset + text.length, offset + text.length];
  return node;
}
