import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { SitecarError } from "../errors/index.ts";
import { cacheDirectory } from "./cache-directory.ts";
import { lockFile } from "./file-lock.ts";
import { runOnHost } from "./host-command.ts";
import type { OutputTail } from "./output-tail.ts";

export interface InstallPackagesOptions {
  /** Nothing is installed when this command is on the PATH. */
  readonly unlessCommand: string;
  /** For the message, for example `to make a Debian base image`. */
  readonly purpose: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly tail: OutputTail;
  readonly say: (detail: string) => void;
}

/**
 * Installs Debian packages on this machine: only as root, only with apt, and not under `SITECAR_NO_INSTALL=1`.
 * @throws SitecarError `IMAGE_BUILD_FAILED` when it may not or can't; the apt failure otherwise
 */
export async function installPackages(
  packages: readonly string[],
  options: InstallPackagesOptions,
): Promise<void> {
  if ((await findCommand(options.unlessCommand, options.environment)) !== undefined) return;
  const obstacle = await installObstacle(options.environment);
  if (obstacle !== undefined) {
    throw new SitecarError("IMAGE_BUILD_FAILED", {
      message: `${options.unlessCommand} is needed ${options.purpose}, but is not installed.`,
      observations: [{ label: "not installed here", value: obstacle }],
      remedy: `run \`apt-get install ${packages.join(" ")}\` as root, or make an image registry reachable.`,
    });
  }
  options.say(`apt-get installs ${packages.join(", ")}`);
  await aptInstall(packages, options);
}

/** Why packages can't be installed on this machine, or `undefined` when they can. */
export async function installObstacle(environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  if (environment["SITECAR_NO_INSTALL"] === "1") return "SITECAR_NO_INSTALL=1 forbids it";
  if (process.platform !== "linux") return `this is ${process.platform}, not Linux`;
  if (process.getuid?.() !== 0) return "not running as root";
  if ((await findCommand("apt-get", environment)) === undefined) return "there is no apt-get";
  return undefined;
}

/**
 * `apt-get install`; when that fails, the package lists are missing or too old, and it is tried once more with new ones.
 * One process at a time.
 */
export async function aptInstall(
  packages: readonly string[],
  options: {
    readonly environment: NodeJS.ProcessEnv;
    readonly signal: AbortSignal;
    readonly tail: OutputTail;
    readonly onLine?: (line: string) => void;
  },
): Promise<void> {
  await using held = new AsyncDisposableStack();
  held.use(
    await lockFile("apt", {
      directory: join(cacheDirectory(options.environment), "locks"),
      signal: options.signal,
    }),
  );
  const run = (...args: readonly string[]) =>
    // Another apt on this machine may hold dpkg's lock for a while; apt itself waits for it.
    runOnHost(["apt-get", "--yes", "--option=DPkg::Lock::Timeout=120", ...args], {
      environment: { DEBIAN_FRONTEND: "noninteractive" },
      signal: options.signal,
      tail: options.tail,
      ...(options.onLine === undefined ? {} : { onLine: options.onLine }),
    });
  const install = () => run("install", "--no-install-recommends", ...packages);
  try {
    await install();
  } catch {
    options.signal.throwIfAborted();
    await run("update");
    await install();
  }
}

/** The path of a command on the PATH, or `undefined`. */
export async function findCommand(
  name: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string | undefined> {
  for (const directory of (environment["PATH"] ?? "").split(delimiter)) {
    if (directory === "") continue;
    const path = join(directory, name);
    try {
      await access(path, constants.X_OK);
      return path;
    } catch {
      // Not in this directory.
    }
  }
  return undefined;
}
