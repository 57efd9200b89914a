import { once } from "node:events";
import { createServer, get } from "node:http";
import { connect } from "node:net";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { DaprTwin } from "../dapr-twin.ts";
import type { TwinPhase } from "../phase.ts";
import { readResources } from "../read-resources.ts";
import { portOf } from "./listen.ts";
import { serveControl } from "./serve-control.ts";
import { serveTwin } from "./serve-twin.ts";

const RESOURCES = path.join(import.meta.dirname, "../../../fixtures/components");
const files = await readResources([RESOURCES]);

let stack = new AsyncDisposableStack();
afterEach(async () => {
  await stack.disposeAsync();
  stack = new AsyncDisposableStack();
});

async function served(phase: TwinPhase = "up", port = 0) {
  return stack.use(await serveTwin(new DaprTwin({ files, phase }), { port }));
}

/** Over a connection of its own: one that is kept would hide that the port is closed. */
function health(port: number): Promise<number | string> {
  return new Promise((resolve) => {
    const asked = get({ host: "127.0.0.1", port, path: "/v1.0/healthz", agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

test("the port is open and closed as the phase has it, and stays the same", async () => {
  const one = await served("starting");
  expect(await health(one.port)).toBe("ECONNREFUSED");
  for (const [phase, expected] of [
    ["waiting-for-app", 500],
    ["up", 204],
    ["shutting-down", "ECONNREFUSED"],
    ["up", 204],
  ] as const) {
    one.twin.phase = phase;
    await one.settled();
    expect([phase, await health(one.port)]).toEqual([phase, expected]);
  }
});

test("a hung twin takes requests and answers them when it goes on", async () => {
  const one = await served("hung");
  const waiting = health(one.port);
  one.twin.phase = "up";
  expect(await waiting).toBe(204);
});

test("a hung twin ends although somebody waits for it", async () => {
  const one = await serveTwin(new DaprTwin({ files, phase: "hung" }), { port: 0 });
  const caller = connect(one.port, "127.0.0.1");
  await once(caller, "connect");
  caller.write("GET /v1.0/healthz HTTP/1.1\r\nHost: twin\r\n\r\n");
  caller.on("error", () => undefined);
  const closed = new Promise((resolve) => caller.once("close", resolve));
  await one[Symbol.asyncDispose]();
  await closed;
  expect(caller.bytesRead).toBe(0);
});

test("shutdown over HTTP is answered, then the port closes", async () => {
  const one = await served();
  const answer = await fetch(`http://127.0.0.1:${one.port}/v1.0/shutdown`, { method: "POST" });
  expect(answer.status).toBe(204);
  await one.settled();
  expect(await health(one.port)).toBe("ECONNREFUSED");
});

test("what is not covered is 501 with the reason", async () => {
  const one = await served();
  const answer = await fetch(`http://127.0.0.1:${one.port}/v1.0/invoke/shop/method/cart`);
  expect(answer.status).toBe(501);
  expect(await answer.json()).toMatchObject({
    errorCode: "TWIN_NOT_COVERED",
    message: expect.stringContaining("service invocation: GET /v1.0/invoke/shop/method/cart"),
  });
});

test("a port that is taken is an error with a remedy", async () => {
  const one = await served();
  await expect(served("up", one.port)).rejects.toMatchObject({ code: "PORT_TAKEN" });
});

test("a test in another language moves the twin, fires ticks and sees blobs over the control port", async () => {
  const app = createServer((request, response) => {
    response.statusCode = request.url === "/.internal/batch" ? 200 : 404;
    response.end("done");
  });
  app.listen(0, "127.0.0.1");
  await once(app, "listening");
  stack.defer(() => void app.close());
  const one = await served();
  const control = stack.use(
    await serveControl(one, { port: 0, appUrl: `http://127.0.0.1:${portOf(app)}`, resources: [RESOURCES] }),
  );
  const ask = async (method: string, target: string, body?: string): Promise<unknown> => {
    const answer = await fetch(`http://127.0.0.1:${control.port}${target}`, {
      method,
      ...(body === undefined ? {} : { body }),
    });
    return Object.assign((await answer.json()) as object, { status: answer.status });
  };

  expect(await ask("POST", "/tick/batch")).toMatchObject({
    status: 200,
    outcome: "delivered",
    posts: [{ status: 200 }],
  });
  await fetch(`http://127.0.0.1:${one.port}/v1.0/bindings/blob`, {
    method: "POST",
    body: JSON.stringify({ operation: "create", data: "hello", metadata: { blobName: "a" } }),
  });
  expect(await ask("GET", "/blobs/blob")).toMatchObject({ 0: { name: "a", text: "hello", size: 5 } });
  expect(await ask("PUT", "/storage", '{"status":403}')).toMatchObject({ storage: { status: 403 } });
  expect(await ask("PUT", "/phase", "starting")).toMatchObject({ status: 200, phase: "starting" });
  expect(await health(one.port)).toBe("ECONNREFUSED");
  expect(await ask("PUT", "/phase", "asleep")).toMatchObject({ status: 400, code: "USAGE" });
  expect(await ask("POST", "/tick/bach")).toMatchObject({ status: 400, code: "BINDING_UNKNOWN" });
  expect(await ask("GET", "/nope")).toMatchObject({ status: 400, code: "USAGE" });
  expect(await ask("PUT", "/storage", '{"status":"x"}')).toMatchObject({ status: 400, code: "USAGE" });
  expect(await ask("POST", "/reset")).toMatchObject({ status: 200, phase: "up", calls: [], storage: null });
  expect(await health(one.port)).toBe(204);
});
