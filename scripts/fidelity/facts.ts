import { parseDocument } from "yaml";

export const STATES = ["emulated", "approximated", "not"] as const;

/** How far sitecar does what the platform does. */
export type State = (typeof STATES)[number];

/** A test that shows a fact: its file, and its title or the name of one case of its table. */
export interface ShownBy {
  readonly file: string;
  readonly title: string;
}

/** One fact of the platform, and what is made of it here. */
export interface Fact {
  /** For example `A3.10`. */
  readonly id: string;
  readonly fact: string;
  readonly here: State;
  /** Limits, guesses and settings; Markdown, may be empty. */
  readonly how: string;
  /** `D`, `S`, `G`, or several with a slash. */
  readonly source: string;
  readonly tests: readonly ShownBy[];
}

export interface Section {
  readonly title: string;
  readonly facts: readonly Fact[];
}

/** What was read, and what of it can't be used. */
export interface Facts {
  readonly sections: readonly Section[];
  readonly problems: readonly string[];
}

const KEYS = ["id", "fact", "here", "how", "source", "tests"];

/** Reads docs/fidelity.yaml. What is wrong is told, all of it, with its place; nothing of it is guessed. */
export function readFacts(text: string): Facts {
  const document = parseDocument(text, { uniqueKeys: true });
  if (document.errors.length > 0) {
    return { sections: [], problems: document.errors.map(({ message }) => message.trimEnd()) };
  }
  const problems: string[] = [];
  const root: unknown = document.toJS();
  const sections = listIn(root, "sections", "the file", problems).map((section, index): Section => {
    const place = `section ${index + 1}`;
    return {
      title: textIn(section, "title", place, problems),
      facts: listIn(section, "facts", place, problems).map((fact, row) =>
        readFact(fact, `${place}, fact ${row + 1}`, problems),
      ),
    };
  });
  return { sections, problems };
}

function readFact(value: unknown, at: string, problems: string[]): Fact {
  const id = textIn(value, "id", at, problems);
  const place = id === "" ? at : id;
  for (const key of isRecord(value) ? Object.keys(value) : []) {
    if (!KEYS.includes(key))
      problems.push(`${place}: "${key}" is no known key; known are ${KEYS.join(", ")}`);
  }
  const here = textIn(value, "here", place, problems);
  if (here !== "" && !isState(here)) {
    problems.push(`${place}: here is "${here}"; it is one of ${STATES.join(", ")}`);
  }
  const source = textIn(value, "source", place, problems);
  if (source !== "" && !/^[DSG](?:\/[DSG]){0,2}$/.test(source)) {
    problems.push(`${place}: source is "${source}"; it is D, S, G, or several as in D/G`);
  }
  return {
    id,
    fact: textIn(value, "fact", place, problems),
    here: isState(here) ? here : "not",
    how: hasKey(value, "how") ? textIn(value, "how", place, problems) : "",
    source,
    tests: readTests(value, place, problems),
  };
}

function readTests(value: unknown, place: string, problems: string[]): readonly ShownBy[] {
  if (!hasKey(value, "tests")) return [];
  const tests = isRecord(value) ? value["tests"] : undefined;
  if (!isRecord(tests)) {
    problems.push(`${place}: tests has to be a mapping from a file to a title, or to a list of titles`);
    return [];
  }
  return Object.entries(tests).flatMap(([file, titles]) => {
    const list: readonly unknown[] = Array.isArray(titles) ? titles : [titles];
    return list.flatMap((title): readonly ShownBy[] => {
      if (typeof title === "string" && title !== "") return [{ file, title }];
      problems.push(`${place}: a test of ${file} has no title`);
      return [];
    });
  });
}

function textIn(value: unknown, key: string, place: string, problems: string[]): string {
  const text = isRecord(value) ? value[key] : undefined;
  if (typeof text === "string" && text !== "") return text;
  problems.push(`${place}: has no text "${key}"`);
  return "";
}

function listIn(value: unknown, key: string, place: string, problems: string[]): readonly unknown[] {
  const list = isRecord(value) ? value[key] : undefined;
  if (Array.isArray(list)) return list;
  problems.push(`${place}: has no list "${key}"`);
  return [];
}

function hasKey(value: unknown, key: string): boolean {
  return isRecord(value) && Object.hasOwn(value, key);
}

function isState(text: string): text is State {
  return STATES.some((state) => state === text);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
