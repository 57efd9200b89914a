import { createInterface } from "node:readline";
import type { AgentCommand, AgentRequest } from "../../../harness/platform/agent-protocol.ts";
import type { Reporter } from "./report.ts";

/** What the agent does when it is asked; each resolves when it is done. */
export type CommandHandlers = {
  readonly [Type in AgentCommand["type"]]: (
    command: Extract<AgentCommand, { readonly type: Type }>,
  ) => void | Promise<void>;
};

/**
 * Reads requests, one JSON line each, until the input ends, and answers each with a report. One is done after the other,
 * so that what was asked first has happened first.
 */
export async function serveControl(
  input: NodeJS.ReadableStream,
  handlers: CommandHandlers,
  reporter: Reporter,
): Promise<void> {
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    if (line.trim() === "") continue;
    let request: AgentRequest;
    try {
      request = JSON.parse(line);
    } catch {
      reporter.failure("control", `unreadable request: ${line.slice(0, 500)}`);
      continue;
    }
    const error = await run(request, handlers);
    reporter.report({ type: "answer", id: request.id, error });
  }
}

/** @returns why it could not be done; `null`: it is done. */
async function run(request: AgentRequest, handlers: CommandHandlers): Promise<string | null> {
  try {
    switch (request.type) {
      case "identity.fail":
        await handlers["identity.fail"](request);
        return null;
      case "identity.heal":
        await handlers["identity.heal"](request);
        return null;
      case "storage.gate":
        await handlers["storage.gate"](request);
        return null;
      case "storage.fail":
        await handlers["storage.fail"](request);
        return null;
      case "storage.heal":
        await handlers["storage.heal"](request);
        return null;
      case "storage.reset":
        await handlers["storage.reset"](request);
        return null;
      case "directories.make":
        await handlers["directories.make"](request);
        return null;
      case "file.append":
        await handlers["file.append"](request);
        return null;
      case "trees.empty":
        await handlers["trees.empty"](request);
        return null;
      case "namespace.reset":
        await handlers["namespace.reset"](request);
        return null;
      case "namespace.observe":
        await handlers["namespace.observe"](request);
        return null;
      case "tap.flush":
        await handlers["tap.flush"](request);
        return null;
      case "tap.end":
        await handlers["tap.end"](request);
        return null;
      case "port.take":
        await handlers["port.take"](request);
        return null;
      case "port.release":
        await handlers["port.release"](request);
        return null;
      default:
        request satisfies never;
        return `not a request that this version's agent knows: ${JSON.stringify(request)}`;
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
