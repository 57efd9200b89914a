import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { Writer } from "./writer.ts";

interface Asked {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly token: string | undefined;
  readonly body: string;
}

/** A daprd that has an output binding; `answer` decides what it says to a write. */
async function sidecar(answer: (response: ServerResponse) => void) {
  const asked: Asked[] = [];
  const server = createServer((request, response) => void handle(request, response));
  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url, headers } = request;
    const token = headers["dapr-api-token"];
    asked.push({ method, url, token: token?.toString(), body: await text(request) });
    if (method === "GET") response.end(JSON.stringify({ id: "main", runtimeVersion: "1.18.2" }));
    else answer(response);
  }
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  vi.stubEnv("DAPR_HTTP_PORT", String(typeof address === "object" ? address?.port : 0));
  vi.stubEnv("DAPR_API_TOKEN", "secret");
  onTestFinished(() => void vi.unstubAllEnvs());
  return asked;
}

describe.each(["sdk", "http"] as const)("a blob for each tick, by %s", (client) => {
  const writes = { binding: "blob", client, connects: "eagerly" } as const;

  test("is created under a name of its own, with the site's API token", async () => {
    const asked = await sidecar((response) => response.writeHead(204).end());
    const writer = new Writer(writes);
    await writer.connect();
    await writer.write();
    await writer.write();
    const posts = asked.filter(({ method }) => method === "POST");
    expect(posts.map(({ url, token }) => [url, token])).toEqual([
      ["/v1.0/bindings/blob", "secret"],
      ["/v1.0/bindings/blob", "secret"],
    ]);
    const bodies = posts.map(({ body }): unknown => JSON.parse(body));
    expect(bodies).toMatchObject([
      { operation: "create", metadata: { blobName: expect.stringMatching(/^tick_\d{13}_1\.txt$/) } },
      { operation: "create", metadata: { blobName: expect.stringMatching(/^tick_\d{13}_2\.txt$/) } },
    ]);
    expect(writer.counts).toEqual({ writes: 2, writesFailed: 0 });
  });

  test("that daprd refuses is a failure with daprd's words, and the next one is tried", async () => {
    let refuses = true;
    await sidecar((response) =>
      refuses ? response.writeHead(500).end("couldn't find output binding") : response.writeHead(204).end(),
    );
    const writer = new Writer(writes);
    await expect(writer.write()).rejects.toThrow("couldn't find output binding");
    refuses = false;
    await writer.write();
    expect(writer.counts).toEqual({ writes: 2, writesFailed: 1 });
  });
});
