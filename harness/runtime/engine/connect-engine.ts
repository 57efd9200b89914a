import { SitecarError, type Observation } from "../../errors/index.ts";
import { silent, type ProgressSink } from "../../shared/progress.ts";
import { askEngine } from "./ask-engine.ts";
import type { EngineAddress } from "./docker-context.ts";
import { engineAddresses, FOUND_HOST_VARIABLE } from "./engine-addresses.ts";
import type { Engine } from "./engine.ts";
import { provisionEngine, provisionObstacle } from "./provision-engine.ts";

export interface ConnectEngineOptions {
  /** Whether an engine may be installed and started. Default: unless `SITECAR_NO_INSTALL=1`. */
  readonly mayInstall?: boolean;
  readonly progress?: ProgressSink;
  readonly signal?: AbortSignal;
  /** Default `process.env`. */
  readonly environment?: NodeJS.ProcessEnv;
}

/**
 * The container engine of this machine: what `DOCKER_HOST` names, else the docker client's context, else one of the
 * usual sockets. Where there is none, a Debian-like Linux under root gets one installed and started.
 *
 * @throws SitecarError `ENGINE_NOT_FOUND`, `ENGINE_START_FAILED`, `ENGINE_TOO_OLD`
 */
export async function connectEngine(options: ConnectEngineOptions = {}): Promise<Engine> {
  const environment = options.environment ?? process.env;
  const addresses = await engineAddresses(environment);
  const { found, failures } = await firstThatAnswers(addresses, options.signal);
  if (found !== undefined) return shared(found.engine, found.address, environment);
  const obstacle = await whyNotProvision(addresses, options, environment);
  if (obstacle !== undefined) throw notFound(addresses, failures, obstacle);
  const { engine, address } = await provisionEngine({
    environment,
    progress: options.progress ?? silent,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  return shared(engine, address, environment);
}

async function firstThatAnswers(
  addresses: readonly EngineAddress[],
  signal: AbortSignal | undefined,
): Promise<{
  readonly found?: { readonly engine: Engine; readonly address: EngineAddress };
  readonly failures: readonly Observation[];
}> {
  const failures: Observation[] = [];
  for (const address of addresses) {
    try {
      return { found: { engine: await askEngine(address, signal), address }, failures };
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof SitecarError) throw error;
      failures.push({ label: address.origin, value: wordsOf(error) });
    }
  }
  return { failures };
}

async function whyNotProvision(
  addresses: readonly EngineAddress[],
  options: ConnectEngineOptions,
  environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  if (addresses.some(({ explicit }) => explicit))
    return "an engine was named, so no other is put in its place";
  if (options.mayInstall === false) return "this command installs nothing";
  return provisionObstacle(environment);
}

function notFound(
  addresses: readonly EngineAddress[],
  failures: readonly Observation[],
  obstacle: string,
): SitecarError {
  const named = addresses.find(({ explicit }) => explicit);
  return new SitecarError("ENGINE_NOT_FOUND", {
    message:
      named === undefined
        ? "no container engine answers on this machine."
        : `the container engine that ${named.origin} names (${named.host || "no endpoint"}) does not answer.`,
    observations: [...failures, { label: "not installed", value: obstacle }],
    remedy:
      named === undefined ? remedyFor(process.platform) : `start that engine, or correct ${named.origin}.`,
  });
}

function remedyFor(platform: NodeJS.Platform): string {
  if (platform === "darwin") return "start Docker Desktop, OrbStack, Rancher Desktop or `colima start`.";
  if (platform === "win32") return "start Docker Desktop, and run sitecar inside WSL 2.";
  return "start the engine (`systemctl start docker`), install one (`apt-get install docker.io iptables`), or run as root on Debian or Ubuntu: then sitecar does it.";
}

/**
 * testcontainers, which runs the storage emulator in this process, looks for its engine by itself. `DOCKER_HOST` is the
 * one setting that makes it, and every child process, find the same one.
 */
function shared(engine: Engine, address: EngineAddress, environment: NodeJS.ProcessEnv): Engine {
  if (environment["DOCKER_HOST"]) return engine;
  environment["DOCKER_HOST"] = address.host;
  environment[FOUND_HOST_VARIABLE] = address.host;
  return engine;
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  if (code === "ENOENT") return "no such socket";
  return error.message || code || error.name;
}
