import type { AgentConfiguration } from "../../../harness/platform/agent-protocol.ts";
import { DaprSidecarWatch } from "./dapr-sidecar.ts";
import { listeningSockets, watchListeningPorts } from "./listening-ports.ts";
import type { Reporter } from "./report.ts";
import type { ListeningSocket } from "./socket-table.ts";
import type { TakenPorts } from "./taken-ports.ts";

/** Docker's embedded DNS listens here in every container on a user-defined network. */
const ENGINE_DNS_ADDRESS = "127.0.0.11";

interface ObserveParts {
  readonly reporter: Reporter;
  readonly takenPorts: TakenPorts;
  readonly watches: readonly DaprSidecarWatch[];
  readonly signal: AbortSignal;
}

/** Watches ports and daprds until `signal` aborts. */
export async function observe(
  configuration: AgentConfiguration,
  { reporter, takenPorts, watches, signal }: ObserveParts,
): Promise<void> {
  await Promise.all([
    watchListeningPorts({
      intervalMs: configuration.portsIntervalMs,
      reporter,
      signal,
      ignored: (socket) => isOurs(socket, configuration) || takenPorts.has(socket),
      onChange: (port) => {
        for (const watch of watches) watch.portChanged(port);
      },
    }),
    ...watches.map((watch) => watch.watch(signal)),
  ]);
}

/** Sockets of the site that listen now. */
export function listeningOfSite(configuration: AgentConfiguration): readonly ListeningSocket[] {
  return listeningSockets().filter((socket) => !isOurs(socket, configuration));
}

/** The harness's or the engine's own. */
function isOurs({ address, port }: ListeningSocket, { identity, storage }: AgentConfiguration): boolean {
  return (
    address === ENGINE_DNS_ADDRESS ||
    address === storage?.address ||
    (address === identity?.address && port === identity.port)
  );
}

/** What an observation reports with, and what it leaves out. */
export interface ObservationParts {
  readonly reporter: Reporter;
  readonly takenPorts: TakenPorts;
  /** Called when it can't go on. */
  readonly onFailure: (error: unknown) => void;
}

/** The observation of the moment. It can be begun anew, as if nothing had been seen before. */
export class Observation {
  readonly #configuration: AgentConfiguration;
  readonly #parts: ObservationParts;
  #watches: readonly DaprSidecarWatch[] = [];
  #stop = new AbortController();
  #going: Promise<void> = Promise.resolve();

  constructor(configuration: AgentConfiguration, parts: ObservationParts) {
    this.#configuration = configuration;
    this.#parts = parts;
  }

  begin(): void {
    const { reporter, takenPorts, onFailure } = this.#parts;
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    const watches = this.#configuration.daprSidecars.map(
      (sidecar) => new DaprSidecarWatch(this.#configuration, sidecar, reporter),
    );
    this.#watches = watches;
    this.#going = observe(this.#configuration, { reporter, takenPorts, watches, signal }).catch(onFailure);
  }

  /** Until it is begun anew. */
  readMetricsEvery(intervalMs: number): void {
    for (const watch of this.#watches) watch.readMetricsEvery(intervalMs);
  }

  /** Resolves when the last report of what went on before has been written. */
  async end(): Promise<void> {
    this.#stop.abort();
    await this.#going;
    this.#parts.reporter.forgetFailures();
  }
}
