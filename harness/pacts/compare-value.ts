import { show, type Difference } from "./difference.ts";
import { describeRule, satisfies } from "./match-value.ts";
import type { ArrayVariant, RuleList } from "./pact-file.ts";
import { isObject } from "./value-rules.ts";
import { memberPath, speaksOf } from "./value-path.ts";

export interface ValueComparison {
  readonly rules: Readonly<Record<string, RuleList>>;
  /** Goes before each field's name. */
  readonly field: string;
  /** Whether a member that is not stated breaks the contract: in a request, which the other side may refuse, yes. */
  readonly addedBreaks: boolean;
}

/** Each place in which a value differs from the stated one, rules applied. */
export function compareValues(
  stated: unknown,
  actual: unknown,
  comparison: ValueComparison,
  path = "$",
): readonly Difference[] {
  const rule = ruleAt(comparison.rules, path);
  const contains = rule?.matchers.find((matcher) => matcher.match === "arrayContains");
  if (contains !== undefined && Array.isArray(stated) && Array.isArray(actual)) {
    return compareUnordered(stated, actual, contains.variants, comparison, path);
  }
  if (rule !== undefined && satisfies(rule, stated, actual)) return [];
  if (rule === undefined && isObject(stated) && isObject(actual)) {
    return compareObjects(stated, actual, comparison, path);
  }
  if (rule === undefined && Array.isArray(stated) && Array.isArray(actual)) {
    return compareLists(stated, actual, comparison, path);
  }
  if (rule === undefined && Object.is(stated, actual)) return [];
  return [
    {
      field: fieldAt(comparison, path),
      kind: "changed",
      stated: rule === undefined ? show(stated) : `${show(stated)}, ${describeRule(rule)}`,
      seen: show(actual),
      breaks: true,
    },
  ];
}

export function ruleAt(rules: ValueComparison["rules"], path: string): RuleList | undefined {
  return Object.entries(rules).find(([rulePath]) => speaksOf(rulePath, path))?.[1];
}

function compareObjects(
  stated: Readonly<Record<string, unknown>>,
  actual: Readonly<Record<string, unknown>>,
  comparison: ValueComparison,
  path: string,
): readonly Difference[] {
  return [...new Set([...Object.keys(stated), ...Object.keys(actual)])].flatMap((name) => {
    const place = memberPath(path, name);
    if (!Object.hasOwn(actual, name)) return [missing(stated[name], comparison, place)];
    if (!Object.hasOwn(stated, name)) return [added(actual[name], comparison, place)];
    return compareValues(stated[name], actual[name], comparison, place);
  });
}

function compareLists(
  stated: readonly unknown[],
  actual: readonly unknown[],
  comparison: ValueComparison,
  path: string,
): readonly Difference[] {
  // Where elements came or went, counting positions would call all that follow changed.
  if (stated.length !== actual.length && [...stated, ...actual].every((element) => !isObject(element))) {
    const gone = stated.filter((element) => !actual.includes(element));
    const come = actual.filter((element) => !stated.includes(element));
    return [
      ...gone.map((element) => missing(element, comparison, `${path}[*]`)),
      ...come.map((element) => added(element, comparison, `${path}[*]`)),
    ];
  }
  return Array.from({ length: Math.max(stated.length, actual.length) }, (_, index) => index).flatMap(
    (index) => {
      const place = `${path}[${index}]`;
      if (index >= actual.length) return [missing(stated[index], comparison, place)];
      if (index >= stated.length) return [added(actual[index], comparison, place)];
      return compareValues(stated[index], actual[index], comparison, place);
    },
  );
}

function compareUnordered(
  stated: readonly unknown[],
  actual: readonly unknown[],
  variants: readonly ArrayVariant[],
  comparison: ValueComparison,
  path: string,
): readonly Difference[] {
  const left = new Set(actual);
  const differences: Difference[] = [];
  for (const { index, rules } of variants) {
    const against = (element: unknown): readonly Difference[] =>
      compareValues(stated[index], element, {
        ...comparison,
        rules,
        field: `${fieldAt(comparison, path)}[${nameOf(stated[index], index)}]`,
      });
    // The element of the same name is the one to tell about; without one, whichever is nearest.
    const nearest = [...left]
      .map((element) => ({ element, found: against(element), named: sameName(stated[index], element) }))
      .toSorted((a, b) => Number(b.named) - Number(a.named) || a.found.length - b.found.length)[0];
    if (nearest === undefined || (!nearest.named && nearest.found.some(({ breaks }) => breaks))) {
      differences.push(missing(stated[index], comparison, `${path}[${nameOf(stated[index], index)}]`));
      continue;
    }
    left.delete(nearest.element);
    differences.push(...nearest.found);
  }
  return [
    ...differences,
    ...[...left].map((element, index) => added(element, comparison, `${path}[${nameOf(element, index)}]`)),
  ];
}

function sameName(a: unknown, b: unknown): boolean {
  return isObject(a) && isObject(b) && typeof a["name"] === "string" && a["name"] === b["name"];
}

function nameOf(element: unknown, index: number): string {
  if (typeof element === "string") return JSON.stringify(element);
  return isObject(element) && typeof element["name"] === "string" ? element["name"] : String(index);
}

/** Inside an element of a list without order, paths begin anew; the reader's does not. */
function fieldAt({ field }: ValueComparison, path: string): string {
  return field + (field.endsWith("]") ? path.slice(1) : path);
}

function missing(value: unknown, comparison: ValueComparison, place: string): Difference {
  return { field: fieldAt(comparison, place), kind: "missing", stated: show(value), breaks: true };
}

function added(value: unknown, comparison: ValueComparison, place: string): Difference {
  return {
    field: fieldAt(comparison, place),
    kind: "added",
    seen: show(value),
    breaks: comparison.addedBreaks,
  };
}
