import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import type { EngineAddress } from "./docker-context.ts";
import { startDaemon } from "./start-daemon.ts";

let directory: string;
let address: EngineAddress;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "sitecar-daemon-"));
  address = {
    host: `unix://${join(directory, "engine.sock")}`,
    origin: "started by sitecar",
    explicit: false,
  };
  return async () => {
    const pid = await readFile(join(directory, "engine.sock.pid"), "utf8").catch(() => undefined);
    if (pid !== undefined) process.kill(Number(pid), "SIGKILL");
    await rm(directory, { recursive: true, force: true });
  };
});

/** A program in dockerd's place. */
async function daemon(script: readonly string[]): Promise<string> {
  const path = join(directory, "dockerd");
  await writeFile(path, [`#!${process.execPath}`, ...script, ""].join("\n"));
  await chmod(path, 0o755);
  return path;
}

const ANSWERING = [
  'const socket = process.argv[3].replace("unix://", "");',
  'require("node:fs").writeFileSync(socket + ".pid", String(process.pid));',
  'const answer = JSON.stringify({ Version: "20.10.24", ApiVersion: "1.41" });',
  'require("node:http").createServer((_, response) => response.end(answer)).listen(socket);',
];

function start(path: string, anotherRuns: boolean): ReturnType<typeof startDaemon> {
  return startDaemon(path, address, new AbortController().signal, {
    logFile: join(directory, "log/dockerd.log"),
    anotherRuns: () => Promise.resolve(anotherRuns),
  });
}

describe("startDaemon", () => {
  test("waits until the engine answers, and leads it a session of its own", async () => {
    const engine = await start(await daemon(ANSWERING), false);
    expect(engine).toMatchObject({ version: "20.10.24", origin: "started by sitecar" });
    const pid = await readFile(join(directory, "engine.sock.pid"), "utf8");
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    const session = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[3];
    expect(session).toBe(pid);
  });

  test("an engine that ends at once is an error with its exit code and last lines", async () => {
    const path = await daemon(['console.error("failed to start: no iptables");', "process.exit(3);"]);
    await expect(start(path, false)).rejects.toMatchObject({
      code: "ENGINE_START_FAILED",
      message: expect.stringMatching(/exit code 3[^]*failed to start: no iptables/),
    });
  });

  test("an engine that ends because another one runs gives way to it", async () => {
    const path = await daemon([
      'const { spawn } = require("node:child_process");',
      `if (!process.argv[4]) { spawn(process.execPath, [__filename, ...process.argv.slice(2), "other"], { detached: true, stdio: "ignore" }).unref(); process.exit(1); }`,
      ...ANSWERING,
    ]);
    const engine = await start(path, true);
    expect(engine.version).toBe("20.10.24");
  });
});
