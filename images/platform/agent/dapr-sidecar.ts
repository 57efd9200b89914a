import type { AgentConfiguration, AgentDaprSidecar } from "../../../harness/platform/agent-protocol.ts";
import { DaprComponents } from "./dapr-components.ts";
import { watchDaprHealth } from "./dapr-health.ts";
import { watchDaprMetrics } from "./dapr-metrics.ts";
import { LocalHttp } from "./local-http.ts";
import { Pause } from "./pause.ts";
import type { Reporter } from "./report.ts";

/** The limit of one request to daprd; a daprd that is paused or stuck does not answer. */
const REQUEST_TIMEOUT_MS = 1000;

/** Everything that is watched of one daprd. */
export class DaprSidecarWatch {
  readonly #configuration: AgentConfiguration;
  readonly #sidecar: AgentDaprSidecar;
  readonly #reporter: Reporter;
  #metricsIntervalMs: number;
  readonly #pauses = { healthz: new Pause(), outbound: new Pause(), metrics: new Pause() };

  constructor(configuration: AgentConfiguration, sidecar: AgentDaprSidecar, reporter: Reporter) {
    this.#configuration = configuration;
    this.#sidecar = sidecar;
    this.#reporter = reporter;
    this.#metricsIntervalMs = configuration.metricsIntervalMs;
  }

  readMetricsEvery(intervalMs: number): void {
    this.#metricsIntervalMs = intervalMs;
    this.#pauses.metrics.end();
  }

  /** A listening socket came or went: asks at once instead of at the end of the interval. */
  portChanged(port: number): void {
    if (port === this.#sidecar.httpPort) {
      this.#pauses.healthz.end();
      this.#pauses.outbound.end();
    }
    if (port === this.#sidecar.metricsPort) this.#pauses.metrics.end();
  }

  async watch(signal: AbortSignal): Promise<void> {
    const { healthIntervalMs, healthyIntervalMs } = this.#configuration;
    const sidecar = this.#sidecar;
    const from = this.#configuration.tap?.ownAddress;
    const common = { sidecar, reporter: this.#reporter, signal };
    const connections = {
      healthz: client(sidecar.httpPort, { from }),
      outbound: client(sidecar.httpPort, { from }),
      metadata: client(sidecar.httpPort, { from, apiToken: sidecar.apiToken }),
      metrics: client(sidecar.metricsPort, { from }),
    };
    const components = new DaprComponents({ ...common, http: connections.metadata, healthyIntervalMs });
    const health = { ...common, intervalMs: healthIntervalMs, healthyIntervalMs };
    await Promise.all([
      watchDaprHealth({
        ...health,
        probe: "healthz",
        http: connections.healthz,
        pause: this.#pauses.healthz,
      }),
      watchDaprHealth({
        ...health,
        probe: "outbound",
        http: connections.outbound,
        pause: this.#pauses.outbound,
        onChange: (look) => components.outboundChanged(look),
      }),
      watchDaprMetrics({
        ...common,
        http: connections.metrics,
        intervalMs: () => this.#metricsIntervalMs,
        closedIntervalMs: healthyIntervalMs,
        pause: this.#pauses.metrics,
        onComponentsInitialised: () => components.lookAgain(),
      }),
      components.watch(),
    ]);
    for (const connection of Object.values(connections)) connection.close();
  }
}

function client(
  port: number,
  { from, apiToken }: { readonly from: string | undefined; readonly apiToken?: string | undefined },
): LocalHttp {
  const headers = apiToken === undefined ? {} : { "dapr-api-token": apiToken };
  const localAddress = from === undefined ? {} : { localAddress: from };
  return new LocalHttp({ port, timeoutMs: REQUEST_TIMEOUT_MS, headers, ...localAddress });
}
