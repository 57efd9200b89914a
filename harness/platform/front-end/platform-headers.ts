import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** Which protocol the site believes its clients speak; TLS ends at the front end (A2.3). */
export type ClientScheme = "http" | "https";

/** What the front end knows of a request beside its own headers. */
export interface RequestFacts {
  readonly siteName: string;
  readonly scheme: ClientScheme;
  /** The request target as it came. */
  readonly target: string;
  readonly address: string;
  readonly port: number;
}

/**
 * What App Service's front end makes of a request's headers (A2.9). The names and forms are those that dumps of
 * requests to Linux sites show: addresses with their port, `X-ARR-SSL` and its kin only where the client spoke TLS.
 * The client's own values are overwritten, so that none can be spoofed; only `X-Forwarded-For` keeps what came and
 * adds to it. `Host` stays as the client used it.
 *
 * Headers that are between two neighbours only (RFC 9110, 7.6.1) are left out.
 */
export function platformHeaders(headers: IncomingHttpHeaders, facts: RequestFacts): IncomingHttpHeaders {
  const host = headers.host ?? "";
  const peer = `${facts.address}:${facts.port}`;
  const hopByHop = new Set([...HOP_BY_HOP, ...listed(headers.connection)]);
  const kept = Object.fromEntries(
    Object.entries(headers).filter(([name]) => !hopByHop.has(name) && !TLS_ONLY.has(name)),
  );
  return {
    ...kept,
    "max-forwards": String(hopsLeft(headers["max-forwards"])),
    "x-arr-log-id": randomUUID(),
    "client-ip": peer,
    "x-client-ip": facts.address,
    "x-client-port": String(facts.port),
    "disguised-host": host,
    "x-site-deployment-id": facts.siteName,
    "was-default-hostname": `${facts.siteName.toLowerCase()}.azurewebsites.net`,
    "x-forwarded-for": [...listed(headers["x-forwarded-for"], false), peer].join(", "),
    "x-forwarded-proto": facts.scheme,
    "x-original-url": facts.target,
    "x-waws-unencoded-url": facts.target,
    ...(facts.scheme === "https" ? TLS : {}),
  };
}

/** The guess is in the certificate's names: those of Azure's own certificate, as seen. */
const TLS = {
  "x-appservice-proto": "https",
  "x-arr-ssl":
    "2048|256|CN=Microsoft Azure RSA TLS Issuing CA 04, O=Microsoft Corporation, C=US|CN=*.azurewebsites.net, O=Microsoft Corporation, L=Redmond, S=WA, C=US",
  "x-forwarded-tlsversion": "1.3",
};

const TLS_ONLY: ReadonlySet<string> = new Set(Object.keys(TLS));

/** `upgrade` and `connection` are put back for a WebSocket; the length of a body says where it ends, so it stays. */
const HOP_BY_HOP = ["connection", "proxy-connection", "keep-alive", "te", "trailer", "upgrade", "expect"];

/** A first hop leaves 10, as seen; each further one takes one. */
function hopsLeft(header: string | string[] | undefined): number {
  const given = typeof header === "string" && /^\d{1,4}$/.test(header) ? Number(header) : undefined;
  return given === undefined ? 10 : Math.max(0, given - 1);
}

function listed(header: string | string[] | undefined, lowerCase = true): readonly string[] {
  const text = Array.isArray(header) ? header.join(",") : (header ?? "");
  return (lowerCase ? text.toLowerCase() : text)
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}
