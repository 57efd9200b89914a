import { createServer, type Server } from "node:http";
import { once } from "node:events";
import type { AgentIdentity } from "../../../harness/platform/agent-protocol.ts";
import { answerIdentityRequest } from "./identity-answer.ts";
import { wallNow, type Reporter } from "./report.ts";
import { TokenIssuer } from "./token.ts";

/** Serves the site's managed identity at its address (A6.1) and reports every request. */
export async function serveIdentity(
  identity: AgentIdentity,
  reporter: Reporter,
  issuer = new TokenIssuer(identity),
): Promise<Server> {
  const server = createServer((request, response) => {
    const seenAt = wallNow();
    const url = new URL(request.url ?? "/", "http://identity");
    const path = url.pathname;
    const parameters = firstOfEach(url.searchParams);
    const { status, headerMatched, body } = answerIdentityRequest(
      { method: request.method ?? "", path, parameters, headers: request.headers },
      identity,
      issuer,
    );
    const userAgent = request.headers["user-agent"] ?? "";
    reporter.report({ type: "identity", status, path, parameters, headerMatched, userAgent }, seenAt);
    request.resume();
    response.writeHead(status, { "content-type": "application/json; charset=utf-8" });
    response.end(JSON.stringify(body));
  });
  server.listen(identity.port, identity.address);
  await once(server, "listening");
  server.on("error", (error) => reporter.failure("identity", error.message));
  return server;
}

function firstOfEach(parameters: URLSearchParams): Record<string, string> {
  const first: Record<string, string> = {};
  for (const [name, value] of parameters) first[name] ??= value;
  return first;
}
