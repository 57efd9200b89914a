import { encodeMessage } from "./dapr-messages.ts";

/** Codes of gRPC, as far as daprd's answers to the twin's calls have them. */
export const GRPC_CODES = {
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  FAILED_PRECONDITION: 9,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAUTHENTICATED: 16,
} as const;

export type GrpcCode = keyof typeof GRPC_CODES;

/** `google.rpc.ErrorInfo`. */
export interface ErrorInfo {
  readonly reason: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A call that is answered with another status than OK. */
export class GrpcFailure extends Error {
  override readonly name = "GrpcFailure";
  readonly code: GrpcCode;
  readonly info: ErrorInfo | undefined;

  constructor(code: GrpcCode, message: string, info?: ErrorInfo) {
    super(message);
    this.code = code;
    this.info = info;
  }
}

/** The trailers that tell it. */
export function failureTrailers({ code, message, info }: GrpcFailure): Record<string, string> {
  const details = info === undefined ? {} : { "grpc-status-details-bin": statusDetails(code, message, info) };
  return { "grpc-status": String(GRPC_CODES[code]), "grpc-message": escapeMessage(message), ...details };
}

/** Base64 without padding, as Go writes it. */
export function unpaddedBase64(bytes: Buffer): string {
  return bytes.toString("base64").replace(/=+$/, "");
}

function statusDetails(code: GrpcCode, message: string, { reason, metadata = {} }: ErrorInfo): string {
  const value = encodeMessage("ErrorInfo", { reason, domain: "dapr.io", metadata });
  return unpaddedBase64(
    encodeMessage("Status", {
      code: GRPC_CODES[code],
      message,
      details: [{ type_url: "type.googleapis.com/google.rpc.ErrorInfo", value }],
    }),
  );
}

/** gRPC's percent-encoding: what is no printable ASCII, and `%`. */
function escapeMessage(message: string): string {
  return [...Buffer.from(message)]
    .map((byte) =>
      byte < 0x20 || byte > 0x7e || byte === 0x25
        ? `%${byte.toString(16).toUpperCase().padStart(2, "0")}`
        : String.fromCharCode(byte),
    )
    .join("");
}
