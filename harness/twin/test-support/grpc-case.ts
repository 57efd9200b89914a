import { connect } from "node:http2";

import type { DaprTwin } from "../dapr-twin.ts";
import { decodeMessage, encodeMessage, type Message, type MessageName } from "../grpc/dapr-messages.ts";
import { failureTrailers } from "../grpc/grpc-failure.ts";
import { normalise } from "./case-answer.ts";
import type { SidecarName } from "./parity-case.ts";

export interface GrpcCase {
  readonly name: string;
  /** Default `full`. */
  readonly sidecar?: SidecarName;
  readonly calls: readonly GrpcCaseCall[];
}

export interface GrpcCaseCall {
  readonly method: string;
  readonly request: MessageName;
  readonly response: MessageName;
  readonly message: Message;
  readonly headers?: Readonly<Record<string, string>>;
}

export function grpcCaseKey({ name, sidecar = "full" }: GrpcCase): string {
  return `[${sidecar}] ${name}`;
}

/** A call's answer, decoded, with what varies replaced; one line a field. */
export type GrpcCaseAnswer = Readonly<Record<string, string>>;

const AUTHORITY = "twin.test:50001";

function sentHeaders({ method, headers = {} }: GrpcCaseCall): Record<string, string> {
  return {
    ":method": "POST",
    ":scheme": "http",
    ":authority": AUTHORITY,
    ":path": `/dapr.proto.runtime.v1.Dapr/${method}`,
    "content-type": "application/grpc",
    "user-agent": "parity/1",
    te: "trailers",
    ...headers,
  };
}

export async function callTwin(twin: DaprTwin, one: GrpcCaseCall): Promise<GrpcCaseAnswer> {
  const headers = sentHeaders(one);
  const answer = await twin.respondGrpc({
    path: headers[":path"] ?? "",
    headers: new Map(Object.entries(headers)),
    message: encodeMessage(one.request, one.message),
  });
  if (answer === "refused") throw new Error("the twin refused");
  return "failure" in answer
    ? describe(one, answer.headers, failureTrailers(answer.failure))
    : describe(one, answer.headers, { "grpc-status": "0", "grpc-message": "" }, answer.message);
}

export function callServer(port: number, one: GrpcCaseCall): Promise<GrpcCaseAnswer> {
  return new Promise((resolve, reject) => {
    const session = connect(`http://127.0.0.1:${port}`);
    session.on("error", reject);
    const stream = session.request(sentHeaders(one));
    let headers: Readonly<Record<string, unknown>> = {};
    let trailers: Readonly<Record<string, unknown>> = {};
    const chunks: Buffer[] = [];
    stream.on("response", (head) => (headers = head));
    stream.on("trailers", (tail) => (trailers = tail));
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("error", reject);
    stream.on("end", () => {
      session.close();
      const body = Buffer.concat(chunks);
      resolve(
        describe(one, textsOf(headers), textsOf(trailers), body.length === 0 ? undefined : body.subarray(5)),
      );
    });
    const message = encodeMessage(one.request, one.message);
    const prefix = Buffer.alloc(5);
    prefix.writeUInt32BE(message.length, 1);
    stream.end(Buffer.concat([prefix, message]));
  });
}

function textsOf(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

const OF_THE_SERVER: ReadonlySet<string> = new Set([":status", "content-type"]);

function describe(
  { response }: GrpcCaseCall,
  headers: Readonly<Record<string, string>>,
  trailers: Readonly<Record<string, string>>,
  message?: Uint8Array,
): GrpcCaseAnswer {
  const fields = Object.entries({ ...headers, ...trailers }).flatMap(([name, value]): [string, string][] => {
    if (OF_THE_SERVER.has(name)) return [];
    if (name !== "grpc-status-details-bin") return [[name, normalise(value)]];
    return [["details", statusText(value)]];
  });
  const text = message === undefined ? "(none)" : normalise(sortedJson(decodeMessage(response, message)));
  return Object.fromEntries([...fields, ["message", text] as const].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function statusText(details: string): string {
  const status = decodeMessage("Status", Buffer.from(details, "base64"));
  const infos = Array.isArray(status["details"]) ? status["details"] : [];
  return sortedJson({
    ...status,
    details: infos.map(({ type_url: type, value }: { type_url: string; value: Buffer }) => [
      type,
      decodeMessage("ErrorInfo", value),
    ]),
  });
}

/** Maps of protobuf have no order. */
function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) => {
    if (Buffer.isBuffer(one)) return normalise(one.toString("utf8"));
    if (typeof one !== "object" || one === null || Array.isArray(one)) return one;
    if ("type" in one && one.type === "Buffer" && "data" in one && Array.isArray(one.data)) {
      return normalise(Buffer.from(one.data).toString("utf8"));
    }
    return Object.fromEntries(Object.entries(one).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}

export function grpcDifferences(twin: GrpcCaseAnswer, daprd: GrpcCaseAnswer): string[] {
  const names = new Set([...Object.keys(twin), ...Object.keys(daprd)]);
  return [...names]
    .toSorted()
    .filter((name) => twin[name] !== daprd[name])
    .map(
      (name) => `${name}\n      twin   ${twin[name] ?? "(none)"}\n      daprd  ${daprd[name] ?? "(none)"}`,
    );
}
