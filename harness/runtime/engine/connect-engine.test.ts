import { createServer } from "node:http";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { connectEngine } from "./connect-engine.ts";
import { FOUND_HOST_VARIABLE } from "./engine-addresses.ts";

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "sitecar-engine-"));
  return () => rm(home, { recursive: true, force: true });
});

/** A socket behind which an engine of this API version answers. */
async function engineAt(path: string, apiVersion: string): Promise<void> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ Version: "20.10.24", ApiVersion: apiVersion }));
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => void server.close());
}

describe("connectEngine", () => {
  test("says which engine it found, through what", async () => {
    await engineAt(join(home, "engine.sock"), "1.41");
    const environment = { HOME: home, DOCKER_HOST: `unix://${join(home, "engine.sock")}` };
    const engine = await connectEngine({ environment, mayInstall: false });
    expect(engine).toMatchObject({ version: "20.10.24", apiVersion: "1.41", origin: "DOCKER_HOST" });
    expect(environment).not.toHaveProperty(FOUND_HOST_VARIABLE);
  });

  test("a DOCKER_HOST that does not answer is an error that names it", async () => {
    const environment = { HOME: home, DOCKER_HOST: `unix://${join(home, "nobody.sock")}` };
    await expect(connectEngine({ environment })).rejects.toMatchObject({
      code: "ENGINE_NOT_FOUND",
      message: expect.stringContaining("nobody.sock"),
    });
  });

  test.each(["1.40", "1.9"])("API %s is too old", async (apiVersion) => {
    await engineAt(join(home, "engine.sock"), apiVersion);
    const environment = { HOME: home, DOCKER_HOST: `unix://${join(home, "engine.sock")}` };
    await expect(connectEngine({ environment })).rejects.toMatchObject({
      code: "ENGINE_TOO_OLD",
      message: expect.stringContaining(apiVersion),
    });
  });

  test("API 1.100 is not", async () => {
    await engineAt(join(home, "engine.sock"), "1.100");
    const environment = { HOME: home, DOCKER_HOST: `unix://${join(home, "engine.sock")}` };
    expect((await connectEngine({ environment })).apiVersion).toBe("1.100");
  });
});
