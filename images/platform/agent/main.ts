import {
  AGENT_CONFIGURATION_VARIABLE,
  type AgentConfiguration,
} from "../../../harness/platform/agent-protocol.ts";
import { ClockConnections } from "./clock-connections.ts";
import { serveControl, type CommandHandlers } from "./control.ts";
import { IdentityService } from "./identity-service.ts";
import { prepareNamespace } from "./namespace.ts";
import { NamespaceFiles } from "./namespace-files.ts";
import { listeningOfSite, Observation } from "./observe.ts";
import { Reporter, writeLineToStandardOutput } from "./report.ts";
import { StoragePath } from "./storage/storage-path.ts";
import { TakenPorts } from "./taken-ports.ts";
import { Tap } from "./tap/tap.ts";
import { Trees } from "./trees.ts";

const reporter = new Reporter(writeLineToStandardOutput);
const takenPorts = new TakenPorts();

let tap: Tap | null = null;

// As PID 1 the agent gets no default signal handling. Every line is already written, but for what the tap has yet to tell.
process.on("SIGTERM", () => void leave());
process.on("SIGINT", () => void leave());

try {
  const configuration = readConfiguration();
  tap = configuration.tap && new Tap(configuration, reporter);
  const tapping = tap?.begin();
  // Whoever waits for it below has its failure.
  tapping?.catch(() => undefined);
  await prepareNamespace(
    [configuration.identity, configuration.storage].flatMap((part) => part?.address ?? []),
  );
  const identity = configuration.identity && new IdentityService(configuration.identity, reporter);
  const storage = configuration.storage && new StoragePath(configuration.storage, reporter);
  await Promise.all([identity?.listen(), storage?.start(), tapping]);
  process.on("uncaughtException", (error) => reporter.failure("agent", error.stack ?? error.message));
  const files = await NamespaceFiles.remember();
  const observation = new Observation(configuration, { reporter, takenPorts, onFailure: end });
  reporter.report({ type: "ready" });
  observation.begin();
  void control(configuration, { identity, storage, tap, files, observation });
} catch (error) {
  end(error);
}

interface Served {
  readonly identity: IdentityService | null;
  readonly storage: StoragePath | null;
  readonly tap: Tap | null;
  readonly files: NamespaceFiles;
  readonly observation: Observation;
}

async function leave(): Promise<void> {
  await tap?.end();
  process.exit(0);
}

function end(error: unknown): never {
  reporter.failure("agent", error instanceof Error ? error.message : String(error));
  process.exit(1);
}

/** Does what the harness asks for on standard input, as long as that is open. */
async function control(
  configuration: AgentConfiguration,
  { identity, storage, tap: wire, files, observation }: Served,
): Promise<void> {
  const trees = new Trees();
  const clocks = new ClockConnections();
  const served = (): IdentityService => {
    if (identity === null) throw new Error("the site has no identity");
    return identity;
  };
  const way = (): StoragePath => {
    if (storage === null) throw new Error("the site has no storage account");
    return storage;
  };
  const handlers: CommandHandlers = {
    "identity.fail": ({ fault, failure }) => served().fail(fault, failure),
    "identity.heal": ({ fault }) => served().heal(fault),
    "storage.gate": ({ open }) => way().gate(open),
    "storage.fail": ({ fault, failure }) => way().fail(fault, failure),
    "storage.heal": ({ fault }) => way().heal(fault),
    "storage.reset": () => way().reset(),
    "directories.make": async ({ directories }) => {
      for (const directory of directories) await trees.makeDirectory(directory);
    },
    "file.append": ({ file, text }) => trees.append(file, text),
    "trees.empty": () => trees.empty(),
    "namespace.reset": async () => {
      await observation.end();
      await takenPorts.releaseAll();
      const left = listeningOfSite(configuration).map(({ address, port }) => `${address} port ${port}`);
      if (left.length > 0) throw new Error(`still listening: ${left.join(", ")}`);
      await wire?.end();
      await identity?.reset();
      await storage?.reset();
      await files.restore();
    },
    "namespace.observe": async () => {
      await wire?.begin();
      reporter.report({ type: "ready" });
      observation.begin();
    },
    "metrics.interval": ({ intervalMs }) => observation.readMetricsEvery(intervalMs),
    "tap.flush": () => wire?.flush(),
    "tap.end": () => wire?.end(),
    "port.take": ({ key, hold }) => takenPorts.take(key, hold),
    "port.release": ({ key }) => takenPorts.release(key),
    "clock.ask": (question) => clocks.ask(question),
  };
  await serveControl(process.stdin, handlers, reporter);
}

function readConfiguration(): AgentConfiguration {
  const text = process.env[AGENT_CONFIGURATION_VARIABLE];
  if (text === undefined) throw new Error(`${AGENT_CONFIGURATION_VARIABLE} is not set`);
  const configuration: AgentConfiguration = JSON.parse(text);
  return configuration;
}
