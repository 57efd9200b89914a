import { Agent, request } from "node:http";
import { SitecarError } from "../errors/index.ts";
import { Deadline } from "../shared/clock.ts";
import { parseDaprMetadata, type DaprMetadata } from "./dapr-metadata.ts";
import { DaprMetrics, type InputBindingCount } from "./dapr-metrics.ts";
import { parsePrometheusText } from "./prometheus-text.ts";

export interface DaprReaderOptions {
  /** daprd's HTTP API, for example `http://127.0.0.1:32768`. */
  readonly httpOrigin: string;
  /** daprd's metrics. They answer already while components are initialised, when the API does not (daprd.md §1). */
  readonly metricsOrigin: string;
  /** `DAPR_API_TOKEN` of the sidecar, if it has one; health needs none. */
  readonly apiToken?: string;
  /** Limit of each request. Default 10,000: the last look asks once, and a daprd on a busy machine is none that does not answer. */
  readonly requestLimitMs?: number;
}

/** One question and what came back; no answer is an observation too. */
export type HttpObservation =
  | { readonly status: number; readonly body: string }
  /** `reason`: for example `ECONNREFUSED`, or that the limit passed. */
  | { readonly status: null; readonly reason: string };

interface CallOptions {
  readonly signal?: AbortSignal;
}

/** Reads a daprd from outside: health, metadata, metrics. Every question is asked once, with a limit. */
export class DaprReader {
  readonly #options: DaprReaderOptions;
  // An agent of our own: the environment's proxy, which Node may put on the global one, is not for 127.0.0.1.
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 4 });

  constructor(options: DaprReaderOptions) {
    this.#options = options;
  }

  /**
   * `GET /v1.0/healthz`: 500 until the app's port was found, then 204, and 204 for ever, even if the app dies
   * (daprd.md §1). Never rejects.
   */
  async health(options: CallOptions = {}): Promise<HttpObservation> {
    return await this.#ask(`${this.#options.httpOrigin}/v1.0/healthz`, options);
  }

  /** `GET /v1.0/healthz/outbound`: 204 as soon as the API serves output bindings. Never rejects. */
  async outboundHealth(options: CallOptions = {}): Promise<HttpObservation> {
    return await this.#ask(`${this.#options.httpOrigin}/v1.0/healthz/outbound`, options);
  }

  /** @throws {SitecarError} DAPR_UNREADABLE */
  async metadata(options: CallOptions = {}): Promise<DaprMetadata> {
    return await this.#read(
      `${this.#options.httpOrigin}/v1.0/metadata`,
      "GET /v1.0/metadata",
      parseDaprMetadata,
      options,
    );
  }

  /** @throws {SitecarError} DAPR_UNREADABLE */
  async metrics(options: CallOptions = {}): Promise<DaprMetrics> {
    return await this.#read(
      `${this.#options.metricsOrigin}/metrics`,
      "GET /metrics",
      (text) => new DaprMetrics(parsePrometheusText(text)),
      options,
    );
  }

  /** How often the component called the app since daprd began. @throws {SitecarError} DAPR_UNREADABLE */
  async inputBindingCount(component: string, options: CallOptions = {}): Promise<InputBindingCount> {
    return (await this.metrics(options)).inputBindingCount(component);
  }

  /** Closes the connections that are kept alive. Afterwards the reader may still be used. */
  close(): void {
    this.#agent.destroy();
  }

  async #read<T>(
    url: string,
    question: string,
    parse: (text: string) => T,
    options: CallOptions,
  ): Promise<T> {
    const answer = await this.#ask(url, options);
    if (answer.status === 200) {
      try {
        return parse(answer.body);
      } catch (error) {
        throw unreadable(question, url, error instanceof Error ? error.message : String(error), error);
      }
    }
    const seen = answer.status === null ? `none: ${answer.reason}` : `${answer.status} ${answer.body}`;
    throw unreadable(question, url, seen);
  }

  #ask(url: string, { signal }: CallOptions): Promise<HttpObservation> {
    const limitMs = this.#options.requestLimitMs ?? 10_000;
    const limit = Deadline.in(limitMs).signal();
    const { apiToken } = this.#options;
    return new Promise((resolve) => {
      const failed = (error: Error): void => {
        const code = "code" in error && typeof error.code === "string" ? error.code : error.message;
        resolve({ status: null, reason: limit.aborted ? `no answer within ${limitMs / 1000} s` : code });
      };
      const call = request(
        url,
        {
          agent: this.#agent,
          signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
          headers: apiToken === undefined ? {} : { "dapr-api-token": apiToken },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("error", failed);
          response.on("end", () =>
            resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") }),
          );
        },
      );
      call.on("error", failed);
      call.end();
    });
  }
}

function unreadable(question: string, url: string, answer: string, cause?: unknown): SitecarError {
  return new SitecarError("DAPR_UNREADABLE", {
    message: `daprd gave no readable answer to ${question}.`,
    observations: [
      { label: "asked", value: url },
      { label: "answer", value: answer },
    ],
    remedy:
      "see whether daprd runs (its output is in the run's folder); during component init only its metrics answer.",
    cause,
  });
}
