import { once } from "node:events";
import { createServer } from "node:http";

/** How a main differs from the example's. */
export interface SmallMainOptions {
  readonly sidecar: string;
  readonly route?: string;
  readonly optionsStatus?: number;
  readonly tickStatus?: number;
  /** The member of a blob's metadata that names it. */
  readonly nameKey?: string;
  readonly blobsPerTick?: number;
  readonly sidecarPath?: string;
  /** Without the question for metadata that Dapr's client asks. */
  readonly withoutClient?: boolean;
}

/** A main that does what the example's does, over a real socket. */
export async function startSmallMain(
  options: SmallMainOptions,
): Promise<AsyncDisposable & { readonly url: string }> {
  const { sidecar, route = "/.internal/batch", nameKey = "blobName", blobsPerTick = 1 } = options;
  let connected = options.withoutClient ?? false;
  const create = async (): Promise<Response> =>
    await fetch(`${sidecar}${options.sidecarPath ?? "/v1.0/bindings/blob"}`, {
      method: "POST",
      headers: { "content-type": "application/json", "user-agent": "dapr-sdk-js/v3.18.0 http/1" },
      body: JSON.stringify({
        operation: "create",
        data: new Date().toISOString(),
        metadata: { [nameKey]: `batch_${Date.now()}.txt` },
      }),
    });
  const onTick = async (): Promise<string> => {
    if (!connected)
      await fetch(`${sidecar}/v1.0/metadata`, { headers: { "user-agent": "dapr-sdk-js/v3.18.0 http/1" } });
    connected = true;
    for (let made = 0; made < blobsPerTick; made++) await create();
    return `batch of ${new Date().toISOString()} done`;
  };
  const server = createServer((request, response) => {
    void (async () => {
      const type = { "content-type": "text/plain;charset=UTF-8" };
      if (request.url !== route) response.writeHead(404, type).end("404 Not Found");
      else if (request.method === "OPTIONS") response.writeHead(options.optionsStatus ?? 200).end();
      else response.writeHead(options.tickStatus ?? 200, type).end(await onTick());
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
