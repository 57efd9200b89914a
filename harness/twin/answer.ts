import { marshalJson, type Marshallable } from "./go/marshal-json.ts";
import type { ErrorFact } from "./versions/dapr-facts.ts";

/** A request as it stands on the wire. */
export interface TwinRequest {
  readonly method: string;
  /** Path and query, escaped as they came. */
  readonly target: string;
  /** Lower-case names. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
}

/** daprd's answer, without what an HTTP server adds (Date, length, connection). */
export interface TwinAnswer {
  readonly status: number;
  /** Names as Go writes them; values with a character for each byte. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
}

const NOTHING = new Uint8Array();
const JSON_TYPE = ["Content-Type", "application/json"] as const;

/** 204. */
export const EMPTY: TwinAnswer = { status: 204, headers: [], body: NOTHING };

/** Bytes of type JSON, whatever they are: daprd names no other type. */
export function dataAnswer(body: string | Uint8Array, headers: TwinAnswer["headers"] = []): TwinAnswer {
  return { status: 200, headers: [JSON_TYPE, ...headers], body: bytesOf(body) };
}

/** As Go's `json.Encoder` writes: with a line end. */
export function encodedAnswer(value: Marshallable): TwinAnswer {
  return dataAnswer(`${marshalJson(value)}\n`);
}

export function textAnswer(status: number, text: string): TwinAnswer {
  return {
    status,
    headers: [
      ["Content-Type", "text/plain; charset=utf-8"],
      ["X-Content-Type-Options", "nosniff"],
    ],
    body: bytesOf(`${text}\n`),
  };
}

export interface ErrorParts {
  /** Fill the message's `%s`. */
  readonly parts?: readonly string[];
  /** Instead of the fact's. */
  readonly status?: number;
  /** Of the google.rpc.ErrorInfo. */
  readonly metadata?: Readonly<Record<string, string>> | null;
  /** Details before the ErrorInfo. */
  readonly details?: readonly Marshallable[];
}

export function errorAnswer(
  fact: ErrorFact,
  { parts = [], status, metadata = null, details = [] }: ErrorParts = {},
): TwinAnswer {
  const remaining = [...parts];
  const info: Marshallable[] =
    fact.reason === undefined
      ? []
      : [
          ...details,
          {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            domain: "dapr.io",
            metadata,
            reason: fact.reason,
          },
        ];
  const body = marshalJson({
    errorCode: fact.code,
    message: fact.message.replaceAll("%s", () => remaining.shift() ?? ""),
    details: info.length === 0 ? undefined : info,
  });
  return { status: status ?? fact.status, headers: [JSON_TYPE], body: bytesOf(body) };
}

/** A header's value as Go writes it: UTF-8, line ends as blanks; here with a character for each byte. */
export function headerValue(text: string): string {
  return Buffer.from(text.replaceAll(/[\r\n]/g, " ").trim(), "utf8").toString("latin1");
}

function bytesOf(body: string | Uint8Array): Uint8Array {
  return typeof body === "string" ? Buffer.from(body) : body;
}
