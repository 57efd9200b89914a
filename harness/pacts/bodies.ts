import type { PactBody } from "./pact-file.ts";

/** A body as Pact writes it down: JSON as it is, text as text, all else in base64. */
export function pactBody(bytes: Buffer, contentType: string | undefined): PactBody {
  const kind = contentType === undefined ? {} : { contentType: mediaTypeOf(contentType) };
  if (bytes.length === 0) return { content: "", ...kind };
  const text = textOf(bytes);
  if (text === undefined) return { content: bytes.toString("base64"), encoded: "base64", ...kind };
  const json = isJson(contentType) ? parse(text) : undefined;
  return { content: json === undefined ? text : json.value, encoded: false, ...kind };
}

/** The bytes that a stated body stands for. */
export function bytesOfBody({ content, contentType, encoded }: PactBody): Buffer {
  if (encoded === "base64" && typeof content === "string") return Buffer.from(content, "base64");
  if (typeof content === "string" && (content === "" || !isJson(contentType))) return Buffer.from(content);
  return Buffer.from(JSON.stringify(content));
}

/** Whether a stated body's content is a JSON value, whose members rules can speak of. */
export function isJsonBody({ content, contentType, encoded }: PactBody): boolean {
  return encoded !== "base64" && content !== "" && isJson(contentType);
}

export function isJson(contentType: string | undefined): boolean {
  return contentType !== undefined && /^application\/(?:[\w.-]+\+)?json$/i.test(mediaTypeOf(contentType));
}

function mediaTypeOf(contentType: string): string {
  return (contentType.split(";", 1)[0] ?? "").trim();
}

/** `undefined`: the bytes are no UTF-8. */
function textOf(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
