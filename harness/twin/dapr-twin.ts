import { randomUUID } from "node:crypto";

import { SitecarError } from "../errors/index.ts";
import { errorAnswer, textAnswer, type TwinAnswer, type TwinRequest } from "./answer.ts";
import type { SidecarState } from "./api/call.ts";
import type { StoredBlob } from "./blob/stored-blob.ts";
import type { StorageFailure } from "./blob/twin-storage.ts";
import { LoadedComponents } from "./components.ts";
import { answerGrpc, type GrpcAnswer, type GrpcRequest } from "./grpc/grpc-call.ts";
import { GRPC_CODES } from "./grpc/grpc-failure.ts";
import { cleanPath } from "./go/path.ts";
import { notCovered } from "./not-covered.ts";
import { refuses, type TwinPhase } from "./phase.ts";
import { refuseInvocation } from "./refuse-invocation.ts";
import { matchRoute } from "./routes.ts";
import type { ResourceFile } from "./read-resources.ts";
import { readResiliencies } from "./resiliency.ts";
import type { Surroundings } from "./surroundings.ts";
import { traceHeaders, traceOf } from "./tracing.ts";
import { factsOf } from "./versions/versions.ts";

export interface DaprTwinOptions {
  /** What `--resources-path` holds; `readResources` reads it. */
  readonly files: readonly ResourceFile[];
  /** One of `TWIN_VERSIONS`. Default: the newest. */
  readonly version?: string;
  /** `--app-id`. Default `main`. */
  readonly appId?: string;
  /** `--app-port`. Default 9000; 0: daprd knows no app. */
  readonly appPort?: number;
  /** What daprd's `DAPR_API_TOKEN` holds. Default: none is asked for. */
  readonly apiToken?: string;
  /** Default `up`. */
  readonly phase?: TwinPhase;
  /** Default: the clock. */
  readonly now?: () => Date;
  /** Names of blobs without a name, and etags of states. Default: random. */
  readonly uuid?: () => string;
  /** Hears of every call when it is answered. */
  readonly onCall?: (call: TwinCall) => void;
  /** daprd's own environment, which `secretstores.local.env` gives away. Default: this process's. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** A call that the twin got. */
export interface TwinCall {
  /** Of HTTP, or `gRPC`. */
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** Of gRPC the message, as base64. */
  readonly body: string;
  /** Of HTTP, or gRPC's number: 0 is OK. `null`: refused, because of the phase. */
  readonly status: number | null;
}

const REFUSED = "refused";
const DEFAULT_APP_PORT = 9000;

/**
 * Answers HTTP requests as a daprd with the given component files does: a function of the request, of what was stored before
 * and of the phase. It opens no port and asks nobody.
 */
export class DaprTwin {
  readonly #state: SidecarState;
  readonly #apiToken: string;
  readonly #onCall: (call: TwinCall) => void;
  readonly #calls: TwinCall[] = [];
  readonly #refusals: SitecarError[] = [];
  #moved = Promise.withResolvers<void>();

  /** @throws {SitecarError} TWIN_NOT_STARTED, TWIN_NOT_COVERED */
  constructor(options: DaprTwinOptions) {
    const facts = factsOf(options.version);
    const appId = options.appId ?? "main";
    const appPort = options.appPort ?? DEFAULT_APP_PORT;
    const surroundings: Surroundings = {
      now: options.now ?? (() => new Date()),
      uuid: options.uuid ?? randomUUID,
      environment: options.environment ?? process.env,
    };
    this.#apiToken = options.apiToken ?? "";
    this.#onCall = options.onCall ?? (() => undefined);
    this.#state = {
      facts,
      appId,
      ...(appPort === 0 ? {} : { appPort }),
      components: new LoadedComponents(options.files, { facts, appId, surroundings }),
      resiliencies: readResiliencies(options.files, appId).map(({ name }) => name),
      surroundings,
      extendedMetadata: new Map(),
      phase: options.phase ?? "up",
    };
  }

  get version(): string {
    return this.#state.facts.version;
  }

  /** 0: daprd knows no app. */
  get appPort(): number {
    return this.#state.appPort ?? 0;
  }

  get components(): LoadedComponents {
    return this.#state.components;
  }

  get phase(): TwinPhase {
    return this.#state.phase;
  }

  /** Moves the twin on, or back. What a hung one has taken is answered as the new phase does. */
  set phase(phase: TwinPhase) {
    this.#state.phase = phase;
    this.#announce();
  }

  /** Resolves at the next change of the phase. */
  get moved(): Promise<void> {
    return this.#moved.promise;
  }

  /** Everything that was asked, the answered ones with their status; what hangs is not yet among them. */
  get calls(): readonly TwinCall[] {
    return this.#calls;
  }

  /** Calls that the twin could not answer as daprd does. */
  get refusals(): readonly SitecarError[] {
    return this.#refusals;
  }

