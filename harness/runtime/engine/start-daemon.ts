import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, open, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { SitecarError } from "../../errors/index.ts";
import { Deadline, poll } from "../../shared/clock.ts";
import { OutputTail } from "../output-tail.ts";
import { askEngine } from "./ask-engine.ts";
import type { EngineAddress } from "./docker-context.ts";
import type { Engine } from "./engine.ts";
import { anEngineRuns } from "./stale-pid-files.ts";

/** dockerd's output. It outlives sitecar, so it lies where a system's logs lie. */
const LOG_FILE = "/var/log/sitecar/dockerd.log";
/** A first start on a slow disk prepares its storage. */
const START_BUDGET_MS = 60_000;

/**
 * Starts dockerd in a session of its own, so that it outlives this process and its terminal, and waits until it answers.
 * @throws SitecarError `ENGINE_START_FAILED` with its last lines when it ends or does not answer within 60 s
 */
export async function startDaemon(
  daemon: string,
  address: EngineAddress,
  signal: AbortSignal,
  options: { readonly logFile?: string; readonly anotherRuns?: () => Promise<boolean> } = {},
): Promise<Engine> {
  const { logFile = LOG_FILE, anotherRuns = anEngineRuns } = options;
  await mkdir(dirname(logFile), { recursive: true });
  // Appended: what an earlier engine said before it ended may be needed yet.
  const log = await open(logFile, "a");
  const { size: before } = await log.stat();
  const child = spawn(daemon, ["--host", address.host], {
    detached: true,
    stdio: ["ignore", log.fd, log.fd],
  });
  let ended: string | undefined;
  child.once("exit", (code, name) => {
    ended = `dockerd ended with ${name ?? `exit code ${code}`}`;
  });
  try {
    await once(child, "spawn");
  } finally {
    await log.close();
  }
  child.unref();
  const outcome = await poll(
    async () => {
      // The package's own script may have started one first; ours then ends, and the other is as good.
      const hopeless = ended !== undefined && !(await anotherRuns());
      return hopeless ? { engine: undefined } : { engine: await askEngine(address, signal) };
    },
    { deadline: Deadline.in(START_BUDGET_MS), signal },
  );
  if (outcome.met && outcome.value.engine !== undefined) return outcome.value.engine;
  const tail = new OutputTail();
  tail.add((await readFile(logFile)).subarray(before).toString("utf8"));
  throw new SitecarError("ENGINE_START_FAILED", {
    message: ended ?? `dockerd did not answer within ${START_BUDGET_MS / 1000} s.`,
    observations: [
      { label: "last lines", value: tail.toString() },
      { label: "log", value: logFile },
    ],
    remedy:
      "the last lines say why. In a container or sandbox without the needed rights, point DOCKER_HOST to an engine outside it.",
  });
}
