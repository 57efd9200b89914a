import {
  AGENT_CONFIGURATION_VARIABLE,
  type AgentConfiguration,
} from "../../../harness/platform/agent-protocol.ts";
import { serveControl, type CommandHandlers } from "./control.ts";
import { IdentityService } from "./identity-service.ts";
import { prepareNamespace } from "./namespace.ts";
import { observe } from "./observe.ts";
import { Reporter, writeLineToStandardOutput } from "./report.ts";
import { TakenPorts } from "./taken-ports.ts";
import { Trees } from "./trees.ts";

const reporter = new Reporter(writeLineToStandardOutput);
const takenPorts = new TakenPorts();

// As PID 1 the agent gets no default signal handling. It has nothing to finish: every line is already written.
process.on("SIGTERM", () => process.exit(0));
process.on("SIGINT", () => process.exit(0));

try {
  const configuration = readConfiguration();
  await prepareNamespace(configuration.identity?.address ?? null);
  const identity = configuration.identity && new IdentityService(configuration.identity, reporter);
  await identity?.listen();
  process.on("uncaughtException", (error) => reporter.failure("agent", error.stack ?? error.message));
  reporter.report({ type: "ready" });
  void control(identity);
  await observe(configuration, { reporter, takenPorts, signal: new AbortController().signal });
} catch (error) {
  reporter.failure("agent", error instanceof Error ? error.message : String(error));
  process.exit(1);
}

/** Does what the harness asks for on standard input, as long as that is open. */
async function control(identity: IdentityService | null): Promise<void> {
  const trees = new Trees();
  const served = (): IdentityService => {
    if (identity === null) throw new Error("the site has no identity");
    return identity;
  };
  const handlers: CommandHandlers = {
    "identity.fail": ({ fault, failure }) => served().fail(fault, failure),
    "identity.heal": ({ fault }) => served().heal(fault),
    "directories.make": async ({ directories }) => {
      for (const directory of directories) await trees.makeDirectory(directory);
    },
    "file.append": ({ file, text }) => trees.append(file, text),
    "port.take": ({ key, hold }) => takenPorts.take(key, hold),
    "port.release": ({ key }) => takenPorts.release(key),
  };
  await serveControl(process.stdin, handlers, reporter);
}

function readConfiguration(): AgentConfiguration {
  const text = process.env[AGENT_CONFIGURATION_VARIABLE];
  if (text === undefined) throw new Error(`${AGENT_CONFIGURATION_VARIABLE} is not set`);
  const configuration: AgentConfiguration = JSON.parse(text);
  return configuration;
}
