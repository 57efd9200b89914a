import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import Dockerode from "dockerode";
import { describe, expect, onTestFinished, test } from "vitest";
import { SitecarError } from "../../errors/index.ts";
import { engineError, isNotFound } from "./engine-error.ts";

/** A server that answers every engine call alike; `undefined` drops the connection without an answer. */
async function engineAnswering(answer: { status: number; message: string } | undefined): Promise<Dockerode> {
  const server = createServer((request, response) => {
    if (answer === undefined) request.socket.destroy();
    else response.writeHead(answer.status).end(JSON.stringify({ message: answer.message }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the server listens on no port");
  return new Dockerode({ host: "127.0.0.1", port: address.port, protocol: "http" });
}

async function failureOf(docker: Dockerode): Promise<unknown> {
  try {
    await docker.getContainer("x").start();
  } catch (error) {
    return error;
  }
  throw new Error("the call went through");
}

describe("engineError", () => {
  test.each([
    [500, "driver failed: Bind for 127.0.0.1:8080 failed: port is already allocated", "PORT_TAKEN"],
    [500, "listen tcp4 127.0.0.1:8080: bind: address already in use", "PORT_TAKEN"],
    [500, "write /var/lib/docker/tmp/x: no space left on device", "NO_SPACE"],
    [404, "No such image: nobody/nothing:1", "IMAGE_NOT_FOUND"],
    [404, "No such container: x", "ENGINE_REFUSED"],
    [409, "Conflict. The container name is already in use", "ENGINE_REFUSED"],
  ])("maps HTTP %i %j to %s", async (status, message, code) => {
    const error = engineError(
      await failureOf(await engineAnswering({ status, message })),
      'start container "x"',
    );
    expect(error.code).toBe(code);
    expect(error.message).toContain('start container "x"');
    expect(error.message).toContain(message);
  });

  test("maps a dropped connection to ENGINE_GONE", async () => {
    const error = engineError(await failureOf(await engineAnswering(undefined)), "list containers");
    expect(error.code).toBe("ENGINE_GONE");
  });

  test("maps a missing socket to ENGINE_GONE", async () => {
    const docker = new Dockerode({ socketPath: "/nonexistent/docker.sock" });
    const error = engineError(await failureOf(docker), "list containers");
    expect(error.code).toBe("ENGINE_GONE");
    expect(error.message).toContain("ENOENT");
  });

  test("does not take a missing file for a missing socket", async () => {
    const missing: unknown = await readFile("/nonexistent/file").catch((error: unknown) => error);
    expect(engineError(missing, "build an image").code).toBe("ENGINE_REFUSED");
  });

  test("hands a SitecarError back unchanged", () => {
    const original = new SitecarError("USAGE", { message: "m", remedy: "r" });
    expect(engineError(original, "do something")).toBe(original);
  });
});

test("isNotFound tells a missing thing from a refusal", async () => {
  expect(isNotFound(await failureOf(await engineAnswering({ status: 404, message: "gone" })))).toBe(true);
  expect(isNotFound(await failureOf(await engineAnswering({ status: 409, message: "no" })))).toBe(false);
});
