import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { AgentIdentity } from "../../../harness/platform/agent-protocol.ts";
import type { AssignedIdentity } from "../../../harness/plan/site-plan.ts";
import type { RequestFaults } from "./identity-faults.ts";
import type { IssuedToken, TokenIssuer } from "./token.ts";

export interface IdentityRequest {
  readonly method: string;
  readonly path: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
}

export interface IdentityAnswer {
  readonly status: number;
  readonly headerMatched: boolean;
  readonly body: object;
}

const CURRENT_VERSION = "2019-08-01";
const LEGACY_VERSION = "2017-09-01";

/** How a request may name one identity, and which of the identity's ids it must equal (A6.2). */
const SELECTORS: Readonly<Record<string, "clientId" | "principalId" | "resourceId">> = {
  client_id: "clientId",
  clientid: "clientId",
  principal_id: "principalId",
  object_id: "principalId",
  mi_res_id: "resourceId",
};

/** What App Service's token endpoint answers to a request (A6.2–A6.4). */
export function answerIdentityRequest(
  request: IdentityRequest,
  identity: AgentIdentity,
  issuer: TokenIssuer,
  kind: RequestFaults["token"] = "good",
): IdentityAnswer {
  const { method, path, parameters, headers } = request;
  const version = parameters["api-version"];
  const headerMatched = secretOf(headers, version) === identity.header;
  const refuse = (status: number, message: string): IdentityAnswer => refusal(status, message, headerMatched);

  if (path.replace(/\/$/, "") !== "/msi/token") return refuse(404, "Not Found");
  if (method !== "GET") return refuse(405, "Method Not Allowed");
  if (!headerMatched) return refuse(401, "Unauthorized");
  if (version === undefined || version === "") return refuse(400, "The api-version parameter is missing.");
  if (version !== CURRENT_VERSION && version !== LEGACY_VERSION) {
    return refuse(400, `The api-version '${version}' is not supported.`);
  }
  const resource = parameters["resource"];
  if (resource === undefined || resource === "") return refuse(400, "The resource parameter is missing.");
  const named = namedIdentities(parameters);
  if (named.length > 1) {
    return refuse(400, `Only one of ${named.map(({ parameter }) => parameter).join(", ")} may be given.`);
  }
  const chosen = choose(named[0], identity);
  if (chosen === undefined) return refuse(400, "Unable to load requested managed identity.");

  const token = issuer.tokenFor(resource, chosen, kind);
  const body =
    version === CURRENT_VERSION ? currentBody(token, resource, chosen.clientId) : legacyBody(token, resource);
  return { status: 200, headerMatched, body };
}

/** A failure of the service itself, whatever was asked. */
export function failedAnswer(status: number, { headerMatched }: IdentityAnswer): IdentityAnswer {
  return refusal(status, "The identity service failed, as it was told to.", headerMatched);
}

function refusal(status: number, message: string, headerMatched: boolean): IdentityAnswer {
  return { status, headerMatched, body: { statusCode: status, message, correlationId: randomUUID() } };
}

/** The secret travels in a header whose name belongs to the version; without a version either will do. */
function secretOf(headers: IncomingHttpHeaders, version: string | undefined): string | undefined {
  const current = headers["x-identity-header"];
  const legacy = headers["secret"];
  const value =
    version === CURRENT_VERSION ? current : version === LEGACY_VERSION ? legacy : (current ?? legacy);
  return Array.isArray(value) ? value[0] : value;
}

interface NamedIdentity {
  readonly parameter: string;
  readonly id: "clientId" | "principalId" | "resourceId";
  readonly value: string;
}

function namedIdentities(parameters: Readonly<Record<string, string>>): NamedIdentity[] {
  return Object.entries(SELECTORS).flatMap(([parameter, id]) => {
    const value = parameters[parameter];
    return value === undefined || value === "" ? [] : [{ parameter, id, value: value.toLowerCase() }];
  });
}

/** Without a name the system-assigned identity is meant (A6.2). */
function choose(
  named: NamedIdentity | undefined,
  { identities, withoutSelector }: AgentIdentity,
): AssignedIdentity | undefined {
  if (named !== undefined) return identities.find((one) => one[named.id]?.toLowerCase() === named.value);
  const system = identities.find(({ kind }) => kind === "system");
  return system ?? (withoutSelector === "first" ? identities[0] : undefined);
}

function currentBody(token: IssuedToken, resource: string, clientId: string): object {
  return {
    access_token: token.accessToken,
    client_id: clientId,
    expires_on: String(token.expiresOn),
    not_before: String(token.notBefore),
    resource,
    token_type: "Bearer",
  };
}

function legacyBody(token: IssuedToken, resource: string): object {
  return {
    access_token: token.accessToken,
    expires_on: legacyDate(token.expiresOn),
    resource,
    token_type: "Bearer",
  };
}

/** `06/20/2019 02:57:58 +00:00`: how 2017-09-01 writes a time on Linux, as azure-identity reads it. */
function legacyDate(unixSeconds: number): string {
  const [date = "", time = ""] = new Date(unixSeconds * 1000).toISOString().split("T");
  const [year, month, day] = date.split("-");
  return `${month}/${day}/${year} ${time.slice(0, 8)} +00:00`;
}
