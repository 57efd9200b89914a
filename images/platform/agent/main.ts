import {
  AGENT_CONFIGURATION_VARIABLE,
  type AgentConfiguration,
} from "../../../harness/platform/agent-protocol.ts";
import { serveIdentity } from "./identity-service.ts";
import { prepareNamespace } from "./namespace.ts";
import { observe } from "./observe.ts";
import { Reporter, writeLineToStandardOutput } from "./report.ts";

const reporter = new Reporter(writeLineToStandardOutput);

// As PID 1 the agent gets no default signal handling. It has nothing to finish: every line is already written.
process.on("SIGTERM", () => process.exit(0));
process.on("SIGINT", () => process.exit(0));

try {
  const configuration = readConfiguration();
  await prepareNamespace(configuration.identity?.address ?? null);
  if (configuration.identity) await serveIdentity(configuration.identity, reporter);
  process.on("uncaughtException", (error) => reporter.failure("agent", error.stack ?? error.message));
  reporter.report({ type: "ready" });
  await observe(configuration, reporter, new AbortController().signal);
} catch (error) {
  reporter.failure("agent", error instanceof Error ? error.message : String(error));
  process.exit(1);
}

function readConfiguration(): AgentConfiguration {
  const text = process.env[AGENT_CONFIGURATION_VARIABLE];
  if (text === undefined) throw new Error(`${AGENT_CONFIGURATION_VARIABLE} is not set`);
  const configuration: AgentConfiguration = JSON.parse(text);
  return configuration;
}
