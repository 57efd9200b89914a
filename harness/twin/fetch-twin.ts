import type { TwinAnswer, TwinRequest } from "./answer.ts";
import type { DaprTwin } from "./dapr-twin.ts";

const NO_BODY: ReadonlySet<number> = new Set([204, 304]);

/** The twin as a function from Request to Response; `undefined` where the connection would be refused. */
export async function respondTo(twin: DaprTwin, request: Request): Promise<Response | undefined> {
  const answer = await twin.respond(await toTwinRequest(request));
  return answer === "refused" ? undefined : toResponse(answer);
}

async function toTwinRequest(request: Request): Promise<TwinRequest> {
  const { pathname, search } = new URL(request.url);
  return {
    method: request.method,
    target: pathname + search,
    headers: new Map(request.headers),
    body: new Uint8Array(await request.arrayBuffer()),
  };
}

function toResponse({ status, headers, body }: TwinAnswer): Response {
  return new Response(NO_BODY.has(status) ? null : Buffer.from(body), {
    status,
    headers: headers.map(([name, value]): [string, string] => [name, value]),
  });
}
