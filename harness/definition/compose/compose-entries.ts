import type { Value } from "../value.ts";

export interface ComposeEntry {
  readonly key: string;
  readonly keyValue: Value;
  readonly value: Value;
}

/** The entries of an object, those of its merge keys (`<<`) with them: what stands in the object itself wins. */
export function composeEntries(value: Value): ComposeEntry[] {
  return entriesOf(value, []);
}

/** @param within offsets of the objects that merge this one, so that a cycle of anchors ends. */
function entriesOf(value: Value, within: readonly number[]): ComposeEntry[] {
  if (!value.isMap || within.includes(value.offset)) return [];
  const found = new Map<string, ComposeEntry>();
  const merged: ComposeEntry[] = [];
  for (const entry of value.entries()) {
    if (entry.key !== "<<") found.set(entry.key, entry);
    else {
      const sources = entry.value.isList ? entry.value.peekItems() : [entry.value];
      merged.push(...sources.flatMap((source) => entriesOf(source, [...within, value.offset])));
    }
  }
  // Of several merged objects the first wins.
  for (const entry of merged) if (!found.has(entry.key)) found.set(entry.key, entry);
  return [...found.values()];
}
