/**
 * Text that is markup already. Made by {@link markup} alone: everything that comes from a site or its runs (names, log lines,
 * paths) is put into it as text, so that nothing of it can become markup.
 */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template: text is escaped, lists are joined, `undefined` and `false` leave nothing. */
export type Insertion = string | number | Markup | undefined | false | readonly Insertion[];

/** A piece of a page or of a drawing. Attributes have to be written in double quotes. */
export function markup(parts: TemplateStringsArray, ...insertions: readonly Insertion[]): Markup {
  return new Markup(
    parts.map((part, index) => part + (index < insertions.length ? render(insertions[index]) : "")).join(""),
  );
}

function render(insertion: Insertion): string {
  if (insertion === undefined || insertion === false) return "";
  if (insertion instanceof Markup) return insertion.text;
  if (typeof insertion === "string" || typeof insertion === "number") return escape(String(insertion));
  return insertion.map(render).join("");
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Control characters have no place in a page: shown as their pictures, so that they are seen. */
function escape(text: string): string {
  return text
    .replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? "")
    .replaceAll(/(?![\t\n\r])\p{Cc}/gu, pictureOf);
}

function pictureOf(control: string): string {
  const code = control.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  return code === 0x7f ? "␡" : "�";
}
