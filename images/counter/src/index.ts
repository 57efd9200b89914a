import { createServer } from "node:http";
import { createClient } from "@redis/client";
import { readSettings } from "./settings.ts";

const RECONNECT_MS = 100;

const print = (text: string): void => {
  process.stdout.write(`${new Date().toISOString()} ${text}\n`);
};

// First of all: as PID 1 a process without a handler ignores SIGTERM.
process.once("SIGTERM", () => {
  print("SIGTERM received, stopping");
  process.exit(0);
});

try {
  const { port, cacheUrl, cacheRequired } = readSettings(process.env);
  const cache = createClient({
    url: cacheUrl,
    // A request is answered at once, also while the cache is away.
    disableOfflineQueue: true,
    socket: { reconnectStrategy: () => (cacheRequired ? false : RECONNECT_MS) },
  });
  // Without a listener the client's errors would end the process.
  cache.on("error", (error: Error) => print(`cache: ${error.message}`));
  const connected = cache.connect();
  if (cacheRequired) await connected;
  else connected.catch(() => undefined); // it goes on trying, and says so

  createServer(({ url }, response) => {
    // The platform's pings are no visits.
    if (url !== "/") {
      response.statusCode = url === "/health" ? 200 : 404;
      response.end();
      return;
    }
    cache.incr("visits").then(
      (visits) => response.end(JSON.stringify({ visits })),
      (error: unknown) => {
        response.statusCode = 503;
        response.end(JSON.stringify({ error: error instanceof Error ? error.message : String(error) }));
      },
    );
  }).listen(port, "0.0.0.0", () => print(`listening on port ${port}`));
} catch (error) {
  process.stderr.write(`the app could not start: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
}
