import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { describe, expect, it, vi } from "vitest";
import { delay } from "../shared/clock.ts";

// Each test starts a process, on a machine that may have better things to do.
vi.setConfig({ testTimeout: 60_000 });

const PROGRAM = fileURLToPath(new URL("./test-support/interruptible-program.ts", import.meta.url));

/** The program, running, with what it has said so far on standard error. */
async function startProgram() {
  const subprocess = execa(process.execPath, [PROGRAM], {
    reject: false,
    stdin: "pipe",
    forceKillAfterDelay: false,
  });
  await once(subprocess.stdout, "data");
  return { subprocess, said: () => once(subprocess.stderr, "data").then(String) };
}

describe("interruptible", () => {
  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("asks for a graceful end on %s", async (name) => {
    const { subprocess, said } = await startProgram();
    const heard = said();
    subprocess.kill(name);
    expect(await heard).toBe(`Interrupted: ended by ${name}\n`);
    subprocess.stdin.end();
    expect(await subprocess).toMatchObject({ exitCode: 0, stderr: expect.stringContaining("released") });
  });

  it("takes two SIGINTs of one Ctrl-C under npm for one", async () => {
    const { subprocess, said } = await startProgram();
    const heard = said();
    subprocess.kill("SIGINT");
    await heard;
    subprocess.kill("SIGINT");
    // It answers twice, so it has lived through the second one.
    for (const word of ["still", "here"]) {
      const echoed = once(subprocess.stdout, "data");
      subprocess.stdin.write(`${word}\n`);
      expect(String(await echoed)).toBe(`${word}\n`);
    }
    subprocess.stdin.end();
    const { exitCode, stderr } = await subprocess;
    expect(exitCode).toBe(0);
    expect(stderr.match(/Interrupted/g)).toHaveLength(1);
  });

  it("ends at once on a later SIGINT", async () => {
    const { subprocess, said } = await startProgram();
    const heard = said();
    subprocess.kill("SIGINT");
    await heard;
    await delay(1300);
    subprocess.kill("SIGINT");
    expect(await subprocess).toMatchObject({ exitCode: 130 });
  });

  it("asks for a graceful end when nobody reads its output any more", async () => {
    const { subprocess, said } = await startProgram();
    const heard = said();
    subprocess.stdout.destroy();
    subprocess.stdin.write("write\n");
    expect(await heard).toContain("EPIPE");
    subprocess.stdin.end();
    expect(await subprocess).toMatchObject({ exitCode: 0 });
  });
});
