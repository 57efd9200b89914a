import { once } from "node:events";
import { Agent, request, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { answerTo, ask, echo, echoed, frontEndParts } from "./test-support/front-end-parts.ts";
import { PLATFORM_ANSWER_HEADER } from "./platform-answer.ts";
import type { FrontEndTrouble } from "./trouble.ts";

describe("while no worker is warm", () => {
  test.for(["Stopped", "Blocked", "Stopping"] as const)(
    "%s answers 503 at once and says so",
    async (state) => {
      const { site, open } = frontEndParts();
      site.become(state);
      site.explanation = "The start failed: ContainerTimeout.";
      const { url } = await open();
      const answer = await ask(url, { headers: { accept: "application/json" } });
      expect(answer.status).toBe(503);
      expect(answer.headers[PLATFORM_ANSWER_HEADER]).toBe(state);
      expect(answer.headers["retry-after"]).toBeUndefined();
      expect(JSON.parse(answer.body)).toEqual({
        status: 503,
        title: "Service Unavailable",
        reason: state,
        explanation: `The site Shop is ${state}. The start failed: ContainerTimeout.`,
      });
    },
  );

  test("a stopped site answers 403 where that is asked for, any other state 503", async () => {
    const { site, open } = frontEndParts();
    const { url } = await open({ stoppedStatus: 403 });
    site.become("Stopped");
    expect(await ask(url)).toMatchObject({ status: 403, body: expect.stringContaining("Site Disabled") });
    site.become("Blocked");
    expect((await ask(url)).status).toBe(503);
  });

  test("a large upload is answered too, and its connection serves the next request", async () => {
    const { site, work, open } = frontEndParts();
    site.become("Blocked");
    const { url } = await open();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const upload = { method: "POST", body: "x".repeat(8 * 1024 * 1024), agent };
    for (let time = 0; time < 3; time++) {
      expect(await ask(url, upload)).toMatchObject({ status: 503, headers: { connection: "keep-alive" } });
    }
    const resetting = await work((incoming) => incoming.socket.resetAndDestroy());
    site.become([resetting]);
    for (let time = 0; time < 3; time++) {
      expect(await ask(url, upload)).toMatchObject({ status: 502, headers: { connection: "keep-alive" } });
    }
    site.become([await work(echo)]);
    expect((await ask(url, { agent })).status).toBe(200);
    agent.destroy();
  });

  test("requests are held, and answered by main once it is warm", async () => {
    const { site, work, open } = frontEndParts();
    const frontEnd = await open();
    const coming = Array.from({ length: 200 }, (_, index) =>
      ask(frontEnd.url, { method: "POST", path: `/${index}`, body: `body ${index}` }),
    );
    await expect.poll(() => frontEnd.held).toBe(200);
    site.become([await work(echo)]);
    const answers = await Promise.all(coming);
    expect(answers.map((answer) => [answer.status, echoed(answer).url, echoed(answer).body])).toEqual(
      answers.map((_, index) => [200, `/${index}`, `body ${index}`]),
    );
    expect(frontEnd.held).toBe(0);
  });

  test("held requests are refused when the site gives up", async () => {
    const { site, open } = frontEndParts();
    const frontEnd = await open();
    const coming = ask(frontEnd.url);
    await expect.poll(() => frontEnd.held).toBe(1);
    site.become("Blocked");
    expect(await coming).toMatchObject({ status: 503, headers: { [PLATFORM_ANSWER_HEADER]: "Blocked" } });
  });

  test("a request held for the idle limit is told that the site still starts", async () => {
    const { open } = frontEndParts();
    const { url } = await open({ idleMs: 40 });
    expect(await ask(url)).toMatchObject({
      status: 503,
      headers: { [PLATFORM_ANSWER_HEADER]: "Starting", "retry-after": "5" },
    });
  });

  test("a client that leaves frees its place", async () => {
    const { open } = frontEndParts();
    const frontEnd = await open();
    const leave = new AbortController();
    const coming = ask(frontEnd.url, { signal: leave.signal });
    await expect.poll(() => frontEnd.held).toBe(1);
    leave.abort();
    await expect(coming).rejects.toThrow("aborted");
    await expect.poll(() => frontEnd.held).toBe(0);
  });

  test("a client that leaves with a WebSocket asked for frees its place", async () => {
    const { open } = frontEndParts();
    const frontEnd = await open();
    const socket = connect(Number(new URL(frontEnd.url).port), "127.0.0.1");
    socket.write("GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    await expect.poll(() => frontEnd.held).toBe(1);
    socket.end();
    await expect.poll(() => frontEnd.held).toBe(0);
  });
});

describe("what main sees", () => {
  test("the request as it was sent, with the platform's headers", async () => {
    const { site, work, open } = frontEndParts();
    site.become([await work(echo)]);
    const { url } = await open();
    const answer = await ask(url, {
      method: "PUT",
      path: "//a/../b%2f?c=1?d#e",
      headers: { host: "shop.example", "x-forwarded-for": "203.0.113.7", "x-forwarded-proto": "https" },
      body: "hello",
    });
    const seen = echoed(answer);
    expect(seen).toMatchObject({ method: "PUT", url: "//a/../b%2f?c=1?d#e", body: "hello" });
    expect(seen.headers).toMatchObject({
      host: "shop.example",
      "disguised-host": "shop.example",
      "was-default-hostname": "shop.azurewebsites.net",
      "x-site-deployment-id": "Shop",
      "x-forwarded-for": expect.stringMatching(/^203\.0\.113\.7, 127\.0\.0\.1:\d+$/),
      "x-forwarded-proto": "http",
      "x-original-url": "//a/../b%2f?c=1?d#e",
      "max-forwards": "10",
    });
    expect(answer.headers[PLATFORM_ANSWER_HEADER]).toBeUndefined();
  });

  test("the path alone where a client sends a whole URL", async () => {
    const { site, work, open } = frontEndParts();
    site.become([await work(echo)]);
    const { url } = await open();
    expect(echoed(await ask(url, { path: "http://shop.example/a?b" })).url).toBe("/a?b");
    expect(echoed(await ask(url, { path: "http://shop.example?b" })).url).toBe("/?b");
  });

  test("an upgrade other than to WebSocket as a plain request", async () => {
    const { site, work, open } = frontEndParts();
    site.become([await work(echo)]);
    const { url } = await open();
    const answer = await ask(url, { headers: { connection: "Upgrade, HTTP2-Settings", upgrade: "h2c" } });
    expect(answer.status).toBe(200);
    expect(echoed(answer).headers["upgrade"]).toBeUndefined();
  });
});

describe("connections", () => {
  test("a client's connection serves many requests", async () => {
    const { site, work, open } = frontEndParts();
    site.become([await work(echo)]);
    const { url } = await open();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ports = [];
    for (let index = 0; index < 3; index++) {
      const { headers } = echoed(await ask(url, { agent }));
      ports.push(headers["x-client-port"]);
    }
    agent.destroy();
    expect(new Set(ports).size).toBe(1);
  });

  test("main's wish to close its connection is not the client's", async () => {
    const { site, work, open } = frontEndParts();
    site.become([await work((_, response) => response.writeHead(200, { connection: "close" }).end("x"))]);
    const { url } = await open();
    const agent = new Agent({ keepAlive: true });
    expect((await ask(url, { agent })).headers.connection).toBe("keep-alive");
    agent.destroy();
    expect((await ask(url, { headers: { connection: "close" } })).headers.connection).toBe("close");
  });

  test("main is asked to let a body come before it does", async () => {
    const { site, work, open } = frontEndParts();
    const frontEnd = await open();
    const asking = request(frontEnd.url, { method: "POST", headers: { expect: "100-continue" } });
    asking.flushHeaders();
    await expect.poll(() => frontEnd.held).toBe(1);
    let continued = 0;
    asking.on("continue", () => {
      continued++;
      asking.end("body");
    });
    site.become([await work(echo)]);
    const answer = await answerTo(asking);
    answer.resume();
    expect({ status: answer.statusCode, continued }).toEqual({ status: 200, continued: 1 });
  });

  test("a refused request's body is not asked for", async () => {
    const { site, open } = frontEndParts();
    site.become("Stopped");
    const { url } = await open();
    const asking = request(url, { method: "POST", headers: { expect: "100-continue" } });
    let continued = 0;
    asking.on("continue", () => continued++);
    asking.flushHeaders();
    const answer = await answerTo(asking);
    asking.destroy();
    expect({ status: answer.statusCode, continued }).toEqual({ status: 503, continued: 0 });
  });

  test("HEAD and answers without a body pass as they are", async () => {
    const { site, work, open } = frontEndParts();
    site.become([
      await work((incoming, response) => {
        if (incoming.method === "HEAD") response.writeHead(200, { "content-length": "1234" }).end();
        else response.writeHead(204, { "set-cookie": ["a=1", "b=2"] }).end();
      }),
    ]);
    const { url } = await open();
    expect(await ask(url, { method: "HEAD" })).toMatchObject({
      status: 200,
      headers: { "content-length": "1234" },
      body: "",
    });
    expect(await ask(url)).toMatchObject({ status: 204, headers: { "set-cookie": ["a=1", "b=2"] } });
  });
});

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
    await expect
      .poll(() => troubles)
      .toEqual([
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
    const { url } = await open({ idleMs: 40 });
    expect(await ask(url)).toMatchObject({ status: 504, headers: { [PLATFORM_ANSWER_HEADER]: "idle" } });
    const response = await arrived.promise;
    await expect.poll(() => response.closed).toBe(true);
  });

  test("an answer that stalls is cut", async () => {
    const { site, work, open } = frontEndParts();
    site.become([await work((_, response) => response.write("half"))]);
    const { url } = await open({ idleMs: 40 });
    await expect(ask(url)).rejects.toThrow("aborted");
  });
});

