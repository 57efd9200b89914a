import { once } from "node:events";
import { Agent, get, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { listenGracefully, type GracefulServer } from "./graceful-server.ts";

/** Longer than a test may take, so that it shows up as a failure if it is waited for. */
const longMs = 60_000;

function keepAliveClient() {
  const agent = new Agent({ keepAlive: true });
  return {
    async get({ port }: GracefulServer): Promise<{ status: number; body: string }> {
      const request = get({ host: "127.0.0.1", port, agent });
      const [response] = (await once(request, "response")) as [IncomingMessage];
      return { status: response.statusCode ?? 0, body: await text(response) };
    },
    [Symbol.dispose]: () => agent.destroy(),
  };
}

test("stops at once although a client keeps an idle connection", async () => {
  using client = keepAliveClient();
  const running = await listenGracefully((_, response) => void response.end("done"), 0);
  expect(await client.get(running)).toEqual({ status: 200, body: "done" });
  expect(await running.stop(longMs)).toBe(true);
});

test("finishes the request under way on a kept-alive connection, then stops", async () => {
  using client = keepAliveClient();
  const underWay = Promise.withResolvers<ServerResponse>();
  const running = await listenGracefully((_, response) => underWay.resolve(response), 0);
  const answer = client.get(running);
  const response = await underWay.promise;
  const stopped = running.stop(longMs);
  response.end("finished");
  expect(await answer).toEqual({ status: 200, body: "finished" });
  expect(await stopped).toBe(true);
});

test("cuts what is unanswered at the limit and says so", async () => {
  using client = keepAliveClient();
  const underWay = Promise.withResolvers<void>();
  const running = await listenGracefully(() => underWay.resolve(), 0);
  const answer = client.get(running).catch((error: unknown) => error);
  await underWay.promise;
  expect(await running.stop(10)).toBe(false);
  expect(await answer).toMatchObject({ code: "ECONNRESET" });
});

test("rejects with EADDRINUSE when the port is taken", async () => {
  const first = await listenGracefully((_, response) => void response.end(), 0);
  await expect(listenGracefully((_, response) => void response.end(), first.port)).rejects.toMatchObject({
    code: "EADDRINUSE",
  });
  await first.stop(longMs);
});
