import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { listen } from "../../../../harness/platform/test-support/listening.ts";

/** A small server with daprd's health, metadata and metrics paths, whose answers the test sets. */
export class FakeDaprd {
  healthz: { status: number; body: string } = { status: 204, body: "" };
  outbound: { status: number; body: string } = { status: 204, body: "" };
  metadata: { status: number; body: string } = { status: 200, body: '{"components":[]}' };
  metrics: { status: number; body: string } = { status: 200, body: "" };
  /** Requests by path. */
  readonly requests = new Map<string, number>();
  #server: Server | null = null;
  port = 0;

  /** @param port default: any free one. */
  async start(port = 0): Promise<void> {
    const server = createServer((request, response) => {
      const path = request.url ?? "";
      this.requests.set(path, (this.requests.get(path) ?? 0) + 1);
      const { status, body } = this.#answerFor(path);
      response.writeHead(status).end(body);
    });
    this.port = await listen(server, port);
    this.#server = server;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = null;
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  }

  #answerFor(path: string): { status: number; body: string } {
    switch (path) {
      case "/v1.0/healthz":
        return this.healthz;
      case "/v1.0/healthz/outbound":
        return this.outbound;
      case "/v1.0/metadata":
        return this.metadata;
      case "/metrics":
        return this.metrics;
      default:
        return { status: 404, body: "" };
    }
  }
}
