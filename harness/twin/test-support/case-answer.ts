import { isUtf8 } from "node:buffer";

import type { CaseAnswer } from "./parity-case.ts";

/** An answer before what varies is replaced. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Iterable<readonly [name: string, value: string]>;
  readonly body: Uint8Array;
}

/** What may differ between two runs of one daprd, by name; everything else is compared as it is. */
const RULES: readonly { readonly name: string; readonly replace: (text: string) => string }[] = [
  {
    name: "uuid",
    replace: (text) =>
      text.replaceAll(/[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}/g, "<uuid>"),
  },
  { name: "storage etag", replace: (text) => text.replaceAll(/"ETag":"0x[\dA-F]{15}"/g, '"ETag":"<etag>"') },
  {
    name: "time",
    replace: (text) => text.replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, "<time>"),
  },
  {
    // A map of Go's, so in any order.
    name: "order of enabled features",
    replace: (text) =>
      text.replaceAll(
        /"enabledFeatures":\[([^\]]*)\]/g,
        (_, names: string) => `"enabledFeatures":[${names.split(",").toSorted().join(",")}]`,
      ),
  },
];

/** The HTTP server's, not daprd's. */
const FRAMING: ReadonlySet<string> = new Set([
  "date",
  "content-length",
  "transfer-encoding",
  "connection",
  "keep-alive",
]);

export function caseAnswer({ status, headers, body }: RawAnswer): CaseAnswer {
  const kept = [...headers]
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => !FRAMING.has(name))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  const bytes = Buffer.from(body);
  const text = isUtf8(bytes) ? bytes.toString("utf8") : `base64:${bytes.toString("base64")}`;
  return {
    status,
    headers: Object.fromEntries(kept.map(([name, value]) => [name, normalise(value)])),
    body: normalise(text),
  };
}

/** With what varies replaced. */
export function normalise(text: string): string {
  return RULES.reduce((before, { replace }) => replace(before), text);
}

/** One line for each field that differs; none: the answers are the same. */
export function differences(twin: CaseAnswer, daprd: CaseAnswer): string[] {
  const names = new Set([...Object.keys(twin.headers), ...Object.keys(daprd.headers)]);
  return [
    ...line("status", twin.status, daprd.status),
    ...[...names]
      .toSorted()
      .flatMap((name) => line(`header ${name}`, twin.headers[name], daprd.headers[name])),
    ...line("body", twin.body, daprd.body),
  ];
}

function line(field: string, ours: unknown, theirs: unknown): string[] {
  return ours === theirs ? [] : [`${field}\n      twin   ${show(ours)}\n      daprd  ${show(theirs)}`];
}

function show(value: unknown): string {
  return value === undefined ? "(none)" : JSON.stringify(value);
}
