import { isUtf8 } from "node:buffer";

import { notCovered } from "../not-covered.ts";
import { GoError, type JsonMember, type JsonNode } from "./json-node.ts";
import { quoteByte } from "./quote.ts";

/** Go allows 10,000; deeper than this the twin refuses to say what daprd does. */
const MOST_DEPTH = 1000;

/**
 * Reads one JSON value as Go's `json.Decoder` does: what stands behind it is not looked at.
 * @throws {GoError} in Go's words.
 */
export function parseJson(bytes: Uint8Array): JsonNode {
  return new Scanner(bytes).value();
}

class Scanner {
  /** One character a byte, as Go's scanner steps. */
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(bytes: Uint8Array) {
    this.#text = Buffer.from(bytes).toString("latin1");
  }

  value(): JsonNode {
    this.#skipSpace();
    if (this.#at === this.#text.length) throw new GoError("EOF");
    return this.#value();
  }

  #value(): JsonNode {
    const char = this.#peek();
    if (char === "{") return this.#nested(() => this.#object());
    if (char === "[") return this.#nested(() => this.#array());
    if (char === '"') return { kind: "string", value: this.#string() };
    if (char === "t") return this.#literal("true", { kind: "bool", value: true });
    if (char === "f") return this.#literal("false", { kind: "bool", value: false });
    if (char === "n") return this.#literal("null", { kind: "null" });
    if (char === "-" || isDigit(char)) return { kind: "number", literal: this.#number() };
    return this.#refuse("looking for beginning of value");
  }

  #nested(read: () => JsonNode): JsonNode {
    this.#depth += 1;
    if (this.#depth > MOST_DEPTH) {
      throw notCovered({
        what: `JSON that is nested more than ${MOST_DEPTH} deep`,
        instead: "send less of it.",
      });
    }
    this.#at += 1;
    const node = read();
    this.#depth -= 1;
    return node;
  }

  #object(): JsonNode {
    const members: JsonMember[] = [];
    this.#skipSpace();
    if (this.#peek() === "}") {
      this.#at += 1;
      return { kind: "object", members };
    }
    for (;;) {
      this.#skipSpace();
      if (this.#peek() !== '"') return this.#refuse("looking for beginning of object key string");
      const key = this.#string();
      this.#skipSpace();
      if (this.#peek() !== ":") return this.#refuse("after object key");
      this.#at += 1;
      this.#skipSpace();
      members.push({ key, value: this.#value() });
      this.#skipSpace();
      const char = this.#peek();
      if (char !== "," && char !== "}") return this.#refuse("after object key:value pair");
      this.#at += 1;
      if (char === "}") return { kind: "object", members };
    }
  }

  #array(): JsonNode {
    const items: JsonNode[] = [];
    this.#skipSpace();
    if (this.#peek() === "]") {
      this.#at += 1;
      return { kind: "array", items };
    }
    for (;;) {
      this.#skipSpace();
      items.push(this.#value());
      this.#skipSpace();
      const char = this.#peek();
      if (char !== "," && char !== "]") return this.#refuse("after array element");
      this.#at += 1;
      if (char === "]") return { kind: "array", items };
    }
  }

  #string(): string {
    this.#at += 1;
    let text = "";
    let plainFrom = this.#at;
    const plain = (): string => decodeUtf8(this.#text.slice(plainFrom, this.#at));
    for (;;) {
      const char = this.#peek();
      if (char < " ") return this.#refuse("in string literal");
      if (char === '"') {
        text += plain();
        this.#at += 1;
        // Half a surrogate pair is one replacement character, as a byte that is no UTF-8 would be.
        return text.toWellFormed();
      }
      if (char === "\\") {
        text += plain();
        this.#at += 1;
        text += this.#escape();
        plainFrom = this.#at;
      } else this.#at += 1;
    }
  }

  #escape(): string {
    const char = this.#peek();
    this.#at += 1;
    if (char === "u") {
      const from = this.#at;
      for (; this.#at < from + 4; this.#at += 1) {
        if (!/[\da-f]/i.test(this.#peek())) return this.#refuse("in \\u hexadecimal character escape");
      }
      return String.fromCharCode(Number.parseInt(this.#text.slice(from, this.#at), 16));
    }
    const plain = ESCAPES[char];
    if (plain !== undefined) return plain;
    this.#at -= 1;
    return this.#refuse("in string escape code");
  }

  #literal(word: string, node: JsonNode): JsonNode {
    for (let index = 0; index < word.length; index += 1, this.#at += 1) {
      const expected = word.charAt(index);
      if (this.#peek() !== expected) this.#refuse(`in literal ${word} (expecting ${quoteByte(expected)})`);
    }
    return node;
  }

  #number(): string {
    const from = this.#at;
    if (this.#peek() === "-") this.#at += 1;
    if (this.#peek() === "0") this.#at += 1;
    else this.#digits("in numeric literal");
    if (this.#text[this.#at] === ".") {
      this.#at += 1;
      this.#digits("after decimal point in numeric literal");
    }
    if (/[eE]/.test(this.#text[this.#at] ?? "")) {
      this.#at += 1;
      if (/[+-]/.test(this.#text[this.#at] ?? "")) this.#at += 1;
      this.#digits("in exponent of numeric literal");
    }
    return this.#text.slice(from, this.#at);
  }

  #digits(where: string): void {
    if (!isDigit(this.#peek())) this.#refuse(where);
    while (isDigit(this.#text[this.#at] ?? "")) this.#at += 1;
  }

  #skipSpace(): void {
    while (/[ \t\r\n]/.test(this.#text[this.#at] ?? "")) this.#at += 1;
  }

  #peek(): string {
    const char = this.#text[this.#at];
    if (char === undefined) throw new GoError("unexpected EOF");
    return char;
  }

  #refuse(where: string): never {
    throw new GoError(`invalid character ${quoteByte(this.#peek())} ${where}`);
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

function isDigit(char: string): boolean {
  return char >= "0" && char <= "9" && char.length === 1;
}

function decodeUtf8(binary: string): string {
  const bytes = Buffer.from(binary, "latin1");
  if (!isUtf8(bytes)) {
    throw notCovered({ what: "a JSON string with bytes that are no UTF-8", instead: "send UTF-8." });
  }
  return bytes.toString("utf8");
}
