import { once } from "node:events";
import { createServer } from "node:http";
import { print } from "./print.ts";

/** Below the 5 s that App Service leaves (A7.1): what hangs for longer is cut, so that the end is the app's own. */
const FINISH_WITHIN_MS = 3_000;

/** @returns the status to answer with. */
export type Handler = () => Promise<number> | number;

export interface Serving {
  /** By `METHOD /path`; what is not there is answered 404. */
  readonly routes: ReadonlyMap<string, Handler>;
}

/** As most frameworks register a route that has to be asked for by OPTIONS too. */
export function route(path: string, handler: Handler): readonly (readonly [string, Handler])[] {
  return [
    [`POST ${path}`, handler],
    [`OPTIONS ${path}`, () => 200],
  ];
}

/**
 * Serves on the port that App Service gives (A2.5). On SIGTERM it takes nothing new, answers what it has and ends with 0.
 * Resolves when it listens.
 */
export async function serve({ routes }: Serving): Promise<void> {
  let stopping = false;
  const server = createServer((request, response) => {
    // daprd keeps its connection; it is to end with its last answer.
    response.once("close", () => stopping && server.closeIdleConnections());
    request.resume();
    void answer(request.method ?? "", request.url ?? "").then((status) => response.writeHead(status).end());
  });

  async function answer(method: string, url: string): Promise<number> {
    const handler = routes.get(`${method} ${url}`);
    if (handler === undefined) return 404;
    try {
      return await handler();
    } catch (error) {
      print(`${method} ${url} failed: ${error instanceof Error ? error.message : String(error)}`);
      return 500;
    }
  }

  process.removeAllListeners("SIGTERM").once("SIGTERM", () => {
    print("SIGTERM received, finishing");
    stopping = true;
    server.close(() => process.exit(0));
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), FINISH_WITHIN_MS);
  });
  server.listen(Number(process.env["PORT"]));
  await once(server, "listening");
  print("listening");
}
