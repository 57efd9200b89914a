import { entryOf, type Datum, type Result } from "../datum.ts";
import type { Arguments } from "./arguments.ts";
import { equalData, stringOf } from "./conversions.ts";
import { bounded } from "./texts.ts";

/** Functions of arrays and objects, and those that take texts as well. */
export const COLLECTIONS: Readonly<Record<string, (args: Arguments) => Result>> = {
  concat(args) {
    if (args.count > 0 && args.at(0).kind === "list") {
      return args.all.flatMap((_, index) => args.list(index).items);
    }
    for (const [index, datum] of args.all.entries()) {
      if (datum.kind === "list" || datum.kind === "object") args.text(index);
    }
    return bounded(args.all.map((datum) => stringOf(datum, args.work)).join(""), args);
  },
  contains(args) {
    const container = args.at(0);
    const wanted = args.at(1);
    if (container.kind === "text") return container.value.includes(stringOf(wanted, args.work));
    if (container.kind === "object")
      return entryOf(container.entries, stringOf(wanted, args.work)) !== undefined;
    return args.list(0).items.some((item) => equalData(item, wanted, args.work));
  },
  empty(args) {
    const datum = args.at(0);
    return datum.kind === "null" || sizeOf(args) === 0;
  },
  length: (args) => sizeOf(args),
  first: (args) => end(args, 0),
  last: (args) => end(args, -1),
  take: (args) => portion(args, (count) => [0, count]),
  skip: (args) => portion(args, (count) => [count, Infinity]),
  indexof: (args) => position(args, "first"),
  lastindexof: (args) => position(args, "last"),
  union(args) {
    if (args.at(0).kind === "object") {
      const objects = args.all.map((_, index) => args.object(index).entries);
      return objects.reduce((merged, entries) => mergeDeep(merged, entries, args));
    }
    return distinct(
      args.all.flatMap((_, index) => args.list(index).items),
      args,
    );
  },
  intersection(args) {
    if (args.at(0).kind === "object") {
      const [first, ...others] = args.all.map((_, index) => args.object(index).entries);
      return new Map(
        [...(first ?? [])].filter(([key, value]) =>
          others.every((entries) => {
            const match = entryOf(entries, key);
            return match !== undefined && equalData(match, value, args.work);
          }),
        ),
      );
    }
    const [first, ...others] = args.all.map((_, index) => args.list(index).items);
    const common = (first ?? []).filter((item) => others.every((items) => includes(items, item, args)));
    return distinct(common, args);
  },
  createarray: (args) => args.all,
  createobject(args) {
    if (args.count % 2 === 1) return args.fail("wants a value for each key", "Add the value.");
    const keys = args.all.flatMap((_, index) => (index % 2 === 0 ? [args.text(index)] : []));
    const values = args.all.filter((_, index) => index % 2 === 1);
    return new Map(keys.flatMap((key, index) => (values[index] === undefined ? [] : [[key, values[index]]])));
  },
  range(args) {
    const [start, count] = [args.number(0), args.index(1)];
    if (count > 10_000) return args.fail("makes at most 10000 numbers", "Ask for fewer.");
    args.work.spend(count);
    const { origin } = args;
    return Array.from(
      { length: count },
      (_, index) => ({ kind: "number", origin, value: start + index }) as const,
    );
  },
  flatten: (args) =>
    args.list(0).items.flatMap((item) => {
      args.work.spend(1);
      return item.kind === "list" ? item.items : [item];
    }),
  items(args) {
    const { origin } = args;
    const sorted = [...args.object(0).entries].toSorted(([a], [b]) => (a < b ? -1 : 1));
    return sorted.map(([key, value]) => ({
      kind: "object",
      origin,
      entries: new Map<string, Datum>([
        ["key", { kind: "text", origin, value: key }],
        ["value", value],
      ]),
    }));
  },
  objectkeys: (args) =>
    [...args.object(0).entries.keys()].map((value) => ({ kind: "text", origin: args.origin, value })),
  shallowmerge(args) {
    const merged = new Map<string, Datum>();
    const { items } = args.list(0);
    const objects = items.map((item) =>
      item.kind === "object" ? item : args.fail("merges an array of objects", "Give it objects only."),
    );
    for (const { entries } of objects) for (const [key, value] of entries) setEntry(merged, key, value);
    return merged;
  },
};

/** Sets a key, replacing one that differs by case alone. */
export function setEntry(entries: Map<string, Datum>, key: string, value: Datum): void {
  if (entries.has(key)) {
    entries.set(key, value);
    return;
  }
  const folded = key.toLowerCase();
  for (const known of entries.keys()) {
    if (known.toLowerCase() !== folded) continue;
    entries.set(known, value);
    return;
  }
  entries.set(key, value);
}

function mergeDeep(
  base: ReadonlyMap<string, Datum>,
  over: ReadonlyMap<string, Datum>,
  args: Arguments,
): ReadonlyMap<string, Datum> {
  return args.work.deeper(() => {
    args.work.spend(base.size + over.size);
    const merged = new Map(base);
    for (const [key, value] of over) {
      const before = entryOf(merged, key);
      if (before?.kind === "object" && value.kind === "object") {
        const entries = mergeDeep(before.entries, value.entries, args);
        setEntry(merged, key, { kind: "object", origin: value.origin, entries });
      } else {
        setEntry(merged, key, value);
      }
    }
    return merged;
  });
}

function sizeOf(args: Arguments): number {
  const datum = args.at(0);
  if (datum.kind === "text") return datum.value.length;
  return datum.kind === "object" ? datum.entries.size : args.list(0).items.length;
}

function end(args: Arguments, index: 0 | -1): Result {
  const datum = args.at(0);
  if (datum.kind === "text") return datum.value.at(index) ?? "";
  const item = args.list(0).items.at(index);
  return item === undefined ? null : { datum: item };
}

function portion(args: Arguments, boundsOf: (count: number) => [number, number]): Result {
  const [from, to] = boundsOf(Math.max(0, args.number(1)));
  const datum = args.at(0);
  return datum.kind === "text" ? datum.value.slice(from, to) : args.list(0).items.slice(from, to);
}

function position(args: Arguments, which: "first" | "last"): number {
  const datum = args.at(0);
  if (datum.kind === "text") {
    const [text, wanted] = [datum.value.toLowerCase(), args.text(1).toLowerCase()];
    return which === "first" ? text.indexOf(wanted) : text.lastIndexOf(wanted);
  }
  const wanted = args.at(1);
  const same = (item: Datum): boolean => equalData(item, wanted, args.work);
  const { items } = args.list(0);
  return which === "first" ? items.findIndex(same) : items.findLastIndex(same);
}

function includes(items: readonly Datum[], wanted: Datum, args: Arguments): boolean {
  return items.some((item) => equalData(item, wanted, args.work));
}

function distinct(items: readonly Datum[], args: Arguments): Datum[] {
  const found: Datum[] = [];
  for (const item of items) if (!includes(found, item, args)) found.push(item);
  return found;
}
