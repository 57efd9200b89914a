import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { Deadline, poll } from "../shared/clock.ts";
import { runOnHost } from "./host-command.ts";
import { OutputTail } from "./output-tail.ts";
import { identify } from "../shared/process-identity.ts";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "sitecar-command-"));
  return () => rm(directory, { recursive: true, force: true });
});

describe("runOnHost", () => {
  test("hands back standard output; both outputs reach the tail", async () => {
    const tail = new OutputTail();
    const signal = new AbortController().signal;
    expect(await runOnHost(["sh", "-c", "echo out; echo err >&2"], { signal, tail })).toBe("out");
    expect([...tail.lines].toSorted()).toEqual(["err", "out"]);
  });

  test("finds the commands of packages above the working directory", async () => {
    const commands = join(directory, "node_modules/.bin");
    const below = join(directory, "packages/one");
    await mkdir(commands, { recursive: true });
    await mkdir(below, { recursive: true });
    await writeFile(join(commands, "sitecar-trial"), "#!/bin/sh\necho found\n");
    await chmod(join(commands, "sitecar-trial"), 0o755);
    const signal = new AbortController().signal;
    expect(await runOnHost(["sitecar-trial"], { cwd: below, signal })).toBe("found");
  });

  test("ends a command together with what it started when the signal aborts", async () => {
    const stop = new AbortController();
    let child = 0;
    const running = runOnHost(["sh", "-c", "sleep 60 & echo $!; wait"], {
      signal: stop.signal,
      onLine: (line) => {
        child = Number(line);
        stop.abort(new Error("no longer wanted"));
      },
    });
    await expect(running).rejects.toThrow("no longer wanted");
    const gone = await poll(() => Promise.resolve(identify(child) === undefined ? true : undefined), {
      deadline: Deadline.in(10_000),
    });
    expect(child).toBeGreaterThan(0);
    expect(gone.met).toBe(true);
  });

  test("rejects when the command fails", async () => {
    const signal = new AbortController().signal;
    await expect(runOnHost(["sh", "-c", "exit 3"], { signal })).rejects.toThrow("exit code 3");
  });
});
