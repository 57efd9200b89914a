import type { AgentConfiguration } from "../../../harness/platform/agent-protocol.ts";
import { DaprSidecarWatch } from "./dapr-sidecar.ts";
import { watchListeningPorts } from "./listening-ports.ts";
import type { Reporter } from "./report.ts";
import type { TakenPorts } from "./taken-ports.ts";

/** Docker's embedded DNS listens here in every container on a user-defined network. */
const ENGINE_DNS_ADDRESS = "127.0.0.11";

/** Watches ports and daprds until `signal` aborts. */
export async function observe(
  configuration: AgentConfiguration,
  {
    reporter,
    takenPorts,
    signal,
  }: { readonly reporter: Reporter; readonly takenPorts: TakenPorts; readonly signal: AbortSignal },
): Promise<void> {
  const { identity, daprSidecars, portsIntervalMs } = configuration;
  const watches = daprSidecars.map((sidecar) => new DaprSidecarWatch(configuration, sidecar, reporter));
  await Promise.all([
    watchListeningPorts({
      intervalMs: portsIntervalMs,
      reporter,
      signal,
      ignored: (socket) =>
        socket.address === ENGINE_DNS_ADDRESS ||
        (socket.address === identity?.address && socket.port === identity.port) ||
        takenPorts.has(socket),
      onChange: (port) => {
        for (const watch of watches) watch.portChanged(port);
      },
    }),
    ...watches.map((watch) => watch.watch(signal)),
  ]);
}
