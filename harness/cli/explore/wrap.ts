import { stripVTControlCharacters } from "node:util";

/** Text of a site or its runs, without anything that would move a terminal's cursor or change its colours. */
export function printable(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll(/[\r\n\t]+/g, " ")
    .replaceAll(/\p{Cc}/gu, "");
}

/** Lines of at most `width` characters. A word that is longer stands alone on its line, whole: it may be a path to copy. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of printable(text)
    .split(" ")
    .filter((part) => part !== "")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return line === "" ? lines : [...lines, line];
}

const LABEL = 11;

/** `evidence   …` with further lines below the first one's text. */
export function labelled(label: string, text: string, width: number): readonly string[] {
  return wrap(text, Math.max(20, width - LABEL - 3)).map(
    (line, index) => `   ${(index === 0 ? label : "").padEnd(LABEL)}${line}`,
  );
}
