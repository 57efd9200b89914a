import {
  AGENT_CONFIGURATION_VARIABLE,
  type AgentConfiguration,
} from "../../../harness/platform/agent-protocol.ts";
import { serveControl, type CommandHandlers } from "./control.ts";
import { IdentityService } from "./identity-service.ts";
import { prepareNamespace } from "./namespace.ts";
import { observe } from "./observe.ts";
import { Reporter, writeLineToStandardOutput } from "./report.ts";
import { StoragePath } from "./storage/storage-path.ts";
import { Trees } from "./trees.ts";

const reporter = new Reporter(writeLineToStandardOutput);

// As PID 1 the agent gets no default signal handling. It has nothing to finish: every line is already written.
process.on("SIGTERM", () => process.exit(0));
process.on("SIGINT", () => process.exit(0));

try {
  const configuration = readConfiguration();
  await prepareNamespace(
    [configuration.identity, configuration.storage].flatMap((part) => part?.address ?? []),
  );
  const identity = configuration.identity && new IdentityService(configuration.identity, reporter);
  const storage = configuration.storage && new StoragePath(configuration.storage, reporter);
  await Promise.all([identity?.listen(), storage?.start()]);
  process.on("uncaughtException", (error) => reporter.failure("agent", error.stack ?? error.message));
  reporter.report({ type: "ready" });
  void control(identity, storage);
  await observe(configuration, reporter, new AbortController().signal);
} catch (error) {
  reporter.failure("agent", error instanceof Error ? error.message : String(error));
  process.exit(1);
}

/** Does what the harness asks for on standard input, as long as that is open. */
async function control(identity: IdentityService | null, storage: StoragePath | null): Promise<void> {
  const trees = new Trees();
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
  };
  await serveControl(process.stdin, handlers, reporter);
}

function readConfiguration(): AgentConfiguration {
  const text = process.env[AGENT_CONFIGURATION_VARIABLE];
  if (text === undefined) throw new Error(`${AGENT_CONFIGURATION_VARIABLE} is not set`);
  const configuration: AgentConfiguration = JSON.parse(text);
  return configuration;
}
