import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";

import { SitecarError } from "../../errors/index.ts";
import type { DaprTwin } from "../dapr-twin.ts";
import { TWIN_PHASES, type TwinPhase } from "../phase.ts";
import { tick } from "../tick/tick.ts";
import { listen, portOf } from "./listen.ts";
import type { ServedTwin } from "./serve-twin.ts";

export interface ControlOptions {
  /** 0: a free one. */
  readonly port: number;
  /** Where the app listens, for ticks. */
  readonly appUrl: string;
  readonly resources: readonly string[];
  /** daprd's `APP_API_TOKEN`. */
  readonly appApiToken?: string;
}

export interface TwinControl extends AsyncDisposable {
  readonly port: number;
}

/** What a control request came to. */
interface ControlAnswer {
  readonly status: number;
  readonly body: unknown;
}

/**
 * What tests in another language do with a twin, over HTTP and as JSON: `GET /` (phase, calls, what was not covered), `PUT /phase`,
 * `PUT /storage`, `POST /tick/{binding}`, `GET /blobs/{component}`, `POST /reset`.
 * @throws {SitecarError} PORT_TAKEN, USAGE.
 */
export async function serveControl(served: ServedTwin, options: ControlOptions): Promise<TwinControl> {
  const control = new Control(served, options);
  const server = createServer((request, response) => void control.handle(request, response));
  await listen(server, { port: options.port, host: "127.0.0.1" });
  return {
    port: portOf(server),
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

class Control {
  readonly #served: ServedTwin;
  readonly #options: ControlOptions;

  constructor(served: ServedTwin, options: ControlOptions) {
    this.#served = served;
    this.#options = options;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, body } = await this.#answerOrRefuse(request);
    response.writeHead(status, { "content-type": "application/json" });
    response.end(`${JSON.stringify(body, undefined, 2)}\n`);
  }

  async #answerOrRefuse(request: IncomingMessage): Promise<ControlAnswer> {
    try {
      return await this.#answer(`${request.method} ${request.url}`, await text(request));
    } catch (error) {
      if (!(error instanceof SitecarError)) throw error;
      return { status: 400, body: { code: error.code, message: error.message } };
    }
  }

  async #answer(asked: string, sent: string): Promise<ControlAnswer> {
    const { twin } = this.#served;
    const [, binding] = /^POST \/tick\/([^/?]+)$/.exec(asked) ?? [];
    if (binding !== undefined) return { status: 200, body: await this.#tick(decodeURIComponent(binding)) };
    const [, component] = /^GET \/blobs\/([^/?]+)$/.exec(asked) ?? [];
    if (component !== undefined) return { status: 200, body: this.#blobs(decodeURIComponent(component)) };
    switch (asked) {
      case "GET /":
        return { status: 200, body: this.#describe() };
      case "PUT /phase":
        twin.phase = phaseOf(sent.trim());
        await this.#served.settled();
        return { status: 200, body: this.#describe() };
      case "PUT /storage":
        setStorage(twin, sent);
        return { status: 200, body: this.#describe() };
      case "POST /reset":
        twin.reset();
        await this.#served.settled();
        return { status: 200, body: this.#describe() };
      default:
        throw new SitecarError("USAGE", {
          message: `the control port knows no ${asked}.`,
          remedy:
            "use GET /, PUT /phase, PUT /storage, POST /tick/{binding}, GET /blobs/{component} or POST /reset.",
        });
    }
  }

  #describe(): unknown {
    const { twin } = this.#served;
    return {
      version: twin.version,
      phase: twin.phase,
      storage: twin.components.storage.failure ?? null,
      calls: twin.calls,
      notCovered: twin.refusals.map(({ message }) => message),
    };
  }

  #tick(binding: string): Promise<unknown> {
    const { appUrl, resources, appApiToken } = this.#options;
    return tick(appUrl, binding, {
      resources,
      version: this.#served.twin.version,
      ...(appApiToken === undefined ? {} : { appApiToken }),
    });
  }

  #blobs(component: string): unknown {
    return this.#served.twin.blobs(component).map(({ content, ...blob }) => ({
      ...blob,
      size: content.length,
      text: content.toString("utf8"),
      base64: content.toString("base64"),
    }));
  }
}

/** `{"status": 403}`, or `null` for a storage that is well. */
function setStorage(twin: DaprTwin, sent: string): void {
  const stated = parsed(sent);
  const status =
    typeof stated === "object" && stated !== null && "status" in stated ? stated.status : undefined;
  if (stated === null) twin.healStorage();
  else if (typeof status === "number") twin.failStorage({ status });
  else {
    throw new SitecarError("USAGE", {
      message: "storage is to fail in a way that is not said.",
      remedy: 'send {"status": 403} (or 404, 500, 503), or null for a storage that is well.',
    });
  }
}

function parsed(sent: string): unknown {
  try {
    return JSON.parse(sent);
  } catch {
    return undefined;
  }
}

function phaseOf(sent: string): TwinPhase {
  const phase = TWIN_PHASES.find((one) => one === sent);
  if (phase !== undefined) return phase;
  throw new SitecarError("USAGE", {
    message: `"${sent}" is no phase of the twin.`,
    remedy: `send one of: ${TWIN_PHASES.join(", ")}.`,
  });
}
