import { join } from "node:path";
import { SitecarError } from "../../errors/index.ts";
import type { ProgressSink } from "../../shared/progress.ts";
import { cacheDirectory } from "../cache-directory.ts";
import { lockFile } from "../file-lock.ts";
import { aptInstall, findCommand, installObstacle } from "../host-packages.ts";
import { OutputTail } from "../output-tail.ts";
import { askEngine } from "./ask-engine.ts";
import type { EngineAddress } from "./docker-context.ts";
import { SYSTEM_SOCKET } from "./engine-addresses.ts";
import type { Engine } from "./engine.ts";
import { removeStalePidFiles } from "./stale-pid-files.ts";
import { startDaemon } from "./start-daemon.ts";

const STEP = "engine";
/** Debian's engine, and the command it needs to publish ports. */
const PACKAGES = ["docker.io", "iptables"];
/** apt says more than anyone reads. */
const TELL_INTERVAL_MS = 2_000;

export interface ProvisionOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly progress: ProgressSink;
  readonly signal?: AbortSignal;
}

/** Why no engine can be put onto this machine, or `undefined` when one can. */
export async function provisionObstacle(environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  return installObstacle(environment);
}

/**
 * Installs Debian's engine when there is none, and starts it without a service manager. Of several processes one does
 * it, and the others use what it started.
 *
 * @throws SitecarError `ENGINE_START_FAILED`
 */
export async function provisionEngine(
  options: ProvisionOptions,
): Promise<{ readonly engine: Engine; readonly address: EngineAddress }> {
  const { environment, progress } = options;
  const signal = options.signal ?? new AbortController().signal;
  const startedAt = performance.now();
  const tell = (state: "started" | "working" | "done" | "failed", detail: string) =>
    progress({ step: STEP, state, detail, elapsedMs: performance.now() - startedAt });
  const address = { host: `unix://${SYSTEM_SOCKET}`, origin: "started by sitecar", explicit: false };
  tell("started", "no container engine answers");
  await using held = new AsyncDisposableStack();
  held.use(
    await lockFile("engine", {
      directory: join(cacheDirectory(environment), "locks"),
      signal,
      onWait: ({ pid }) => tell("working", `waiting for process ${pid}, which starts one`),
    }),
  );
  try {
    const meanwhile = await askEngine(address, signal).catch(() => undefined);
    const engine = meanwhile ?? (await installAndStart({ environment, signal, tell }, address));
    tell("done", `engine ${engine.version} answers on ${SYSTEM_SOCKET}`);
    return { engine, address };
  } catch (error) {
    tell("failed", error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error));
    throw error;
  }
}

async function installAndStart(
  options: {
    readonly environment: NodeJS.ProcessEnv;
    readonly signal: AbortSignal;
    readonly tell: (state: "working", detail: string) => void;
  },
  address: EngineAddress,
): Promise<Engine> {
  const { environment, signal, tell } = options;
  const missing: string[] = [];
  if ((await findDaemon(environment)) === undefined) missing.push(...PACKAGES);
  else if ((await findCommand("iptables", environment)) === undefined) missing.push("iptables");
  if (missing.length > 0) {
    tell("working", `installing ${missing.join(" and ")} with apt-get`);
    let toldAt = performance.now();
    await install(missing, environment, signal, (line) => {
      if (performance.now() - toldAt < TELL_INTERVAL_MS) return;
      toldAt = performance.now();
      tell("working", line);
    });
  }
  const daemon = await findDaemon(environment);
  if (daemon === undefined) {
    throw new SitecarError("ENGINE_START_FAILED", {
      message: "the engine's packages were installed, but there is no dockerd.",
      remedy: "look at what `apt-get install docker.io` says.",
    });
  }
  const removed = await removeStalePidFiles();
  for (const path of removed) tell("working", `removed ${path}, left by an engine that no longer runs`);
  tell("working", "starting dockerd");
  return startDaemon(daemon, address, signal);
}

function findDaemon(environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  // Root's PATH has sbin; the PATH of a script may not.
  const path = `${environment["PATH"] ?? ""}:/usr/local/sbin:/usr/sbin:/sbin`;
  return findCommand("dockerd", { ...environment, PATH: path });
}

async function install(
  packages: readonly string[],
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
  onLine: (line: string) => void,
): Promise<void> {
  const tail = new OutputTail();
  try {
    await aptInstall(packages, { environment, signal, tail, onLine });
  } catch (error) {
    signal.throwIfAborted();
    throw new SitecarError("ENGINE_START_FAILED", {
      message: `apt-get could not install ${packages.join(" and ")}.`,
      observations: [{ label: "last lines", value: tail.toString() }],
      remedy: "correct what apt-get says, or install and start a container engine by hand.",
      cause: error,
    });
  }
}
