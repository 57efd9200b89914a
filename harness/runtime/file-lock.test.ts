import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { lockFile } from "./file-lock.ts";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "sitecar-lock-"));
  return () => rm(directory, { recursive: true, force: true });
});

describe("lockFile", () => {
  test("lets one holder in at a time, and leaves nothing behind", async () => {
    let inside = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        await using held = new AsyncDisposableStack();
        held.use(await lockFile("x", { directory }));
        most = Math.max(most, ++inside);
        await readdir(directory);
        inside--;
      }),
    );
    expect(most).toBe(1);
    expect(await readdir(directory)).toEqual([]);
  });

  test("waits for a living process, says so once, and goes on when that process is gone", async () => {
    const holder = spawn(process.execPath, ["--eval", holdScript(directory)], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    onTestFinished(() => void holder.kill("SIGKILL"));
    await once(holder.stdout, "data");
    const waitedFor: number[] = [];
    const exited = once(holder, "exit");
    const taken = lockFile("x", {
      directory,
      onWait: ({ pid }) => {
        waitedFor.push(pid);
        holder.kill("SIGKILL");
      },
    });
    await (await taken)[Symbol.asyncDispose]();
    await exited;
    expect(waitedFor).toEqual([holder.pid]);
  });

  test("takes over from a process number that another process has now", async () => {
    const path = join(directory, "x.lock");
    await writeFile(path, JSON.stringify({ pid: process.pid, startedAt: "1", token: "old" }));
    const lock = await lockFile("x", { directory });
    await lock[Symbol.asyncDispose]();
    expect(await readdir(directory)).toEqual([]);
  });

  test("rejects with the signal's reason while it waits", async () => {
    const first = await lockFile("x", { directory });
    const stop = new AbortController();
    const second = lockFile("x", { directory, signal: stop.signal, onWait: () => stop.abort("enough") });
    await expect(second).rejects.toBe("enough");
    await first[Symbol.asyncDispose]();
  });
});

function holdScript(lockDirectory: string): string {
  const module = JSON.stringify(new URL("./file-lock.ts", import.meta.url).href);
  return `import(${module}).then(async ({ lockFile }) => {
    await lockFile("x", { directory: ${JSON.stringify(lockDirectory)} });
    console.log("held");
    process.stdin.resume();
  });`;
}
