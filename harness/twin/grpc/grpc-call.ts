import { SitecarError } from "../../errors/index.ts";
import type { SidecarState } from "../api/call.ts";
import { traceOf, type Trace } from "../tracing.ts";
import { decodeMessage, encodeMessage, type Message } from "./dapr-messages.ts";
import { GrpcFailure, unpaddedBase64 } from "./grpc-failure.ts";
import { GRPC_METHODS, isDaprMethod, type MethodCall } from "./grpc-methods.ts";
import { notCovered } from "../not-covered.ts";

/** A unary call as it stands on the wire. */
export interface GrpcRequest {
  /** `/dapr.proto.runtime.v1.Dapr/InvokeBinding`. */
  readonly path: string;
  /** Lower-case names, `:authority` among them. */
  readonly headers: ReadonlyMap<string, string>;
  /** The message, without its frame. */
  readonly message: Uint8Array;
}

export type GrpcAnswer =
  | { readonly headers: Readonly<Record<string, string>>; readonly message: Buffer }
  | { readonly headers: Readonly<Record<string, string>>; readonly failure: GrpcFailure };

export interface GrpcContext {
  readonly sidecar: SidecarState;
  /** Empty: none is asked for. */
  readonly apiToken: string;
  readonly refuse: (error: SitecarError) => void;
}

const SERVICE = "/dapr.proto.runtime.v1.Dapr/";

/** Answers a call of daprd's gRPC API. */
export function answerGrpc(request: GrpcRequest, { sidecar, apiToken, refuse }: GrpcContext): GrpcAnswer {
  const unauthenticated = checkToken(request, apiToken);
  if (unauthenticated !== undefined) return { headers: {}, failure: unauthenticated };
  const headers: Record<string, string> = {};
  try {
    const trace = traceOf(request);
    if (trace.baggage !== undefined) headers["baggage"] = trace.baggage;
    headers["grpc-trace-bin"] = traceBinary(trace);
    return { headers, message: call(request, { sidecar, trace, headers }) };
  } catch (error) {
    if (error instanceof GrpcFailure) return { headers, failure: error };
    if (!(error instanceof SitecarError)) throw error;
    refuse(error);
    return { headers, failure: new GrpcFailure("UNIMPLEMENTED", error.message, { reason: error.code }) };
  }
}

function call(request: GrpcRequest, context: Omit<MethodCall, "message" | "request">): Buffer {
  const name = request.path.startsWith(SERVICE) ? request.path.slice(SERVICE.length) : "";
  const method = GRPC_METHODS[name];
  if (method === undefined) {
    if (!isDaprMethod(name)) {
      throw new GrpcFailure(
        "UNKNOWN",
        "failed to proxy request: required metadata dapr-callee-app-id or dapr-app-id not found",
      );
    }
    throw notCovered({
      what: `the gRPC call ${name}`,
      instead: "use HTTP for it, answer it in the test itself, or run the site with sitecar up.",
    });
  }
  let message: Message;
  try {
    message = decodeMessage(method.request, request.message);
  } catch {
    throw notCovered({
      what: `a message that is no ${method.request}`,
      instead: "send what Dapr's client sends.",
    });
  }
  return encodeMessage(method.response, method.handle({ ...context, message, request }));
}

function checkToken({ headers }: GrpcRequest, apiToken: string): GrpcFailure | undefined {
  const sent = headers.get("dapr-api-token");
  if (apiToken === "" || sent === apiToken) return undefined;
  const words =
    sent === undefined ? "missing api token in request metadata" : "authentication error: api token mismatch";
  return new GrpcFailure("UNAUTHENTICATED", "Unauthorized", {
    reason: "Unauthorized",
    metadata: { "http.error_message": words, "http.code": "401" },
  });
}

/** OpenCensus' binary form: version, then trace id, span id and options, each after its number. */
function traceBinary({ traceparent }: Trace): string {
  const [, traceId = "", spanId = "", flags = ""] = traceparent.split("-");
  return unpaddedBase64(Buffer.from(`0000${traceId}01${spanId}02${flags}`, "hex"));
}
