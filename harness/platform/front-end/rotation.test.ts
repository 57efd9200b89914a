import { once } from "node:events";
import { Agent, type ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { ask, frontEndParts, type SmallWorker } from "./test-support/front-end-parts.ts";

function nth(value: string) {
  return (_: unknown, response: ServerResponse): void => void response.end(value);
}

async function three(work: (listener: ReturnType<typeof nth>) => Promise<SmallWorker>) {
  return [await work(nth("a")), await work(nth("b")), await work(nth("c"))] as const;
}

test("requests go round robin over the workers in rotation", async () => {
  const { site, work, open } = frontEndParts();
  const [a, b, c] = await three(work);
  site.become([a, b, c]);
  const { url } = await open();
  const seen = [];
  for (let index = 0; index < 6; index++) seen.push((await ask(url)).body);
  expect(seen.join("")).toBe("abcabc");
  site.become([a, c]);
  const later = [];
  for (let index = 0; index < 4; index++) later.push((await ask(url)).body);
  expect(later.join("")).toBe("acac");
});

test("without affinity no cookie is set, and none is followed", async () => {
  const { site, work, open } = frontEndParts();
  const [a, b, c] = await three(work);
  site.become([a, b, c]);
  const { url } = await open();
  const cookie = `ARRAffinity=${b.instanceId}`;
  const answers = [await ask(url, { headers: { cookie } }), await ask(url, { headers: { cookie } })];
  expect(answers.map(({ body }) => body).join("")).toBe("ab");
  expect(answers.map(({ headers }) => headers["set-cookie"])).toEqual([undefined, undefined]);
});

test("with affinity a client stays with its worker, and gets another when that is gone", async () => {
  const { site, work, open } = frontEndParts();
  const [a, b, c] = await three(work);
  site.become([a, b, c]);
  const { url } = await open({ affinity: true });
  const first = await ask(url);
  expect(first.body).toBe("a");
  expect(first.headers["set-cookie"]).toEqual([`ARRAffinity=${a.instanceId};Path=/;HttpOnly`]);
  const cookie = `theme=dark; ARRAffinity=${a.instanceId}; x=1`;
  for (let index = 0; index < 4; index++) {
    const answer = await ask(url, { headers: { cookie } });
    expect([answer.body, answer.headers["set-cookie"]]).toEqual(["a", undefined]);
  }
  site.become([b, c]);
  const moved = await ask(url, { headers: { cookie } });
  expect(moved.body).toBe("b");
  expect(moved.headers["set-cookie"]).toEqual([`ARRAffinity=${b.instanceId};Path=/;HttpOnly`]);
});

test("a stale cookie beside a good one does no harm, and main's cookies stay", async () => {
  const { site, work, open } = frontEndParts();
  const worker = await work((_, response) => response.setHeader("set-cookie", ["own=1"]).end("own"));
  const [a] = await three(work);
  site.become([a, worker]);
  const { url } = await open({ affinity: true });
  const cookie = `ARRAffinity=${"d".repeat(64)}; ARRAffinity=${worker.instanceId}`;
  expect((await ask(url, { headers: { cookie } })).headers["set-cookie"]).toEqual(["own=1"]);
  site.become([worker]);
  expect((await ask(url)).headers["set-cookie"]).toEqual([
    "own=1",
    `ARRAffinity=${worker.instanceId};Path=/;HttpOnly`,
  ]);
});

test("over TLS the cookies are secure, and one is for other sites", async () => {
  const { site, work, open } = frontEndParts();
  const [a] = await three(work);
  site.become([a]);
  const { url } = await open({ affinity: true, scheme: "https" });
  expect((await ask(url)).headers["set-cookie"]).toEqual([
    `ARRAffinity=${a.instanceId};Path=/;HttpOnly;Secure`,
    `ARRAffinitySameSite=${a.instanceId};Path=/;HttpOnly;SameSite=None;Secure`,
  ]);
});

test("what runs on a worker that leaves is finished, and only then is it drained", async () => {
  const { site, work, open } = frontEndParts();
  const arrived = Promise.withResolvers<ServerResponse>();
  const leaving = await work((_, response) => arrived.resolve(response));
  // The next life of the same worker.
  const next = { ...(await work(nth("next"))), instanceId: leaving.instanceId };
  site.become([leaving]);
  const frontEnd = await open();
  const running = ask(frontEnd.url);
  const response = await arrived.promise;
  site.become([next]);
  let drained = false;
  const draining = frontEnd
    .untilDrained(leaving.origin, new AbortController().signal)
    .then(() => (drained = true));
  expect((await ask(frontEnd.url)).body).toBe("next");
  expect(drained).toBe(false);
  response.end("finished");
  expect((await running).body).toBe("finished");
  await draining;
});

test("waiting for a drain can be given up, and ends with the front end", async () => {
  const { site, work, open } = frontEndParts();
  const arrived = Promise.withResolvers<ServerResponse>();
  const stuck = await work((_, response) => arrived.resolve(response));
  site.become([stuck]);
  const frontEnd = await open();
  const running = ask(frontEnd.url).catch((error: unknown) => error);
  await arrived.promise;
  const giveUp = new AbortController();
  const given = frontEnd.untilDrained(stuck.origin, giveUp.signal);
  giveUp.abort(new Error("out of patience"));
  await expect(given).rejects.toThrow("out of patience");
  const ended = frontEnd.untilDrained(stuck.origin, new AbortController().signal);
  await frontEnd.close();
  await ended;
  expect(await running).toBeInstanceOf(Error);
});

test("a stream of requests loses none while all workers are exchanged, again and again", async () => {
  const { site, work, open } = frontEndParts();
  const frontEnd = await open();
  const agent = new Agent({ keepAlive: true });
  let current: readonly SmallWorker[] = [];
  const stop = new AbortController();
  const answers: { status: number; body: string }[] = [];
  const clients = Array.from({ length: 8 }, async () => {
    while (!stop.signal.aborted) answers.push(await ask(frontEnd.url, { method: "POST", body: "x", agent }));
  });
  for (let life = 0; life < 10; life++) {
    const listener = (_: unknown, response: ServerResponse): void => {
      setImmediate(() => response.end(String(life)));
    };
    const before = current;
    current = [await work(listener), await work(listener)];
    site.become(current);
    const enough = answers.length + 50;
    await Promise.all(
      before.map(async ({ origin, server }) => {
        await frontEnd.untilDrained(origin, new AbortController().signal);
        const closed = once(server, "close");
        server.close();
        server.closeAllConnections();
        await closed;
      }),
    );
    await expect.poll(() => answers.length).toBeGreaterThan(enough);
  }
  stop.abort();
  await Promise.all(clients);
  agent.destroy();
  expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  expect(new Set(answers.map(({ body }) => body)).size).toBe(10);
});
