import { MASKED } from "../plan/mask-environment.ts";
import { bytesOfBody } from "./bodies.ts";
import type { ActualRequest, ActualResponse, PactFile, PactHeaders, PactInteraction } from "./pact-file.ts";

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

/**
 * Headers whose value the tap masked, so that a replay can't send them unless they are given; names in lower case.
 * A body that holds one is sent as it is.
 */
export function maskedHeaders({ interactions }: PactFile): readonly string[] {
  const masked = interactions.flatMap(({ request }) =>
    pairs(request.headers).flatMap(([name, value]) => (value.includes(MASKED) ? [name.toLowerCase()] : [])),
  );
  return [...new Set(masked)];
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
