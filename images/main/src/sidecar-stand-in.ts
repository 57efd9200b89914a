import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { listeningPort } from "./listening-port.ts";

/** One request that the stand-in received. */
export interface SidecarRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** What the stand-in answers to an output binding's call. */
export interface BindingAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** A small HTTP server in daprd's place: `/v1.0/metadata` as daprd answers it, and binding calls as `answer` says. */
export interface SidecarStandIn extends AsyncDisposable {
  readonly port: number;
  readonly requests: readonly SidecarRequest[];
}

export async function startSidecarStandIn(
  answer: () => BindingAnswer | Promise<BindingAnswer>,
): Promise<SidecarStandIn> {
  const requests: SidecarRequest[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const path = request.url ?? "";
      requests.push({ method: request.method ?? "", path, body: await text(request) });
      const { status, body } =
        path === "/v1.0/metadata" ? { status: 200, body: { id: "main" } } : await answer();
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: listeningPort(server),
    requests,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
