import { timeString } from "../go/time.ts";
import type { DaprFacts } from "../versions/dapr-facts.ts";

/** A request of daprd to the app: its headers in the order and spelling in which they stand on the wire (daprd.md §2). */
export interface AppRequest {
  readonly method: "OPTIONS" | "POST";
  /** Path and query. */
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

export interface AppRequestOptions {
  readonly facts: DaprFacts;
  /** `127.0.0.1:9000`. */
  readonly host: string;
  readonly target: string;
  /** daprd's `APP_API_TOKEN`. */
  readonly appApiToken?: string;
}

const NO_TRACE = "00-00000000000000000000000000000000-0000000000000000-00";

/** Whether the app wants the binding: daprd asks when the component file does not say. */
export function optionsRequest(options: AppRequestOptions): AppRequest {
  return { method: "OPTIONS", target: options.target, headers: headersOf(options, [], []) };
}

export interface TickRequestOptions extends AppRequestOptions {
  /** Nanoseconds since the epoch. */
  readonly firedAt: bigint;
  /** The body is kept, to be sent again under a retry policy: then Go does not know its length. */
  readonly isKept: boolean;
}

/** What a cron binding sends: no body, but a type of JSON. */
export function tickRequest(options: TickRequestOptions): AppRequest {
  const metadata = [
    ["Readtimeutc", timeString(options.firedAt)],
    ["Timezone", "Local"],
    ["Traceparent", NO_TRACE],
  ] as const;
  const length = options.isKept
    ? (["Transfer-Encoding", "chunked"] as const)
    : (["Content-Length", "0"] as const);
  return {
    method: "POST",
    target: options.target,
    headers: headersOf(options, [length], metadata),
  };
}

/** Go writes its own headers first, then the others by name; its transport adds the last. */
function headersOf(
  { facts, host, appApiToken = "" }: AppRequestOptions,
  length: AppRequest["headers"],
  metadata: AppRequest["headers"],
): AppRequest["headers"] {
  return [
    ["Host", host],
    ["User-Agent", facts.userAgent],
    ...length,
    ["Content-Type", "application/json"],
    ...(appApiToken === "" ? [] : [["Dapr-Api-Token", appApiToken] as const]),
    ...metadata,
    ["Accept-Encoding", "gzip"],
  ];
}
