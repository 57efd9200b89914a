import { getRequestListener } from "@hono/node-server";
import { createApp } from "./app.ts";
import { blobCreator } from "./dapr.ts";
import { listenGracefully, type GracefulServer } from "./graceful-server.ts";
import { readSettings } from "./settings.ts";

/** Below the 5 s that App Service leaves between SIGTERM and SIGKILL (A7.1), so that the exit code is ours. */
const stopLimitMs = 4_000;

const print = (text: string): void => {
  process.stdout.write(`${new Date().toISOString()} ${text}\n`);
};

let running: GracefulServer | undefined;
// First of all: as PID 1 a process without a handler ignores SIGTERM.
process.once("SIGTERM", () => {
  print("SIGTERM received, stopping");
  void stopAndExit(running);
});

async function stopAndExit(server: GracefulServer | undefined): Promise<never> {
  const inTime = (await server?.stop(stopLimitMs)) ?? true;
  print(inTime ? "stopped" : `requests were still unanswered after ${stopLimitMs} ms and were cut`);
  process.exit(inTime ? 0 : 1);
}

try {
  const settings = readSettings(process.env);
  const createBlob = blobCreator(settings.dapr);
  if (settings.sendOnStart) {
    const time = new Date();
    await createBlob(`start_${time.getTime()}.txt`, time.toISOString());
    print("sent the start blob");
  }
  const answer = getRequestListener(createApp({ createBlob }).fetch);
  running = await listenGracefully((request, response) => void answer(request, response), settings.port);
  print(`listening on port ${settings.port}`);
} catch (error) {
  process.stderr.write(`the app could not start: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
}
