/**
 * What the tap saw of one HTTP request and its answer on an instance's loopback. Secrets are masked before an exchange leaves
 * the platform container. Times are milliseconds since the run began, as `tMs` of an event, to the microsecond, and are those
 * at which the kernel passed the packet on.
 */
export interface Exchange {
  /** Tells it from all others of its instance, from 1; the same in `exchange.open` and in `exchange`. */
  readonly id: number;
  /** Counts the connections that the tap of this instance saw, from 1. */
  readonly connection: number;
  /** HTTP/2: the stream's id. HTTP/1.1: the request's position on its connection, from 1. */
  readonly stream: number;
  /** `grpc` is HTTP/2 with gRPC's content type. An HTTP/1.1 connection that was upgraded is `http/2` from its answer on. */
  readonly protocol: "http/1.1" | "http/2" | "grpc";
  /** Who asked. */
  readonly from: WireEnd;
  /** Who was asked. */
  readonly to: WireEnd;
  readonly times: ExchangeTimes;
  readonly request: WireRequest;
  /** Absent: no answer's head was seen, see {@link Exchange.end}. */
  readonly response?: WireResponse;
  /** Of `grpc` alone. */
  readonly grpc?: GrpcCall;
  readonly end: ExchangeEnd;
}

/** One end of a connection. */
export interface WireEnd {
  /**
   * The site container, or `platform`: the identity service, and the harness's own questions to daprd. Absent: not known. The end
   * that listens is known by its port, the other one by its socket's control group or by elimination.
   */
  readonly container?: string;
  /** For example `127.0.0.1` or `::1`. */
  readonly address: string;
  readonly port: number;
}

export interface ExchangeTimes {
  /** The request's first byte. */
  readonly startMs: number;
  /** The request's last byte. Absent: not seen. */
  readonly requestEndMs?: number;
  /** The answer's first byte. */
  readonly firstByteMs?: number;
  /** The answer's last byte, or what ended the exchange without one. Absent while it is open. */
  readonly endMs?: number;
}

/** In the order and spelling of the wire; a name can come several times. HTTP/2's pseudo headers are not among them. */
export type WireHeaders = readonly (readonly [name: string, value: string])[];

export interface WireRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: WireHeaders;
  readonly body: WireBody;
}

export interface WireResponse {
  readonly status: number;
  /** HTTP/1.1's, where it has one. */
  readonly reason?: string;
  readonly headers: WireHeaders;
  readonly body: WireBody;
  /** gRPC's status is among them, unless the answer has nothing but a head. */
  readonly trailers: WireHeaders;
}

/** A body without its framing (chunks, frames); a content encoding is undone where the tap can. */
export interface WireBody {
  /** The whole body's size on the wire in bytes, without its framing. So far, while the exchange is open. */
  readonly size: number;
  /** `text` or `base64` hold the beginning only: the body is longer than the tap's limit. */
  readonly truncated: boolean;
  /** Where it is UTF-8. Absent with `base64` absent: nothing is kept; a gRPC body is in {@link GrpcCall}. */
  readonly text?: string;
  readonly base64?: string;
  /** Bytes in it that the tap did not see; told by a {@link TapGap} too. Absent: none. */
  readonly missing?: number;
}

export interface GrpcCall {
  /** For example `dapr.proto.runtime.v1.Dapr`. */
  readonly service: string;
  /** For example `InvokeBinding`. */
  readonly method: string;
  readonly requests: readonly GrpcMessage[];
  readonly responses: readonly GrpcMessage[];
  /** Messages after those kept in `requests` and `responses`, of a stream that has many. Absent: none. */
  readonly furtherMessages?: number;
  /** `grpc-status`. Absent: none was seen. */
  readonly status?: number;
  /** `grpc-message`, decoded. */
  readonly statusMessage?: string;
}

export interface GrpcMessage {
  /** Its last byte. */
  readonly atMs: number;
  /** On the wire, in bytes, without the prefix of five. */
  readonly size: number;
  /** The protobuf type, where the method is known. */
  readonly type?: string;
  /** The message in protobuf's JSON form, where the type is known and it could be decoded. */
  readonly json?: unknown;
  /** The bytes, up to the tap's limit, where `json` is absent. */
  readonly base64?: string;
  readonly truncated?: true;
}

/**
 * How it ended. `answered`: the answer is whole. `reset`: by a TCP reset or HTTP/2's RST_STREAM. `closed`: the connection was
 * closed before the answer was whole. `open`: no end yet, or none when the tap ended. `unknown`: the tap lost what would have told
 * it, see the {@link TapGap}s of its connection.
 */
export interface ExchangeEnd {
  readonly how: "answered" | "reset" | "closed" | "open" | "unknown";
  /** Which end ended it, where it was not answered. A client that gives up waiting is `from` with `closed` or `reset`. */
  readonly by?: "from" | "to";
  /** For example HTTP/2's error code, `CANCEL`. */
  readonly detail?: string;
}

/**
 * Something of the wire that the tap could not see or read. Never silent: where it says nothing, the tap saw everything.
 * `packets-lost`: the kernel dropped packets before the tap took them. `bytes-missing`: a hole in a connection's bytes.
 * `mid-connection`: the connection was open before the tap began. `unparsable`: bytes that are not HTTP. `encrypted`: TLS.
 * `over-limit`: more than the tap keeps in mind. `tap-failed`: nothing is seen any more.
 */
export interface TapGap {
  readonly reason:
    | "packets-lost"
    | "bytes-missing"
    | "mid-connection"
    | "unparsable"
    | "encrypted"
    | "over-limit"
    | "tap-failed";
  /** Absent: not one connection's. */
  readonly connection?: number;
  readonly from?: WireEnd;
  readonly to?: WireEnd;
  /** How many packets or bytes, where it is counted. */
  readonly packets?: number;
  readonly bytes?: number;
  /** In words, with the beginning of what could not be read. */
  readonly detail: string;
}
