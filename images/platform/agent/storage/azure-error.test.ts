import { expect, test } from "vitest";
import { azureError } from "./azure-error.ts";

const NOW = new Date("2026-07-01T12:34:56.789Z");

test("it is what the blob service sends: XML with code and message, and what the client asked by", () => {
  const asked = { "x-ms-version": "2023-11-03", "x-ms-client-request-id": "one" };
  const error = azureError({ status: 503, retryAfterSeconds: 3 }, asked, NOW);
  const requestId = error.headers["x-ms-request-id"] ?? "";
  expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
  expect(error.body.toString()).toBe(
    `\uFEFF<?xml version="1.0" encoding="utf-8"?><Error><Code>ServerBusy</Code><Message>The server is busy.\nRequestId:${requestId}\nTime:2026-07-01T12:34:56.7890000Z</Message></Error>`,
  );
  expect(error.headers).toEqual({
    "Content-Length": String(error.body.length),
    "Content-Type": "application/xml",
    "Retry-After": "3",
    Server: "Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0",
    "x-ms-request-id": requestId,
    "x-ms-client-request-id": "one",
    "x-ms-version": "2023-11-03",
    "x-ms-error-code": "ServerBusy",
    Date: "Wed, 01 Jul 2026 12:34:56 GMT",
  });
});

test.each([
  [403, undefined, "AuthorizationPermissionMismatch", /not authorized .* using this permission/],
  [404, undefined, "ContainerNotFound", /container does not exist/],
  [404, "BlobNotFound", "BlobNotFound", /blob does not exist/],
  [429, undefined, "TooManyRequests", /Too many requests/],
  [500, "OperationTimedOut", "OperationTimedOut", /within the permitted time/],
  [503, "ServerBusy", "ServerBusy", /busy/],
  // A code of another status keeps its own words; one that nobody knows gets those of the status.
  [409, "ContainerNotFound", "ContainerNotFound", /container does not exist/],
  [403, "SomethingNew", "SomethingNew", /not authorized/],
  [418, undefined, "Status418", /could not be done/],
])("%i, %s: %s", (status, errorCode, code, message) => {
  const error = azureError({ status, errorCode }, {});
  expect([error.status, error.code, error.headers["x-ms-error-code"]]).toEqual([status, code, code]);
  expect(error.message).toMatch(message);
  expect(error.body.toString()).toContain(`<Code>${code}</Code><Message>${error.message}\n`);
});
