import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** An answer as Azure's blob service gives it when it does not do what it was asked. */
export interface AzureError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly headers: Readonly<Record<string, string>>;
  /** To a HEAD nothing of it is sent. */
  readonly body: Buffer;
}

/** What the blob service says with a status when nothing else is asked for; its codes and words as documented. */
const USUAL: Readonly<Record<number, readonly [code: string, message: string]>> = {
  400: ["InvalidHeaderValue", "The value for one of the HTTP headers is not in the correct format."],
  401: [
    "NoAuthenticationInformation",
    "Server failed to authenticate the request. Please refer to the information in the www-authenticate header.",
  ],
  403: [
    "AuthorizationPermissionMismatch",
    "This request is not authorized to perform this operation using this permission.",
  ],
  404: ["ContainerNotFound", "The specified container does not exist."],
  409: ["ContainerBeingDeleted", "The specified container is being deleted. Try operation later."],
  412: ["ConditionNotMet", "The condition specified using HTTP conditional header(s) is not met."],
  429: ["TooManyRequests", "Too many requests have been sent. Please retry after some time."],
  500: ["InternalError", "The server encountered an internal error. Please retry the request."],
  503: ["ServerBusy", "The server is busy."],
};

/** Codes with words of their own, besides those above. */
const MESSAGES: Readonly<Record<string, string>> = {
  AuthenticationFailed:
    "Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature.",
  AuthorizationFailure: "This request is not authorized to perform this operation.",
  AccountIsDisabled: "The specified account is disabled.",
  BlobNotFound: "The specified blob does not exist.",
  ResourceNotFound: "The specified resource does not exist.",
  OperationTimedOut: "Operation could not be completed within the permitted time.",
};

export interface AzureErrorRequest {
  readonly status: number;
  /** Default: the usual one of the status. */
  readonly errorCode?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
}

/** The whole answer, with what it repeats of the request. */
export function azureError(
  { status, errorCode, retryAfterSeconds }: AzureErrorRequest,
  asked: IncomingHttpHeaders,
  now = new Date(),
): AzureError {
  const [usualCode, usualMessage] = USUAL[status] ?? [`Status${status}`, "The request could not be done."];
  const code = errorCode ?? usualCode;
  const words = Object.values(USUAL).find(([one]) => one === code)?.[1] ?? MESSAGES[code] ?? usualMessage;
  const requestId = randomUUID();
  const message = `${words}\nRequestId:${requestId}\nTime:${now.toISOString().replace("Z", "0000Z")}`;
  const body = Buffer.from(
    `\uFEFF<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  );
  return {
    status,
    code,
    message: words,
    headers: {
      "Content-Length": String(body.length),
      "Content-Type": "application/xml",
      ...(retryAfterSeconds === undefined ? {} : { "Retry-After": String(retryAfterSeconds) }),
      Server: "Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0",
      "x-ms-request-id": requestId,
      ...repeated(asked, "x-ms-client-request-id"),
      ...repeated(asked, "x-ms-version"),
      "x-ms-error-code": code,
      Date: now.toUTCString(),
    },
    body,
  };
}

function repeated(asked: IncomingHttpHeaders, name: string): Record<string, string> {
  const value = asked[name];
  return typeof value === "string" ? { [name]: value } : {};
}
