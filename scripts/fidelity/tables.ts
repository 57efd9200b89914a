import { STATES, type Fact, type Section, type ShownBy } from "./facts.ts";

const BEGIN = "<!-- tables: begin -->";
const END = "<!-- tables: end -->";

/** The page with its tables made anew; everything outside the two marks stays as it is. `undefined`: it has no marks. */
export function withTables(page: string, sections: readonly Section[]): string | undefined {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin === -1 || end < begin) return undefined;
  const tables = [summary(sections), ...sections.map(table)].join("\n\n");
  return `${page.slice(0, begin)}${BEGIN}\n\n${tables}\n\n${page.slice(end)}`;
}

/** `Of 54 facts 27 are emulated, 9 approximated and 18 not.` */
export function summary(sections: readonly Section[]): string {
  const facts = sections.flatMap((section) => section.facts);
  const counts = STATES.map((state) => facts.filter(({ here }) => here === state).length);
  const [emulated, approximated, not] = counts;
  return `Of ${facts.length} facts ${emulated} are emulated, ${approximated} approximated and ${not} not.`;
}

function table({ title, facts }: Section): string {
  return [
    `## ${title}\n`,
    row(["id", "fact", "here", "how, limits, guesses and settings", "source", "shown by"]),
    row(Array.from({ length: 6 }, () => "---")),
    ...facts.map((fact) => row(cells(fact))),
  ].join("\n");
}

function cells({ id, fact, here, how, source, tests }: Fact): readonly string[] {
  return [id, fact, here, how, source, tests.map(shownBy).join("<br>")];
}

/** Files are told once where several of their tests follow each other. */
function shownBy({ file, title }: ShownBy, index: number, tests: readonly ShownBy[]): string {
  const name = tests[index - 1]?.file === file ? "" : `\`${file}\`<br>`;
  return `${name}· ${escaped(title)}`;
}

/** A title is no Markdown. */
function escaped(title: string): string {
  return title.replaceAll(/[\\`*_<>[\]$]/g, "\\$&");
}

function row(texts: readonly string[]): string {
  return `| ${texts.map((text) => text.replaceAll("|", "\\|")).join(" | ")} |`;
}
