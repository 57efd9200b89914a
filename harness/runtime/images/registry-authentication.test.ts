import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { registryAuthentication, registryOf } from "./registry-authentication.ts";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "sitecar-auth-"));
  return () => rm(directory, { recursive: true, force: true });
});

async function ask(reference: string, configuration: unknown): Promise<unknown> {
  await writeFile(join(directory, "config.json"), JSON.stringify(configuration));
  const environment = {
    DOCKER_CONFIG: directory,
    PATH: `${directory}${delimiter}${process.env["PATH"] ?? ""}`,
  };
  return registryAuthentication(reference, environment, new AbortController().signal);
}

test.each([
  ["debian:bookworm-slim", "docker.io"],
  ["daprio/daprd:1.18.2", "docker.io"],
  ["mcr.microsoft.com/azure-storage/azurite:3.37.0", "mcr.microsoft.com"],
  ["localhost/app", "localhost"],
  ["127.0.0.1:5000/app:1", "127.0.0.1:5000"],
])("%s comes from %s", (reference, registry) => {
  expect(registryOf(reference)).toBe(registry);
});

describe("registryAuthentication", () => {
  const auth = Buffer.from("user:pass:word").toString("base64");

  test("reads what `docker login` wrote", async () => {
    expect(await ask("app.example/x:1", { auths: { "app.example": { auth } } })).toEqual({
      username: "user",
      password: "pass:word",
      serveraddress: "app.example",
    });
  });

  test("knows Docker Hub's old name", async () => {
    const found = await ask("team/x:1", { auths: { "https://index.docker.io/v1/": { auth } } });
    expect(found).toMatchObject({ username: "user" });
  });

  test("asks the credential helper", async () => {
    const helper = join(directory, "docker-credential-trial");
    await writeFile(
      helper,
      '#!/bin/sh\nread server\necho "{\\"Username\\":\\"<token>\\",\\"Secret\\":\\"$server\\"}"\n',
    );
    await chmod(helper, 0o755);
    expect(await ask("app.example/x:1", { credsStore: "trial" })).toEqual({
      identitytoken: "app.example",
      serveraddress: "app.example",
    });
  });

  test("pulls anonymously when nothing is known", async () => {
    expect(await ask("app.example/x:1", { auths: { "other.example": { auth } } })).toBeUndefined();
    expect(await ask("app.example/x:1", { credsStore: "nowhere" })).toBeUndefined();
  });
});
