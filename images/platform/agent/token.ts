import { createHmac, randomBytes, randomUUID } from "node:crypto";
import type { AgentIdentity } from "../../../harness/platform/agent-protocol.ts";

/** A token as it is cached: the JWT and its times in Unix seconds. */
export interface IssuedToken {
  readonly accessToken: string;
  readonly notBefore: number;
  readonly expiresOn: number;
}

/** Entra ID dates tokens back by five minutes, so that a clock that is a little late takes them. */
const BACKDATED_SECONDS = 300;

/**
 * Issues the access tokens of the site's identity: JWTs in the shape of Entra ID's v1 tokens, one per resource,
 * cached until a tenth of the lifetime (at most five minutes) is left (A6.5).
 * The signature is a real HS256 one with a key that nobody else has: storage emulators check shape, times, issuer and
 * audience, not the signature.
 */
export class TokenIssuer {
  readonly #identity: AgentIdentity;
  readonly #nowMs: () => number;
  readonly #key = randomBytes(32);
  readonly #cache = new Map<string, IssuedToken>();

  constructor(identity: AgentIdentity, nowMs: () => number = Date.now) {
    this.#identity = identity;
    this.#nowMs = nowMs;
  }

  tokenFor(resource: string): IssuedToken {
    const now = Math.floor(this.#nowMs() / 1000);
    const cached = this.#cache.get(resource);
    const reserveSeconds = Math.min(300, this.#identity.tokenLifetimeSeconds / 10);
    if (cached && cached.expiresOn - now > reserveSeconds) return cached;
    const issued = this.#issue(resource, now);
    this.#cache.set(resource, issued);
    return issued;
  }

  #issue(resource: string, now: number): IssuedToken {
    const { tenantId, clientId, principalId, tokenLifetimeSeconds } = this.#identity;
    const notBefore = now - BACKDATED_SECONDS;
    const expiresOn = now + tokenLifetimeSeconds;
    const issuer = `https://sts.windows.net/${tenantId}/`;
    const claims = {
      aud: resource,
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
    };
    const unsigned = `${encode({ typ: "JWT", alg: "HS256" })}.${encode(claims)}`;
    const signature = createHmac("sha256", this.#key).update(unsigned).digest("base64url");
    return { accessToken: `${unsigned}.${signature}`, notBefore, expiresOn };
  }
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}
