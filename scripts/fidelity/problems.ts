import type { Fact, Section } from "./facts.ts";

/** How many facts each section of the platform's facts has: `A1.1` to `A1.17`, and so on. */
const COUNTS: readonly number[] = [17, 9, 10, 6, 2, 5, 5];

export const FACT_IDS: readonly string[] = COUNTS.flatMap((count, section) =>
  Array.from({ length: count }, (_, index) => `A${section + 1}.${index + 1}`),
);

/** Hands out a file's text, `undefined` where there is none. Paths as in the data, from the repository's root. */
export type ReadText = (file: string) => Promise<string | undefined>;

/** What keeps the table from being true: facts that are missing, and tests that are gone. Empty: nothing. */
export async function problemsOf(
  sections: readonly Section[],
  readText: ReadText,
  ids: readonly string[] = FACT_IDS,
): Promise<readonly string[]> {
  const facts = sections.flatMap((section) => section.facts);
  const found = facts.map(({ id }) => id);
  const shown = await Promise.all(facts.map(async (fact) => await problemsOfTests(fact, readText)));
  return [
    ...ids.filter((id) => !found.includes(id)).map((id) => `${id}: is missing`),
    ...found.filter((id, index) => found.indexOf(id) !== index).map((id) => `${id}: is there twice`),
    ...found.filter((id) => !ids.includes(id)).map((id) => `${id}: is no fact of the platform`),
    ...orderProblems(found, ids),
    ...shown.flat(),
  ];
}

/** Only of ids that are known and there once: the rest has been told. */
function orderProblems(found: readonly string[], ids: readonly string[]): readonly string[] {
  const known = [...new Set(found)].filter((id) => ids.includes(id));
  const sorted = known.toSorted((one, other) => ids.indexOf(one) - ids.indexOf(other));
  const first = known.findIndex((id, index) => id !== sorted[index]);
  return first === -1 ? [] : [`${known[first]}: stands where ${sorted[first]} has to stand`];
}

async function problemsOfTests(fact: Fact, readText: ReadText): Promise<readonly string[]> {
  const { id, here, tests } = fact;
  const problems = await Promise.all(
    tests.map(async ({ file, title }): Promise<readonly string[]> => {
      if (!/\.(?:test|scenario)\.ts$/.test(file)) return [`${id}: ${file} is no test file`];
      const text = await readText(file);
      if (text === undefined) return [`${id}: the test file ${file} is gone`];
      return titlesOf(text).has(title) ? [] : [`${id}: ${file} has no test or case "${title}"`];
    }),
  );
  return [
    ...(here === "emulated" && tests.length === 0 ? [`${id}: is emulated, and no test shows it`] : []),
    ...problems.flat(),
  ];
}

/**
 * Every text that a test's title or a case's name can be: the string literals of a file, without comments and without
 * what is skipped. Titles of tables are as written: `refuses %s`.
 */
export function titlesOf(text: string): ReadonlySet<string> {
  const titles = new Set<string>();
  const tokens = text.matchAll(
    /\/\/[^\n]*|\/\*[^]*?\*\/|(?<before>\.(?:skip|todo|skipIf)\b[^\n"'`]*\(\s*)?(?:"(?<double>(?:\\.|[^"\\\n])*)"|'(?<single>(?:\\.|[^'\\\n])*)'|`(?<template>(?:\\.|[^`\\])*)`)/g,
  );
  for (const { groups } of tokens) {
    const raw = groups?.["double"] ?? groups?.["single"] ?? groups?.["template"];
    if (raw === undefined || groups?.["before"] !== undefined) continue;
    titles.add(raw.replaceAll(/\\(.)/g, "$1"));
  }
  return titles;
}
