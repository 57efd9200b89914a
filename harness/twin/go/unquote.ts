import { isUtf8 } from "node:buffer";

import { notCovered } from "../not-covered.ts";

const SIMPLE: Readonly<Record<string, string>> = {
  a: "\u0007",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  '"': '"',
};

/**
 * Go's `strconv.Unquote`, by which the blob binding takes the quotes from what it is to store: of a literal in double quotes or
 * backquotes, or of one character in single quotes; everything else stays as it is.
 */
export function unquote(data: Buffer): Buffer {
  const quote = String.fromCharCode(data[0] ?? 0);
  if (data.length < 2 || data.at(-1) !== data[0] || !"\"`'".includes(quote)) return data;
  if (!isUtf8(data)) {
    throw notCovered({
      what: "data in quotes with bytes that are no UTF-8",
      instead: "send it without quotes.",
    });
  }
  const inner = data.subarray(1, -1).toString("utf8");
  if (quote === "`") return inner.includes("`") ? data : Buffer.from(inner.replaceAll("\r", ""));
  const text = unescaped(inner, quote);
  if (text === undefined || (quote === "'" && !/^.$/su.test(text.toString("utf8")))) return data;
  return text;
}

/** `undefined`: no literal of Go's. */
function unescaped(inner: string, quote: string): Buffer | undefined {
  const parts: Buffer[] = [];
  let at = 0;
  for (const match of inner.matchAll(
    /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-3][0-7]{2})|(.))/gsu,
  )) {
    const [whole, byte, short, long, octal, simple] = match;
    parts.push(Buffer.from(inner.slice(at, match.index)));
    at = match.index + whole.length;
    const part = escapeOf({ byte, rune: short ?? long, octal, simple }, quote);
    if (part === undefined) return undefined;
    parts.push(part);
  }
  parts.push(Buffer.from(inner.slice(at)));
  const plain = inner.replaceAll(/\\./gsu, "");
  return plain.includes(quote) || plain.includes("\n") || plain.includes("\\")
    ? undefined
    : Buffer.concat(parts);
}

interface Escape {
  readonly byte: string | undefined;
  readonly rune: string | undefined;
  readonly octal: string | undefined;
  readonly simple: string | undefined;
}

function escapeOf({ byte, rune, octal, simple }: Escape, quote: string): Buffer | undefined {
  if (byte !== undefined) return Buffer.from([Number.parseInt(byte, 16)]);
  if (octal !== undefined) return Buffer.from([Number.parseInt(octal, 8)]);
  if (rune !== undefined) {
    const code = Number.parseInt(rune, 16);
    const isRune = code <= 0x10_ffff && !(code >= 0xd8_00 && code <= 0xdf_ff);
    return isRune ? Buffer.from(String.fromCodePoint(code)) : undefined;
  }
  if (simple === "'" || simple === '"') return simple === quote ? Buffer.from(simple) : undefined;
  const text = SIMPLE[simple ?? ""];
  return text === undefined ? undefined : Buffer.from(text);
}
