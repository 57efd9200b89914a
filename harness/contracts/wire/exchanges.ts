import type { SeenExchange } from "../../wire/exchange.ts";

/** The path without its query, unescaped; as it is on the wire where it can't be. */
export function pathOf({ request }: SeenExchange): string {
  const [path = ""] = request.path.split("?", 1);
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}

/** By an answer or without one, as far as the tap saw. */
export function hasEnded({ end }: SeenExchange): boolean {
  return end.how !== "open" && end.how !== "unknown";
}

/** Its answer is whole. */
export function isAnswered({ end }: SeenExchange): boolean {
  return end.how === "answered";
}

/** It was answered with what says that the work is done: 2xx, or gRPC's status 0. */
export function isSuccess(exchange: SeenExchange): boolean {
  const { response, grpc } = exchange;
  if (!isAnswered(exchange)) return false;
  if (grpc !== undefined) return grpc.status === 0;
  return response !== undefined && response.status >= 200 && response.status < 300;
}

/** For evidence: `200`, `gRPC 13 …`, `reset by main`, `no answer`. */
export function outcomeOf({ response, grpc, end, to, from }: SeenExchange): string {
  if (end.how === "answered") {
    if (grpc === undefined) return String(response?.status ?? "no answer");
    return ["gRPC", grpc.status ?? "without status", grpc.statusMessage ?? ""].join(" ").trim();
  }
  if (end.how === "open") return "no answer";
  if (end.how === "unknown") return "an end that the tap did not see";
  const by = end.by === undefined ? undefined : (end.by === "to" ? to : from).container;
  return `${end.how}${by === undefined ? "" : ` by ${by}`}`;
}

/** For evidence: `POST /.internal/batch`, `InvokeBinding`. */
export function describeRequest({ request, grpc }: SeenExchange): string {
  return grpc === undefined ? `${request.method} ${request.path}` : grpc.method;
}
