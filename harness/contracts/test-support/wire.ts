import type { Exchange, WireEnd } from "../../timeline/exchange.ts";
import { at, INSTANCE, ORIGIN, type Moment } from "./moments.ts";

/** An exchange of the example, with what a test changes. */
export interface Exchanged {
  readonly id: number;
  readonly startMs: number;
  /** From the request's first byte to the answer's last. Default 20; `null`: it has none. */
  readonly latencyMs?: number | null;
  readonly method?: string;
  readonly path?: string;
  readonly status?: number;
  readonly headers?: Exchange["request"]["headers"];
  readonly body?: string;
  readonly answer?: string;
  readonly from?: string | null;
  readonly to?: string | null;
  readonly end?: Exchange["end"];
  readonly grpc?: Exchange["grpc"];
  readonly instance?: string;
}

const PORTS: Readonly<Record<string, number>> = { main: 9000, dapr: 3500 };

/** An exchange as the tap tells of it; without an end where it has no answer. */
export function exchanged({
  id,
  startMs,
  latencyMs = 20,
  method = "POST",
  path = "/.internal/batch",
  status = 200,
  headers = [],
  body = "",
  answer = "",
  from = "dapr",
  to = "main",
  end,
  grpc,
  instance = INSTANCE,
}: Exchanged): Moment {
  const endMs = latencyMs === null ? undefined : startMs + latencyMs;
  const how = end ?? { how: endMs === undefined ? "open" : "answered" };
  const exchange: Exchange = {
    id,
    connection: 1,
    stream: id,
    protocol: grpc === undefined ? "http/1.1" : "grpc",
    from: wireEnd(from, 40_000),
    to: wireEnd(to, PORTS[to ?? ""] ?? 1),
    times: { startMs, ...(endMs === undefined ? {} : { endMs }) },
    request: { method, path, headers, body: text(body) },
    ...(how.how === "answered"
      ? { response: { status, headers: [], body: text(answer), trailers: [] } }
      : {}),
    ...(grpc === undefined ? {} : { grpc }),
    end: how,
  };
  return at(startMs, { type: "exchange", exchange }, instance);
}

function wireEnd(container: string | null, port: number): WireEnd {
  return { ...(container === null ? {} : { container }), address: "127.0.0.1", port };
}

function text(content: string): Exchange["request"]["body"] {
  return { size: Buffer.byteLength(content), truncated: false, text: content };
}

export interface Posted extends Omit<Exchanged, "id" | "startMs"> {
  /** The first one's id; others count on. Default 100. */
  readonly firstId?: number;
}

/** Posts of `batch` at these times, each a tick of its own. */
export function posts(times: readonly number[], { firstId = 100, ...more }: Posted = {}): readonly Moment[] {
  return times.map((startMs, index) =>
    exchanged({ headers: [["Readtimeutc", readTime(startMs)]], ...more, id: firstId + index, startMs }),
  );
}

/** The header by which daprd says when it read a tick. */
export function readTime(tMs: number): string {
  return `${new Date(ORIGIN + tMs).toISOString()} +0000 UTC`;
}

/** The tap begins before everything else, and daprd asks for the app's configuration when it has found it. */
export function tapped({ beganMs = 5, foundMs = 2000, instance = INSTANCE } = {}): readonly Moment[] {
  return [
    at(beganMs, { type: "tap.began" }, instance),
    exchanged({ id: 1, startMs: foundMs - 5, latencyMs: 4, method: "GET", path: "/dapr/config", instance }),
  ];
}
