import { Readable } from "node:stream";
import type { Engine } from "./engine/engine.ts";
import { engineError } from "./engine/engine-error.ts";
import { LABELS } from "./labels.ts";

/** What the engine says happened to a container of the run, at the engine's own time. */
export interface ContainerEvent {
  readonly label: string;
  readonly id: string;
  readonly wallMs: number;
  readonly action: "started" | "exited" | "paused" | "resumed" | "out-of-memory" | "killed";
  /** With `exited`. */
  readonly exitCode?: number;
  /** With `killed`: the signal's number as the engine gives it. */
  readonly signal?: string;
  /** With `out-of-memory` under an instance's limits: the process that the kernel killed. */
  readonly process?: string;
  /** With `process`: whose memory ran out. */
  readonly limit?: "container" | "plan" | "machine";
}

export interface WatchHandlers {
  readonly onEvent: (event: ContainerEvent) => void;
  /** The stream ended although nobody closed it: the engine is gone. */
  readonly onLost: (error: unknown) => void;
}

interface EngineMessage {
  readonly Action: string;
  readonly timeNano: number;
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> };
}

const ACTIONS: Readonly<Record<string, ContainerEvent["action"]>> = {
  start: "started",
  die: "exited",
  pause: "paused",
  unpause: "resumed",
  oom: "out-of-memory",
  kill: "killed",
};

/** The run's containers are made after this; an engine elsewhere may have another clock. */
const BEFORE_SECONDS = 60;

/** Follows the engine's events for one run until `close` is called. */
export async function watchContainers(
  engine: Engine,
  runId: string,
  handlers: WatchHandlers,
): Promise<{ close(): void }> {
  let stream: NodeJS.ReadableStream;
  try {
    stream = await engine.docker.getEvents({
      // The engine answers before it listens itself: on a busy machine what happens in between would be lost.
      since: Math.floor(Date.now() / 1000) - BEFORE_SECONDS,
      filters: { type: ["container"], label: [`${LABELS.run}=${runId}`] },
    });
  } catch (error) {
    throw engineError(error, "listen to the engine's events");
  }
  let closed = false;
  let partial = "";
  stream.on("data", (chunk: Buffer) => {
    const lines = (partial + chunk.toString()).split("\n");
    partial = lines.pop() ?? "";
    for (const line of lines) {
      if (line.trim() === "") continue;
      const message: EngineMessage = JSON.parse(line);
      const event = read(message);
      if (event !== undefined) handlers.onEvent(event);
    }
  });
  const lost = (error?: unknown): void => {
    if (closed) return;
    closed = true;
    handlers.onLost(engineError(error ?? new Error("socket hang up"), "listen to the engine's events"));
  };
  stream.on("error", lost);
  stream.on("end", () => lost());
  return {
    close() {
      closed = true;
      if (stream instanceof Readable) stream.destroy();
    },
  };
}

function read(message: EngineMessage): ContainerEvent | undefined {
  const action = ACTIONS[message.Action];
  const attributes = message.Actor.Attributes;
  const label = attributes[LABELS.container];
  if (action === undefined || label === undefined) return undefined;
  return {
    label,
    id: message.Actor.ID,
    action,
    wallMs: message.timeNano / 1e6,
    ...(attributes["exitCode"] === undefined ? {} : { exitCode: Number(attributes["exitCode"]) }),
    ...(attributes["signal"] === undefined ? {} : { signal: attributes["signal"] }),
  };
}
