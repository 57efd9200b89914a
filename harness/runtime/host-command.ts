import { execa } from "execa";
import { delay } from "../shared/clock.ts";
import type { OutputTail } from "./output-tail.ts";

export interface HostCommandOptions {
  readonly cwd?: string;
  /** Added to this process's own environment; `undefined` takes a variable away. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Gets every line of both outputs. */
  readonly onLine?: (line: string) => void;
  readonly tail?: OutputTail;
}

/** Milliseconds between SIGTERM and SIGKILL for a command that is no longer wanted. */
const GRACE_MS = 5_000;

/**
 * Runs a command on this machine and hands back its standard output. The commands of local packages
 * (`node_modules/.bin` of `cwd` and above) are found. When `signal` aborts, the command and everything it started is
 * ended; the same happens when this process exits.
 *
 * @throws execa's error when the command fails or can't be found
 */
export async function runOnHost(
  [file, ...args]: readonly [string, ...string[]],
  options: HostCommandOptions,
): Promise<string> {
  options.signal.throwIfAborted();
  const subprocess = execa(file, args, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd, localDir: options.cwd }),
    preferLocal: true,
    env: { ...options.environment },
    stdin: "ignore",
    // A group of its own: compilers start compilers, and all of them have to end.
    detached: true,
    all: true,
    maxBuffer: 64 * 1024 * 1024,
  });
  const finished = new AbortController();
  const onAbort = () => void endGroup(subprocess.pid, finished.signal);
  const onExit = () => signalGroup(subprocess.pid, "SIGKILL");
  options.signal.addEventListener("abort", onAbort, { once: true });
  process.once("exit", onExit);
  try {
    const reading = (async () => {
      for await (const line of subprocess.iterable({ from: "all" })) {
        options.tail?.add(line);
        options.onLine?.(line);
      }
    })();
    const [result] = await Promise.all([subprocess, reading]);
    return result.stdout;
  } catch (error) {
    options.signal.throwIfAborted();
    throw error;
  } finally {
    finished.abort();
    options.signal.removeEventListener("abort", onAbort);
    process.removeListener("exit", onExit);
  }
}

async function endGroup(leader: number | undefined, finished: AbortSignal): Promise<void> {
  signalGroup(leader, "SIGTERM");
  try {
    await delay(GRACE_MS, finished);
    signalGroup(leader, "SIGKILL");
  } catch {
    // It ended within the grace.
  }
}

function signalGroup(leader: number | undefined, name: "SIGTERM" | "SIGKILL"): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, name);
  } catch {
    // Nothing of the group is left.
  }
}
