import { createHmac, randomBytes, randomUUID } from "node:crypto";
import type { AgentIdentity } from "../../../harness/platform/agent-protocol.ts";
import type { AssignedIdentity } from "../../../harness/plan/site-plan.ts";
import type { RequestFaults } from "./identity-faults.ts";

/** A token as it is cached: the JWT and its times in Unix seconds. */
export interface IssuedToken {
  readonly accessToken: string;
  readonly notBefore: number;
  readonly expiresOn: number;
}

/** Entra ID dates tokens back by five minutes, so that a clock that is a little late takes them. */
const BACKDATED_SECONDS = 300;

/** Handed out in place of the audience that was asked for; itself the wrong one only where it was not asked for. */
const WRONG_AUDIENCES = ["https://management.azure.com", "https://vault.azure.net"] as const;

/**
 * Issues the access tokens of the site's identities: JWTs in the shape of Entra ID's v1 tokens, one per identity and
 * resource, cached until a tenth of the lifetime (at most five minutes) is left (A6.5).
 * The signature is a real HS256 one with a key that nobody else has: storage emulators check shape, times, issuer and
 * audience, not the signature.
 */
export class TokenIssuer {
  readonly #service: Pick<AgentIdentity, "tenantId" | "tokenLifetimeSeconds">;
  readonly #nowMs: () => number;
  readonly #key = randomBytes(32);
  readonly #cache = new Map<string, IssuedToken>();

  constructor(
    service: Pick<AgentIdentity, "tenantId" | "tokenLifetimeSeconds">,
    nowMs: () => number = Date.now,
  ) {
    this.#service = service;
    this.#nowMs = nowMs;
  }

  /** Every token that is asked for from now on is a new one. */
  forget(): void {
    this.#cache.clear();
  }

  /** @param kind a bad one is made for the one request, and never cached. */
  tokenFor(resource: string, identity: AssignedIdentity, kind: RequestFaults["token"] = "good"): IssuedToken {
    const now = Math.floor(this.#nowMs() / 1000);
    const { tokenLifetimeSeconds: lifetime } = this.#service;
    if (kind === "expired") return this.#issue(resource, identity, { now, expiresOn: now - 60 });
    const expiresOn = now + lifetime;
    if (kind === "wrong audience") return this.#issue(wrongAudience(resource), identity, { now, expiresOn });
    const key = `${identity.clientId} ${resource}`;
    const cached = this.#cache.get(key);
    const reserveSeconds = Math.min(300, lifetime / 10);
    if (cached && cached.expiresOn - now > reserveSeconds) return cached;
    const issued = this.#issue(resource, identity, { now, expiresOn });
    this.#cache.set(key, issued);
    return issued;
  }

  #issue(
    audience: string,
    { kind, clientId, principalId, resourceId }: AssignedIdentity,
    { now, expiresOn }: { readonly now: number; readonly expiresOn: number },
  ): IssuedToken {
    const { tenantId } = this.#service;
    const notBefore = now - BACKDATED_SECONDS;
    const issuer = `https://sts.windows.net/${tenantId}/`;
    const claims = {
      aud: audience,
      iss: issuer,
      iat: notBefore,
      nbf: notBefore,
      exp: expiresOn,
      appid: clientId,
      appidacr: "2",
      idp: issuer,
      idtyp: "app",
      oid: principalId,
      sub: principalId,
      tid: tenantId,
      uti: randomUUID(),
      ver: "1.0",
      ...(kind === "user" && { xms_mirid: resourceId }),
    };
    const unsigned = `${encode({ typ: "JWT", alg: "HS256" })}.${encode(claims)}`;
    const signature = createHmac("sha256", this.#key).update(unsigned).digest("base64url");
    return { accessToken: `${unsigned}.${signature}`, notBefore, expiresOn };
  }
}

function wrongAudience(resource: string): string {
  return resource.startsWith(WRONG_AUDIENCES[0]) ? WRONG_AUDIENCES[1] : WRONG_AUDIENCES[0];
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}
