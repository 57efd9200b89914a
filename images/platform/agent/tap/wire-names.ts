import type { WireEnd } from "../../../../harness/timeline/exchange.ts";
import type { Endpoint } from "./segment.ts";

/** The identity service, and what the harness itself asks. */
const PLATFORM = "platform";

export interface WireNamesOptions {
  /** The site's containers. */
  readonly containers: readonly string[];
  /** Which of them is to listen on a port, by the plan. */
  readonly ports: Readonly<Record<string, string>>;
  /** `null`: the site has none. */
  readonly identity: Endpoint | null;
}

/** Says whose the ends of a connection are. */
export class WireNames {
  readonly #options: WireNamesOptions;

  constructor(options: WireNamesOptions) {
    this.#options = options;
  }

  /** Something of the site or of the platform listens on this port. */
  listensOn(port: number): boolean {
    return port === this.#options.identity?.port || Object.hasOwn(this.#options.ports, port);
  }

  /** The end that listens. */
  listener({ address, port }: Endpoint): WireEnd {
    const { identity, ports } = this.#options;
    const container =
      identity !== null && address === identity.address && port === identity.port ? PLATFORM : ports[port];
    return { ...(container === undefined ? {} : { container }), address, port };
  }

  /**
   * The end that asks: where it can be but one other container, that one. Nothing in a namespace tells from outside a container
   * whose a socket is.
   */
  asker({ address, port }: Endpoint, { container: listener }: WireEnd): WireEnd {
    const [only, ...more] = this.#options.containers.filter((name) => name !== listener);
    const known = only !== undefined && more.length === 0;
    return { ...(known ? { container: only } : {}), address, port };
  }
}
