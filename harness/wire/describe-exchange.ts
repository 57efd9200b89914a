import type { SeenExchange, TapGap, WireEnd } from "./exchange.ts";

/** gRPC's statuses by their numbers. */
const GRPC_STATUSES = [
  "OK",
  "CANCELLED",
  "UNKNOWN",
  "INVALID_ARGUMENT",
  "DEADLINE_EXCEEDED",
  "NOT_FOUND",
  "ALREADY_EXISTS",
  "PERMISSION_DENIED",
  "RESOURCE_EXHAUSTED",
  "FAILED_PRECONDITION",
  "ABORTED",
  "OUT_OF_RANGE",
  "UNIMPLEMENTED",
  "INTERNAL",
  "UNAVAILABLE",
  "DATA_LOSS",
  "UNAUTHENTICATED",
] as const;

/** An exchange in columns, for a person's eyes. */
export interface ExchangeLine {
  /** Since the run began, for example `+12.345678 s`. */
  readonly at: string;
  /** For example `dapr → main:9000`. */
  readonly who: string;
  /** For example `POST /.internal/batch`. */
  readonly what: string;
  /** For example `200`, `OK`, `closed by dapr`. */
  readonly outcome: string;
  /** From the first to the last byte; empty while it goes on. */
  readonly took: string;
  /** Of the bodies, for example `0 → 40 B`. */
  readonly size: string;
  /** The answer says, or the lack of one, that it went wrong. */
  readonly isBad: boolean;
}

export function describeExchange(exchange: SeenExchange): ExchangeLine {
  const { times, request, response, grpc, from, to } = exchange;
  const path = grpc === undefined ? request.path : `${grpc.service}/${grpc.method}`;
  return {
    at: `+${(times.startMs / 1000).toFixed(6)} s`,
    who: `${nameOf(from)} → ${nameOf(to)}:${to.port}`,
    what: `${grpc === undefined ? request.method : "gRPC"} ${path}`,
    outcome: outcomeOf(exchange),
    took: times.endMs === undefined ? "" : `${(times.endMs - times.startMs).toFixed(3)} ms`,
    size: `${request.body.size} → ${response?.body.size ?? "-"} B`,
    isBad: isBad(exchange),
  };
}

/** For example `packets-lost: the kernel dropped 3 packets`. */
export function describeGap({ reason, from, to, detail }: TapGap): string {
  const where = from === undefined || to === undefined ? "" : `, ${nameOf(from)} → ${nameOf(to)}:${to.port}`;
  return `${reason}${where}: ${detail}`;
}

function nameOf({ container, address }: WireEnd): string {
  return container ?? (address.includes(":") ? `[${address}]` : address);
}

function outcomeOf({ end, response, grpc, from, to }: SeenExchange): string {
  const status =
    grpc?.status === undefined
      ? response?.status.toString()
      : (GRPC_STATUSES[grpc.status] ?? `grpc-status ${grpc.status}`);
  if (end.how === "answered") return status ?? "answered";
  const by = end.by === undefined ? "" : ` by ${nameOf(end.by === "from" ? from : to)}`;
  const how = end.how === "open" ? (status === undefined ? "no answer yet" : "goes on") : `${end.how}${by}`;
  const detail = end.detail === undefined ? how : `${how} (${end.detail})`;
  return status === undefined ? detail : `${status}, ${detail}`;
}

function isBad({ end, response, grpc }: SeenExchange): boolean {
  if (end.how !== "answered" && end.how !== "open") return true;
  return (grpc?.status ?? 0) !== 0 || (response?.status ?? 0) >= 400;
}