describe("listening", () => {
  test("a port that is taken is named, with the remedy", async () => {
    const { work, open } = frontEndParts();
    const { origin } = await work(echo);
    const port = Number(new URL(origin).port);
    await expect(open({ port })).rejects.toMatchObject({
      code: "PORT_TAKEN",
      message: expect.stringContaining(`port ${port}`),
    });
  });

  test("the port that is asked for is taken, and free after the end", async () => {
    const { open } = frontEndParts();
    const first = await open();
    const port = Number(new URL(first.url).port);
    await first.close();
    const second = await open({ port });
    expect(second.url).toBe(first.url);
  });

  test("a port that is none is refused", async () => {
    const { open } = frontEndParts();
    await expect(open({ port: 99_999 })).rejects.toMatchObject({ code: "USAGE" });
  });

  test("its signal closes it, with everything that waits or runs", async () => {
    const { site, work, open } = frontEndParts();
    const end = new AbortController();
    const arrived = Promise.withResolvers<ServerResponse>();
    const frontEnd = await open({ signal: end.signal });
    const held = ask(frontEnd.url);
    await expect.poll(() => frontEnd.held).toBe(1);
    site.become([await work((_, response) => arrived.resolve(response))]);
    await arrived.promise;
    end.abort();
    await expect(held).rejects.toThrow("socket hang up");
    await frontEnd.close();
    await expect(ask(frontEnd.url)).rejects.toThrow("ECONNREFUSED");
    expect(site.watched).toBe(0);
  });
});
