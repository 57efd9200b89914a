import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  AGENT_CONFIGURATION_VARIABLE,
  type AgentConfiguration,
} from "../../../harness/platform/agent-protocol.ts";
import { listen } from "../../../harness/platform/test-support/listening.ts";
import { smallIdentity } from "./test-support/small-identity.ts";

const main = new URL("main.ts", import.meta.url).pathname;
let folder: string;
let child: ChildProcess | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "agent-"));
});
afterEach(async () => {
  child?.kill("SIGKILL");
  child = undefined;
  await rm(folder, { recursive: true });
});

/** A stand-in for iproute2, since a unit test must not change the machine's network. It keeps what it is told. */
async function installIp(lastLine: string): Promise<void> {
  const path = join(folder, "ip");
  await writeFile(path, `#!/bin/sh\ncat > "${folder}/ip-commands"\n${lastLine}\n`);
  await chmod(path, 0o755);
}

function configuration(port: number): AgentConfiguration {
  return {
    identity: smallIdentity({ port, header: "h" }),
    storage: null,
    tap: null,
    daprSidecars: [],
    portsIntervalMs: 25,
    healthIntervalMs: 100,
    healthyIntervalMs: 2000,
    metricsIntervalMs: 100,
  };
}

async function start(
  variables: Record<string, string>,
): Promise<{ lines: () => string[]; ready: Promise<void> }> {
  const started = spawn(process.execPath, [main], {
    env: { PATH: `${folder}:/usr/bin:/bin`, ...variables },
    stdio: ["ignore", "pipe", "inherit"],
  });
  child = started;
  await once(started, "spawn");
  let output = "";
  const ready = new Promise<void>((resolve) => {
    started.stdout?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('"ready"')) resolve();
    });
  });
  return { lines: () => output.split("\n").filter((line) => line !== ""), ready };
}

async function exitOf(process: ChildProcess | undefined): Promise<unknown> {
  if (!process) throw new Error("not started");
  const [code] = await once(process, "close");
  return code;
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  server.close();
  await once(server, "close");
  return port;
}

describe("the agent as a process", () => {
  test("prepares the namespace, serves the identity, says so, and ends on SIGTERM", async () => {
    await installIp("exit 0");
    const port = await freePort();
    const { ready } = await start({ [AGENT_CONFIGURATION_VARIABLE]: JSON.stringify(configuration(port)) });
    await ready;
    const answer = await fetch(`http://127.0.0.1:${port}/msi/token?api-version=2019-08-01&resource=r`, {
      headers: { "x-identity-header": "h" },
    });
    expect(answer.status).toBe(200);
    child?.kill("SIGTERM");
    expect(await exitOf(child)).toBe(0);
  });

  test("what it can't do without ends it, with the reason on its output", async () => {
    await installIp('echo "RTNETLINK answers: Operation not permitted" >&2; exit 1');
    const { lines } = await start({
      [AGENT_CONFIGURATION_VARIABLE]: JSON.stringify(configuration(await freePort())),
    });
    expect(await exitOf(child)).toBe(1);
    expect(lines()).toHaveLength(1);
    expect(JSON.parse(lines()[0] ?? "")).toMatchObject({
      type: "failure",
      observer: "agent",
      detail: "ip -batch failed: RTNETLINK answers: Operation not permitted",
    });
  });

  test.each([
    ["no configuration", {}, "is not set"],
    ["a configuration that is no JSON", { [AGENT_CONFIGURATION_VARIABLE]: "{" }, "JSON"],
  ])("%s ends it too", async (_, variables, reason) => {
    await installIp("exit 0");
    const { lines } = await start(variables);
    expect(await exitOf(child)).toBe(1);
    expect(lines().join()).toContain(reason);
  });

  test("an identity port that is taken ends it too", async () => {
    await installIp("exit 0");
    const server = createServer();
    const port = await listen(server);
    const { lines } = await start({ [AGENT_CONFIGURATION_VARIABLE]: JSON.stringify(configuration(port)) });
    expect(await exitOf(child)).toBe(1);
    server.close();
    expect(lines().join()).toContain("EADDRINUSE");
  });
});
