import { createServer, type ServerResponse } from "node:http";
import { Readable } from "node:stream";
import Dockerode from "dockerode";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Engine } from "../engine/engine.ts";
import { buildOnEngine, localImage, pullOntoEngine } from "./engine-images.ts";

async function engineThat(answer: (response: ServerResponse) => void): Promise<Engine> {
  const server = createServer((request, response) => {
    request.resume().once("end", () => answer(response));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the server listens on no port");
  const docker = new Dockerode({ protocol: "http", host: "127.0.0.1", port: address.port });
  return { docker, version: "20.10", apiVersion: "1.41", origin: "test" };
}

function build(engine: Engine, output: string[] = []): Promise<string> {
  return buildOnEngine(engine, {
    context: Readable.from([]),
    dockerfile: "Dockerfile",
    buildArguments: {},
    labels: {},
    signal: new AbortController().signal,
    onOutput: (text) => output.push(text),
  });
}

const BEGUN = '{"stream":"Step 1/2"}\r\n';

describe("buildOnEngine", () => {
  test("hands back the image's id and passes the output on, however the messages are cut", async () => {
    const output: string[] = [];
    const whole = `${BEGUN}{"aux":{"ID":"sha256:1"}}\r\n{"stream":"tag\u00e9"}`;
    const engine = await engineThat((response) => {
      const bytes = Buffer.from(whole);
      response.write(bytes.subarray(0, 40));
      response.write(bytes.subarray(40, -3));
      response.end(bytes.subarray(-3));
    });
    expect(await build(engine, output)).toBe("sha256:1");
    expect(output).toEqual(["Step 1/2", "tag\u00e9"]);
  });

  test("throws what the builder tells after it answered 200", async () => {
    const engine = await engineThat((response) => response.end(`${BEGUN}{"error":"exit code 7"}`));
    await expect(build(engine)).rejects.toThrow(/^exit code 7$/);
  });

  test("an engine that dies meanwhile is gone", async () => {
    const engine = await engineThat((response) => {
      response.write(BEGUN, () => response.destroy());
    });
    await expect(build(engine)).rejects.toMatchObject({ code: "ENGINE_GONE" });
  });

  test("a full disk has a name of its own", async () => {
    const engine = await engineThat((response) =>
      response.end('{"error":"write /x: no space left on device"}'),
    );
    await expect(build(engine)).rejects.toMatchObject({ code: "NO_SPACE" });
  });
});

test("pullOntoEngine tells what each layer does", async () => {
  const engine = await engineThat((response) =>
    response.end('{"status":"Downloading","id":"abc","progress":"[=> ] 1MB/2MB"}'),
  );
  const output: string[] = [];
  await pullOntoEngine(engine, "x:1", {
    signal: new AbortController().signal,
    authentication: undefined,
    onOutput: (text) => output.push(text),
  });
  expect(output).toEqual(["abc Downloading [=> ] 1MB/2MB"]);
});

test("localImage tells an image that is not there from an engine that fails", async () => {
  const absent = await engineThat((response) => response.writeHead(404).end('{"message":"No such image"}'));
  expect(await localImage(absent, "x:1")).toBeUndefined();
  const failing = await engineThat((response) => response.writeHead(500).end('{"message":"oops"}'));
  await expect(localImage(failing, "x:1")).rejects.toMatchObject({ code: "ENGINE_REFUSED" });
});
