import { bytesOfBody } from "./bodies.ts";
import type { ActualRequest, ActualResponse, PactHeaders, PactInteraction } from "./pact-file.ts";

/** The request that an interaction's example is. `headers` take the place of its own, as a token that was masked. */
export function requestOf(
  { request }: PactInteraction,
  headers: Readonly<Record<string, string>> = {},
): ActualRequest {
  const given = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const parameters = pairs(request.query).map(([name, value]): [string, string] => [name, value]);
  const query = parameters.length === 0 ? "" : `?${new URLSearchParams(parameters).toString()}`;
  return {
    method: request.method,
    path: request.path + query,
    headers: pairs(request.headers).map(([name, value]) => [name, given.get(name.toLowerCase()) ?? value]),
    body: request.body === undefined ? Buffer.alloc(0) : bytesOfBody(request.body),
  };
}

/** The answer that an interaction's example is. */
export function responseOf({ response }: PactInteraction): ActualResponse {
  return {
    status: response.status,
    headers: pairs(response.headers),
    body: response.body === undefined ? Buffer.alloc(0) : bytesOfBody(response.body),
  };
}

function pairs(headers: PactHeaders = {}): readonly (readonly [string, string])[] {
  return Object.entries(headers).flatMap(([name, values]) => values.map((value) => [name, value] as const));
}
