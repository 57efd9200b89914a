import { createServer } from "node:http";
import Dockerode from "dockerode";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { Engine } from "../engine/engine.ts";
import { decideSource, type DecideSourceOptions } from "./registry-decision.ts";

let asked: string[];

beforeEach(() => {
  asked = [];
});

/** An engine whose registry question is answered with this status. */
async function engineWhoseRegistryAnswers(status: number, message: string): Promise<Engine> {
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ message }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the server listens on no port");
  const docker = new Dockerode({ protocol: "http", host: "127.0.0.1", port: address.port });
  return { docker, version: "20.10", apiVersion: "1.41", origin: "test" };
}

function there(): Promise<boolean> {
  return Promise.resolve(true);
}

function options(overrides: Partial<DecideSourceOptions> = {}): DecideSourceOptions {
  return {
    environment: {},
    probe: "debian:bookworm-slim",
    upstreamIsThere: () => Promise.resolve(false),
    standInsAreThere: () => Promise.resolve(false),
    signal: new AbortController().signal,
    ...overrides,
  };
}

describe("decideSource", () => {
  test.each(["registry", "stand-in"])("SITECAR_IMAGES=%s has the first word", async (forced) => {
    const engine = await engineWhoseRegistryAnswers(200, "");
    const environment = { SITECAR_IMAGES: forced };
    const decision = await decideSource(
      engine,
      options({ environment, upstreamIsThere: there, standInsAreThere: there }),
    );
    expect(decision).toEqual({ source: forced, reason: `SITECAR_IMAGES=${forced} says so` });
    expect(asked).toEqual([]);
  });

  test("another word is a wrong usage", async () => {
    const engine = await engineWhoseRegistryAnswers(200, "");
    const wrong = decideSource(engine, options({ environment: { SITECAR_IMAGES: "mirror" } }));
    await expect(wrong).rejects.toMatchObject({ code: "USAGE" });
  });

  test("what the engine has already is used without asking a registry", async () => {
    const engine = await engineWhoseRegistryAnswers(500, "");
    expect(await decideSource(engine, options({ upstreamIsThere: there }))).toMatchObject({
      source: "registry",
    });
    expect(await decideSource(engine, options({ standInsAreThere: there }))).toMatchObject({
      source: "stand-in",
    });
    expect(asked).toEqual([]);
  });

  test("a registry that answers is used", async () => {
    const engine = await engineWhoseRegistryAnswers(200, "");
    expect(await decideSource(engine, options())).toEqual({
      source: "registry",
      reason: "the registry answers",
    });
    expect(asked).toEqual([expect.stringContaining("/distribution/debian:bookworm-slim/json")]);
  });

  test("no registry: stand-ins, with the engine's own words", async () => {
    const engine = await engineWhoseRegistryAnswers(500, "lookup registry.example: no such host");
    const { source, reason } = await decideSource(engine, options());
    expect(source).toBe("stand-in");
    expect(reason).toContain("lookup registry.example: no such host");
  });
});
