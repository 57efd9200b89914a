/**
 * What differs from run to run without meaning anything, by name. All that a recording states loosely, it states by one of these.
 * Regular expressions are written so that Rust's, Pact's own, reads them as JavaScript's does: without looking around.
 */
export interface VaryingText {
  readonly name: string;
  /** Finds it inside a text. */
  readonly find: RegExp;
  /** What may stand in its place. */
  readonly pattern: string;
}

const CLOCK = String.raw`\d{2}:\d{2}:\d{2}(?:\.\d+)?`;
const DAY = String.raw`\d{4}-\d{2}-\d{2}`;

/** Tried in this order at each place. */
export const VARYING_TEXTS: readonly VaryingText[] = [
  { name: "a masked secret", find: /\(masked\)/y, pattern: ".+" },
  varying("Go's time", String.raw`${DAY} ${CLOCK} [+-]\d{4} [A-Z]+(?: m=[+-]\d+\.\d+)?`),
  varying("ISO 8601 time", String.raw`${DAY}T${CLOCK}(?:Z|[+-]\d{2}:\d{2})`),
  varying("HTTP date", String.raw`[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT`),
  varying("UUID", "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"),
  varying("trace context", "[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}"),
  {
    name: "milliseconds since 1970",
    find: /(?<!\d)1\d{12}(?!\d)/y,
    pattern: String.raw`\d{13}`,
  },
  {
    name: "a loopback address's port",
    find: /(?<=(?:127\.0\.0\.1|\[::1\]|localhost):)\d{1,5}(?!\d)/y,
    pattern: String.raw`\d{1,5}`,
  },
];

/** Headers whose value varies wholly; names in lower case. */
export const VARYING_HEADERS: Readonly<Record<string, string>> = {
  host: String.raw`(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?`,
  traceparent: "[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}",
  // Of cron: what Go calls the zone of the machine, `Local`, or `UTC` where the image has no zone file.
  timezone: String.raw`[A-Za-z][\w+/-]*`,
  // As many as there are tracers on the way; daprd's is empty as a rule.
  tracestate: ".*",
};

/** Headers that say how a message was carried, and nothing of the contract; names in lower case. */
export const TRANSPORT_HEADERS: ReadonlySet<string> = new Set([
  "connection",
  // The body says it; and Pact's verifier, told to send one, sends two.
  "content-length",
  "keep-alive",
  "transfer-encoding",
  "te",
  "trailer",
  "upgrade",
  "http2-settings",
  "date",
]);

/** Of these the numbers in a product's version may differ: `node-fetch/1.0` is not what a contract is about. */
export const PRODUCT_HEADERS: ReadonlySet<string> = new Set(["user-agent", "server"]);

/** Headers that say who speaks, and what it could read. That one of them is another is told, and breaks nothing. */
export const SPEAKERS_HEADERS: ReadonlySet<string> = new Set([
  ...PRODUCT_HEADERS,
  "accept",
  "accept-encoding",
  "accept-language",
]);

/** JSON members, by their name, whose text is a product's version. */
export const VERSION_MEMBERS = /version$/i;

export const VERSION_PATTERN = String.raw`v?\d+(?:\.\d+)+(?:[-+][0-9A-Za-z.+-]+)?`;

/** JSON members, by their name, that number a process. */
export const PROCESS_MEMBERS = /^(?:app|cli|dapr)?pid$/i;

/** Lists in daprd's answers that come in no order. */
export const UNORDERED_MEMBERS: ReadonlySet<string> = new Set(["components", "enabledFeatures"]);

/** daprd takes an input binding when its OPTIONS is answered so (daprd.md §1.1, D:pkg/runtime/processor/binding/send.go). */
export const OPTIONS_TAKEN: readonly number[] = [200, 201, 202, 203, 204, 205, 206, 207, 208, 226, 405];

function varying(name: string, pattern: string): VaryingText {
  return { name, find: new RegExp(pattern, "y"), pattern };
}