  /**
   * The blobs that an output binding of blob storage has written and not deleted, by name.
   * @throws {SitecarError} BINDING_UNKNOWN
   */
  blobs(component: string): readonly StoredBlob[] {
    const container = this.components.blobsOf(component);
    if (container !== undefined) return container.list();
    const known = this.components.all.filter(({ name }) => this.components.blobsOf(name) !== undefined);
    throw new SitecarError("BINDING_UNKNOWN", {
      message: `the component files have no blob storage binding "${component}".`,
      observations: [{ label: "known", value: known.map(({ name }) => name).join(", ") || "none" }],
      remedy: "name one of the components of type bindings.azure.blobstorage.",
    });
  }

  /**
   * Storage answers every request with this status until {@link healStorage}, and does nothing of what it is asked. Statuses: 403,
   * 404, 500, 503.
   */
  failStorage(failure: StorageFailure): void {
    this.components.storage.failure = failure;
  }

  healStorage(): void {
    this.components.storage.failure = undefined;
  }

  /** Forgets blobs, states, metadata that were put, calls and refusals; storage is well and the twin up again. */
  reset(): void {
    this.components.clear();
    this.#state.extendedMetadata.clear();
    this.#calls.length = 0;
    this.#refusals.length = 0;
    this.phase = "up";
  }

  /** Waits while the twin is hung. A call that is not covered is answered with 501 and is then among {@link refusals}. */
  async respond(request: TwinRequest): Promise<TwinAnswer | typeof REFUSED> {
    while (this.phase === "hung") await this.moved;
    const answer = refuses(this.phase) ? REFUSED : this.#answerOrRefuse(request);
    this.#remember({
      method: request.method,
      target: request.target,
      body: Buffer.from(request.body).toString("utf8"),
      status: answer === REFUSED ? null : answer.status,
    });
    return answer;
  }

  /** The same over gRPC: calls that are not covered are answered with UNIMPLEMENTED. */
  async respondGrpc(request: GrpcRequest): Promise<GrpcAnswer | typeof REFUSED> {
    while (this.phase === "hung") await this.moved;
    const answer = refuses(this.phase) ? REFUSED : this.#answerGrpc(request);
    const isWell = answer !== REFUSED && !("failure" in answer);
    const failure = answer !== REFUSED && "failure" in answer ? GRPC_CODES[answer.failure.code] : null;
    this.#remember({
      method: "gRPC",
      target: request.path,
      body: Buffer.from(request.message).toString("base64"),
      status: isWell ? 0 : failure,
    });
    return answer;
  }

  #answerGrpc(request: GrpcRequest): GrpcAnswer {
    const before = this.phase;
    try {
      return answerGrpc(request, {
        sidecar: this.#state,
        apiToken: this.#apiToken,
        refuse: (error) => this.#refusals.push(error),
      });
    } finally {
      if (this.phase !== before) this.#announce();
    }
  }

  #remember(call: TwinCall): void {
    this.#calls.push(call);
    this.#onCall(call);
  }

  #answerOrRefuse(request: TwinRequest): TwinAnswer {
    const before = this.phase;
    try {
      return this.#answer(request);
    } catch (error) {
      if (!(error instanceof SitecarError)) throw error;
      this.#refusals.push(error);
      return errorAnswer({ status: 501, code: error.code, message: "%s" }, { parts: [error.message] });
    } finally {
      if (this.phase !== before) this.#announce();
    }
  }

  #answer(request: TwinRequest): TwinAnswer {
    const [escapedPath = "/", ...queries] = request.target.split("?");
    if (/%(?![\da-f]{2})/i.test(escapedPath)) return BAD_REQUEST;
    const isOfHealth = decodeURIComponentSafely(escapedPath).includes("/healthz");
    const trace = traceOf(request);
    const answer = this.#isAllowed(request, escapedPath)
      ? this.#route(request, cleanPath(escapedPath), new URLSearchParams(queries.join("?")))
      : textAnswer(401, "invalid api token");
    const headers = isOfHealth ? answer.headers : [...answer.headers, ...traceHeaders(trace)];
    return { ...answer, headers, body: request.method === "HEAD" ? new Uint8Array() : answer.body };
  }

  #isAllowed({ method, headers }: TwinRequest, escapedPath: string): boolean {
    if (this.#apiToken === "" || headers.get("dapr-api-token") === this.#apiToken) return true;
    const path = escapedPath.replaceAll(/^\/+|\/+$/g, "");
    return method === "GET" && (path === "v1.0/healthz" || path === "v1.0/healthz/outbound");
  }

  #route(request: TwinRequest, path: string, query: URLSearchParams): TwinAnswer {
    const route = matchRoute(request.method, path);
    if (route === undefined) {
      refuseInvocation(request, path);
      return errorAnswer(this.#state.facts.errors.noRoute);
    }
    const { parameters } = route;
    if (parameters === undefined) {
      throw notCovered({ what: `the path ${path}`, instead: "escape it as encodeURIComponent does." });
    }
    return route.handler({ request, parameters, query, trace: traceOf(request), sidecar: this.#state });
  }

  #announce(): void {
    const { resolve } = this.#moved;
    this.#moved = Promise.withResolvers<void>();
    resolve();
  }
}

/** Go's server itself, before daprd sees the request. */
const BAD_REQUEST: TwinAnswer = {
  status: 400,
  headers: [["Content-Type", "text/plain; charset=utf-8"]],
  body: Buffer.from("400 Bad Request"),
};

function decodeURIComponentSafely(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
