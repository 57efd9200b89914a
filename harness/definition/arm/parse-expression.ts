import { TemplateFault } from "./faults.ts";

/** An expression of a template: what stands between `[` and `]`. */
export type Expression = (
  | { readonly kind: "literal"; readonly value: string | number }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Expression[] }
  | {
      readonly kind: "access";
      readonly of: Expression;
      readonly key: Expression;
      /** `.?name` and `[?0]`: nothing instead of a fault where there is none. */
      readonly safe: boolean;
    }
) & {
  /** As it is written. */
  readonly written: string;
};

const MOST_LETTERS = 24_576;
const MOST_LEVELS = 100;

/** What a text of a template means: itself, less an escaping bracket, or an expression. */
export function readText(text: string): { readonly literal: string } | { readonly expression: string } {
  if (!text.startsWith("[") || !text.endsWith("]") || text.length < 2) return { literal: text };
  if (text.startsWith("[[")) return { literal: text.slice(1) };
  return { expression: text.slice(1, -1) };
}

/** @throws {TemplateFault} with the position of what is wrong. */
export function parseExpression(text: string): Expression {
  if (text.length > MOST_LETTERS) {
    throw new TemplateFault(
      `has an expression of ${text.length} characters; Azure takes at most ${MOST_LETTERS}.`,
      "Put parts of it into variables.",
    );
  }
  return new Parser(text).parse();
}

const TOKEN = /\s*(?:('(?:[^']|'')*')|([+-]?\d+)|([A-Za-z_]\w*)|(\.\?|\[\?|[.,()[\]]))/y;

type Token =
  | { readonly kind: "text" | "number" | "name" | "sign"; readonly text: string; readonly at: number }
  | { readonly kind: "end"; readonly text: ""; readonly at: number };

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #next = 0;
  #levels = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokensOf(text);
  }

  parse(): Expression {
    const expression = this.#expression();
    if (this.#peek().kind !== "end") this.#fail("an operator or the end");
    return expression;
  }

  #expression(): Expression {
    if (++this.#levels > MOST_LEVELS) {
      throw new TemplateFault(
        `has an expression nested more than ${MOST_LEVELS} levels deep.`,
        "Put parts of it into variables.",
      );
    }
    const { at: start } = this.#peek();
    let expression = this.#primary(start);
    for (;;) {
      const access = this.#access(expression, start);
      if (access === undefined) break;
      expression = access;
    }
    this.#levels--;
    return expression;
  }

  #primary(start: number): Expression {
    const token = this.#take();
    if (token.kind === "text") {
      const value = token.text.slice(1, -1).replaceAll("''", "'");
      return { kind: "literal", value, written: token.text };
    }
    if (token.kind === "number") return { kind: "literal", value: Number(token.text), written: token.text };
    if (token.kind !== "name") this.#fail("a function, a text or a number", token);
    let { text: name } = token;
    while (this.#peek().text === ".") {
      this.#take();
      const part = this.#take();
      if (part.kind !== "name") this.#fail("the name of a function", part);
      name += `.${part.text}`;
    }
    if (this.#take().text !== "(") this.#fail(`"(" after ${name}`, this.#tokens[this.#next - 1]);
    const args = this.#arguments();
    return { kind: "call", name, args, written: this.#writtenFrom(start) };
  }

  #arguments(): Expression[] {
    const args: Expression[] = [];
    if (this.#peek().text === ")" && this.#peek().kind === "sign") {
      this.#take();
      return args;
    }
    for (;;) {
      args.push(this.#expression());
      const token = this.#take();
      if (token.kind === "sign" && token.text === ")") return args;
      if (token.kind !== "sign" || token.text !== ",") this.#fail('"," or ")"', token);
    }
  }

  #access(of: Expression, start: number): Expression | undefined {
    const token = this.#peek();
    if (token.kind !== "sign") return undefined;
    if (token.text === "." || token.text === ".?") {
      this.#take();
      const name = this.#take();
      if (name.kind !== "name") this.#fail("the name of a property", name);
      const key: Expression = { kind: "literal", value: name.text, written: name.text };
      return { kind: "access", of, key, safe: token.text === ".?", written: this.#writtenFrom(start) };
    }
    if (token.text === "[" || token.text === "[?") {
      this.#take();
      const key = this.#expression();
      if (this.#take().text !== "]") this.#fail('"]"', this.#tokens[this.#next - 1]);
      return { kind: "access", of, key, safe: token.text === "[?", written: this.#writtenFrom(start) };
    }
    return undefined;
  }

  /** The text up to the token taken last. */
  #writtenFrom(start: number): string {
    const last = this.#tokens[this.#next - 1];
    return this.#text.slice(start, last === undefined ? undefined : last.at + last.text.length);
  }

  #peek(): Token {
    return this.#tokens[this.#next] ?? { kind: "end", text: "", at: this.#text.length };
  }

  #take(): Token {
    const token = this.#peek();
    this.#next++;
    return token;
  }

  #fail(wanted: string, token: Token = this.#peek()): never {
    const found = token.kind === "end" ? "its end" : `"${token.text.slice(0, 40)}"`;
    throw new TemplateFault(
      `has an expression that can't be read: ${wanted} wanted at position ${token.at + 2}, found ${found}.`,
      'Correct the expression; a text that is none but begins with "[" is written "[[…]".',
    );
  }
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  let at = 0;
  while (at < end) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) {
      const found = text.slice(at).trimStart();
      throw new TemplateFault(
        `has an expression that can't be read from position ${text.length - found.length + 2} on: ${JSON.stringify(found.slice(0, 40))}.`,
        "Correct the expression; texts inside it stand in single quotes, a quote in them is doubled.",
      );
    }
    const [whole, quoted, number, name, sign = ""] = match;
    const start = at + whole.length - whole.trimStart().length;
    if (quoted !== undefined) tokens.push({ kind: "text", text: quoted, at: start });
    else if (number !== undefined) tokens.push({ kind: "number", text: number, at: start });
    else if (name !== undefined) tokens.push({ kind: "name", text: name, at: start });
    else tokens.push({ kind: "sign", text: sign, at: start });
    at += whole.length;
  }
  return tokens;
}
