import { once } from "node:events";
import { Agent, type ServerResponse } from "node:http";
import { describe, expect, test, vi } from "vitest";
import { PLATFORM_ANSWER_HEADER } from "./platform-answer.ts";
import { ask, echo, frontEndParts, GUARD_MS, until } from "./test-support/front-end-parts.ts";
import type { FrontEndTrouble } from "./trouble.ts";

vi.setConfig({ testTimeout: GUARD_MS });

describe("when main fails", () => {
  test("a worker that refuses is answered 502, told once and counted", async () => {
    const { site, work, open } = frontEndParts();
    const gone = await work(echo);
    gone.server.close();
    site.become([gone]);
    const troubles: FrontEndTrouble[] = [];
    const { url } = await open({ onTrouble: (trouble) => troubles.push(trouble) });
    for (let index = 0; index < 3; index++) {
      expect(await ask(url)).toMatchObject({
        status: 502,
        headers: { [PLATFORM_ANSWER_HEADER]: "worker-failed" },
        body: expect.stringContaining("connection refused"),
      });
    }
    const seen = { kind: "worker-failed", detail: "connection refused", instanceId: gone.instanceId };
    expect(troubles).toEqual([{ ...seen, requests: 1 }]);
    site.become([await work(echo)]);
    await until(() => troubles.length === 2);
    expect(troubles).toEqual([
      { ...seen, requests: 1 },
      { ...seen, requests: 3 },
    ]);
    expect((await ask(url)).status).toBe(200);
  });

  test("a worker that resets before it answers is answered 502", async () => {
    const { site, work, open } = frontEndParts();
    site.become([await work((incoming) => incoming.socket.resetAndDestroy())]);
    const { url } = await open();
    expect(await ask(url, { method: "POST", body: "x" })).toMatchObject({
      status: 502,
      body: expect.stringContaining("connection reset"),
    });
  });

  test("an answer that breaks off breaks off for the client too", async () => {
    const { site, work, open } = frontEndParts();
    site.become([
      await work((incoming, response) => {
        response.write("half");
        response.write("", () => incoming.socket.resetAndDestroy());
      }),
    ]);
    const { url } = await open();
    await expect(ask(url)).rejects.toThrow("aborted");
  });

  test("a client that leaves ends its request in main", async () => {
    const { site, work, open } = frontEndParts();
    const arrived = Promise.withResolvers<ServerResponse>();
    site.become([await work((_, response) => arrived.resolve(response))]);
    const troubles: FrontEndTrouble[] = [];
    const { url } = await open({ onTrouble: (trouble) => troubles.push(trouble) });
    const leave = new AbortController();
    const coming = ask(url, { signal: leave.signal });
    const response = await arrived.promise;
    const closed = once(response, "close");
    leave.abort();
    await expect(coming).rejects.toThrow("aborted");
    await closed;
    expect(troubles).toEqual([]);
  });
});

describe("the idle limit", () => {
  test("a request without a byte is answered 504 and ended in main", async () => {
    const { site, work, open } = frontEndParts();
    const arrived = Promise.withResolvers<ServerResponse>();
    site.become([await work((_, response) => arrived.resolve(response))]);
    const troubles: FrontEndTrouble[] = [];
    const { url } = await open({ idleMs: 40, onTrouble: (trouble) => troubles.push(trouble) });
    const agent = new Agent({ keepAlive: true });
    expect(await ask(url, { agent })).toMatchObject({
      status: 504,
      headers: { [PLATFORM_ANSWER_HEADER]: "idle" },
    });
    const response = await arrived.promise;
    await until(() => response.closed);
    expect(troubles).toMatchObject([{ kind: "idle", requests: 1 }]);
    agent.destroy();
  });

  test("an answer that stalls is cut", async () => {
    const { site, work, open } = frontEndParts();
    site.become([await work((_, response) => response.write("half"))]);
    const { url } = await open({ idleMs: 40 });
    await expect(ask(url)).rejects.toThrow("aborted");
  });
});
