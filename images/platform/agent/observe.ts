import type { AgentConfiguration } from "../../../harness/platform/agent-protocol.ts";
import { DaprSidecarWatch } from "./dapr-sidecar.ts";
import { watchListeningPorts } from "./listening-ports.ts";
import type { Reporter } from "./report.ts";

/** Docker's embedded DNS listens here in every container on a user-defined network. */
const ENGINE_DNS_ADDRESS = "127.0.0.11";

/** Watches ports and daprds until `signal` aborts. */
export async function observe(
  configuration: AgentConfiguration,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<void> {
  const { identity, storage, daprSidecars, portsIntervalMs } = configuration;
  const watches = daprSidecars.map((sidecar) => new DaprSidecarWatch(configuration, sidecar, reporter));
  await Promise.all([
    watchListeningPorts({
      intervalMs: portsIntervalMs,
      reporter,
      signal,
      ignored: ({ address, port }) =>
        address === ENGINE_DNS_ADDRESS ||
        address === storage?.address ||
        (address === identity?.address && port === identity.port),
      onChange: (port) => {
        for (const watch of watches) watch.portChanged(port);
      },
    }),
    ...watches.map((watch) => watch.watch(signal)),
  ]);
}
