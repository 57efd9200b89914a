import { createServer, type Server } from "node:http";
import { once } from "node:events";
import Dockerode from "dockerode";
import type { Engine } from "../../engine/engine.ts";

/** What a small engine answers: path without the API's version → status and body. Anything else is 404. */
export type Answers = Readonly<Record<string, readonly [status: number, body: unknown]>>;

/** A server on 127.0.0.1 that speaks as much of the engine's API as a test needs. */
export async function startSmallEngine(
  answers: Answers,
): Promise<AsyncDisposable & { readonly engine: Engine; readonly asked: readonly string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://engine").pathname).replace(
      /^\/v\d+\.\d+/,
      "",
    );
    asked.push(path);
    const [status, body] = answers[path] ?? [404, { message: `no answer for ${path}` }];
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    engine: {
      docker: new Dockerode({ protocol: "http", host: "127.0.0.1", port: portOf(server) }),
      version: "20.10.24",
      apiVersion: "1.41",
      origin: "a test",
    },
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the server listens on no port");
  return address.port;
}
