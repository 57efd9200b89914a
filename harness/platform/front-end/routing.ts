import type { FrontEndWorker } from "./front-end-site.ts";
import type { ClientScheme } from "./platform-headers.ts";

/** Where a request goes. */
export interface Route {
  readonly worker: FrontEndWorker;
  /** `Set-Cookie` values for the answer; none when the client already has the worker's cookie. */
  readonly cookies: readonly string[];
}

export interface RouterOptions {
  /** `clientAffinityEnabled`. */
  readonly affinity: boolean;
  readonly scheme: ClientScheme;
}

/** Round robin over the workers in rotation; with affinity, back to the one that the client's cookie names (A2.9). */
export class Router {
  readonly #options: RouterOptions;
  #last: string | undefined;

  constructor(options: RouterOptions) {
    this.#options = options;
  }

  /** `undefined`: no worker is in rotation. */
  route(workers: readonly FrontEndWorker[], cookieHeader: string | undefined): Route | undefined {
    if (this.#options.affinity) {
      const wanted = affinityValues(cookieHeader);
      const bound = workers.find(({ instanceId }) => wanted.includes(instanceId));
      if (bound !== undefined) return { worker: bound, cookies: [] };
    }
    const worker = this.#next(workers);
    if (worker === undefined) return undefined;
    return { worker, cookies: this.#options.affinity ? affinityCookies(worker, this.#options.scheme) : [] };
  }

  /** The worker after the last one; after a change of the list its order may begin anew. */
  #next(workers: readonly FrontEndWorker[]): FrontEndWorker | undefined {
    const last = workers.findIndex(({ instanceId }) => instanceId === this.#last);
    const next = workers[(last + 1) % workers.length];
    this.#last = next?.instanceId;
    return next;
  }
}

/** A client can hold several: one for a parent domain beside its own. */
function affinityValues(cookieHeader: string | undefined): readonly string[] {
  return (cookieHeader ?? "")
    .split(";")
    .map((cookie) => /^\s*ARRAffinity(?:SameSite)?=([0-9a-f]+)\s*$/i.exec(cookie)?.[1])
    .filter((value) => value !== undefined);
}

/** Without `Domain`: a local client takes the cookie for the host it asked. The second needs TLS, so it comes with it. */
function affinityCookies({ instanceId }: FrontEndWorker, scheme: ClientScheme): readonly string[] {
  if (scheme === "http") return [`ARRAffinity=${instanceId};Path=/;HttpOnly`];
  return [
    `ARRAffinity=${instanceId};Path=/;HttpOnly;Secure`,
    `ARRAffinitySameSite=${instanceId};Path=/;HttpOnly;SameSite=None;Secure`,
  ];
}
