import { createInterface } from "node:readline";
import type {
  AgentCommand,
  AgentRequest,
  ClockAnswer,
  ClockQuestion,
} from "../../../harness/platform/agent-protocol.ts";
import type { Reporter } from "./report.ts";

/** What is done one after the other. */
type OrderedCommand = Exclude<AgentCommand, ClockQuestion>;

/** What the agent does when it is asked; each resolves when it is done. */
export type CommandHandlers = {
  readonly [Type in OrderedCommand["type"]]: (
    command: Extract<OrderedCommand, { readonly type: Type }>,
  ) => void | Promise<void>;
} & { readonly "clock.ask": (question: ClockQuestion) => Promise<ClockAnswer> };

/**
 * Reads requests, one JSON line each, until the input ends, and answers each with a report. One is done after the other,
 * so that what was asked first has happened first; only a clock may answer when it likes.
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
    if (request.type === "clock.ask") void askClock({ ...request }, handlers, reporter);
    else reporter.report({ type: "answer", id: request.id, error: await run(request, handlers) });
  }
}

/** As long as it takes: an app may have to answer first. */
async function askClock(
  { id, ...question }: { readonly id: number } & ClockQuestion,
  handlers: CommandHandlers,
  reporter: Reporter,
): Promise<void> {
  const value = await handlers["clock.ask"](question);
  reporter.report({ type: "answer", id, error: null, value });
}

/** @returns why it could not be done; `null`: it is done. */
async function run(
  request: { readonly id: number } & OrderedCommand,
  handlers: CommandHandlers,
): Promise<string | null> {
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
      case "metrics.interval":
        await handlers["metrics.interval"](request);
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
