import { GoError } from "./json-node.ts";

/**
 * Go's `base64.StdEncoding.DecodeString`: line ends are passed over, padding is needed, bits that are left over are not looked
 * at.
 * @throws {GoError} with the byte that Go names.
 */
export function decodeBase64(bytes: Uint8Array): Buffer {
  const text = Buffer.from(bytes).toString("latin1");
  let digits = "";
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (/[A-Za-z\d+/]/.test(char)) digits += char;
    else if (char === "=") {
      checkEnd(text, at, digits.length % 4);
      return Buffer.from(digits, "base64");
    } else if (!isLineEnd(char)) throw corrupt(at);
  }
  const open = digits.length % 4;
  if (open > 0) throw corrupt(text.length - open);
  return Buffer.from(digits, "base64");
}

/** From the first `=` on: as many as are missing of four, and nothing behind them. */
function checkEnd(text: string, padding: number, place: number): void {
  if (place < 2) throw corrupt(padding);
  let at = afterLineEnds(text, padding + 1);
  if (place === 2) {
    if (at === text.length) throw corrupt(text.length);
    if (text[at] !== "=") throw corrupt(at - 1);
    at = afterLineEnds(text, at + 1);
  }
  if (at < text.length) throw corrupt(at);
}

function afterLineEnds(text: string, from: number): number {
  let at = from;
  while (isLineEnd(text.charAt(at))) at += 1;
  return at;
}

function isLineEnd(char: string): boolean {
  return char === "\n" || char === "\r";
}

function corrupt(at: number): GoError {
  return new GoError(`illegal base64 data at input byte ${at}`);
}
