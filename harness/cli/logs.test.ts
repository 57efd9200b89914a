import { execa } from "execa";
import { appendFile, mkdir, mkdtemp, rm, symlink, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

// Each test starts a process or more, on a machine that may have better things to do.
vi.setConfig({ testTimeout: 60_000 });

const MAIN = path.join(import.meta.dirname, "main.ts");
const RUN = "20260102-030405-shop-0a1b";
let root: string;
let run: string;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), "runs-"));
  run = path.join(root, RUN);
  await mkdir(path.join(run, "logs"), { recursive: true });
  await symlink(RUN, path.join(root, "latest"));
  await writeFile(
    path.join(run, "plan.json"),
    JSON.stringify({ containers: [{ name: "main" }, { name: "dapr" }] }),
  );
  await log("main", "03:04:05.100 stdout listening ✓", "03:04:05.300 stderr   indented");
  await log("main.1", "03:04:05.150 stdout second worker");
  await log("platform", `03:04:05.000 stdout {"type":"ready"}`);
  await timeline("03:04:05.200", "Site started.", "INFO");
});
afterEach(() => rm(root, { recursive: true }));

async function log(name: string, ...lines: string[]): Promise<void> {
  const stamped = lines.map((line) => `2026-01-02T${line.replace(" ", "Z ")}\n`).join("");
  await appendFile(path.join(run, "logs", `${name}.log`), stamped);
}

async function timeline(time: string, line: string, level: string): Promise<void> {
  const event = { seq: 0, wall: `2026-01-02T${time}Z`, type: "platform.log", level, line };
  await appendFile(
    path.join(run, "timeline.jsonl"),
    `${JSON.stringify({ type: "phase" })}\n${JSON.stringify(event)}\n`,
  );
}

function sitecar(...args: string[]) {
  return execa(process.execPath, [MAIN, "logs", ...args], {
    reject: false,
    env: { SITECAR_RUNS: root },
  });
}

describe("sitecar logs", () => {
  it("shows all of the newest run by time, each line with whose it is", async () => {
    expect((await sitecar()).stdout.split("\n")).toEqual([
      "2026-01-02T03:04:05.100Z main       | listening ✓",
      "2026-01-02T03:04:05.150Z main.1     | second worker",
      "2026-01-02T03:04:05.200Z platform   | Site started.",
      "2026-01-02T03:04:05.300Z main       |   indented",
    ]);
  });

  it("shows one container with its workers, one worker, the platform, or a container that printed nothing", async () => {
    expect((await sitecar("main", "--run", RUN)).stdout.split("\n")).toEqual([
      "2026-01-02T03:04:05.100Z listening ✓",
      "2026-01-02T03:04:05.150Z main.1     | second worker",
      "2026-01-02T03:04:05.300Z   indented",
    ]);
    expect((await sitecar("main.1")).stdout).toBe("2026-01-02T03:04:05.150Z second worker");
    expect((await sitecar("platform")).stdout).toBe("2026-01-02T03:04:05.200Z Site started.");
    expect(await sitecar("dapr")).toMatchObject({ exitCode: 0, stdout: "" });
  });

  it("follows until the run ends, without a line lost or told twice", async () => {
    const owner = path.join(run, "running.pid");
    await writeFile(owner, String(process.pid));
    const following = sitecar("--follow", "main");
    await untilPrinted(following, "indented");
    // Half a line is none yet, nor is half a character.
    const bytes = Buffer.from("2026-01-02T03:04:06.000Z stdout späte Zeile\n");
    const middle = bytes.indexOf("ä") + 1;
    await appendFile(path.join(run, "logs", "main.log"), bytes.subarray(0, middle));
    await log("main.1", "03:04:06.100 stdout between");
    await untilPrinted(following, "between");
    await appendFile(path.join(run, "logs", "main.log"), bytes.subarray(middle));
    await unlink(owner);
    const { stdout, exitCode } = await following;
    expect(exitCode).toBe(0);
    expect(stdout.split("\n").slice(3)).toEqual([
      "2026-01-02T03:04:06.100Z main.1     | between",
      "2026-01-02T03:04:06.000Z späte Zeile",
    ]);
  });

  it("does not wait for a run whose process has died", async () => {
    await writeFile(path.join(run, "running.pid"), "999999999");
    expect(await sitecar("-f", "platform")).toMatchObject({ exitCode: 0 });
  });

  it.each([
    [
      ["mian"],
      64,
      /CONTAINER_UNKNOWN: the run .* has no container "mian".*main[^]*known +main, dapr, main\.1, platform/,
    ],
    [
      ["--run", "20260102-030405-shop-ffff"],
      64,
      /USAGE: no run "20260102-030405-shop-ffff"[^]*newest +20260102-030405-shop-0a1b/,
    ],
  ])("%j is refused with what there is", async (args, exitCode, message) => {
    const failed = await sitecar(...args);
    expect(failed).toMatchObject({ exitCode, stdout: "" });
    expect(failed.stderr).toMatch(message);
  });

  it("says where it looked when there is no run at all", async () => {
    await unlink(path.join(root, "latest"));
    await rm(run, { recursive: true });
    expect((await sitecar()).stderr).toMatch(/USAGE: no run is recorded in .*\n.*sitecar up/);
  });
});

/** Resolves when the text has been printed; the test's own time limit ends the wait. */
async function untilPrinted(following: ReturnType<typeof sitecar>, text: string): Promise<void> {
  await new Promise<void>((resolve) => {
    let seen = "";
    following.stdout.on("data", (chunk: Buffer) => {
      seen += chunk.toString();
      if (seen.includes(text)) resolve();
    });
  });
}
