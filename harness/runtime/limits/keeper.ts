import { PassThrough } from "node:stream";
import type Dockerode from "dockerode";
import { SitecarError } from "../../errors/index.ts";
import { Deadline, poll } from "../../shared/clock.ts";
import { ContainerOutput, type OutputListener } from "../container-output.ts";
import type { Engine } from "../engine/engine.ts";
import { engineError, hasStatus, isNotFound } from "../engine/engine-error.ts";
import { LABELS, runLabels, type RunIdentity } from "../labels.ts";
import { removeContainer } from "../remove-container.ts";
import type { ControlGroup } from "./control-group.ts";
import { KEEPER_SCRIPT } from "./keeper-script.ts";

export interface KeeperOptions {
  /** The container's name on the engine, unique there. */
  readonly name: string;
  /** Reference of a prepared image with a shell and coreutils. */
  readonly image: string;
  readonly group: ControlGroup;
  readonly memoryBytes: number;
  /** Microseconds of processor time in each {@link PERIOD_US}. */
  readonly quotaUs: number;
}

/** The kernel's own default for processor quotas, microseconds. */
export const PERIOD_US = 100_000;

const REMOVED_WITHIN_MS = 30_000;

/**
 * The container that holds an instance's control group: it exists as long as the group does. The engine's interface can put
 * containers into a group but not make one with limits, and may be on another machine; a container that sees its
 * control groups can. It ends, and removes the group, when the connection to it ends: also when this process is killed.
 */
export class Keeper {
  readonly output = new ContainerOutput();
  readonly #container: Dockerode.Container;
  readonly #input: NodeJS.ReadWriteStream;

  private constructor(container: Dockerode.Container, input: NodeJS.ReadWriteStream) {
    this.#container = container;
    this.#input = input;
  }

  /** Starts it. `onLine` hears everything that it says, from the first line. A failure leaves nothing behind. */
  static async start(
    engine: Engine,
    run: RunIdentity,
    options: KeeperOptions & { readonly onLine: OutputListener },
  ): Promise<Keeper> {
    let container: Dockerode.Container | undefined;
    try {
      container = await engine.docker.createContainer(keeperContainer(run, options));
      const input = await container.attach({
        stream: true,
        hijack: true,
        stdin: true,
        stdout: true,
        stderr: true,
      });
      const keeper = new Keeper(container, input);
      keeper.output.subscribe(options.onLine);
      const [stdout, stderr] = [new PassThrough(), new PassThrough()];
      stdout.on("data", (chunk: Buffer) => keeper.output.write("stdout", chunk));
      stderr.on("data", (chunk: Buffer) => keeper.output.write("stderr", chunk));
      engine.docker.modem.demuxStream(input, stdout, stderr);
      // A broken stream is the engine going away; the event stream reports that once for the whole run.
      input.on("error", () => keeper.output.end());
      input.on("end", () => keeper.output.end());
      await container.start();
      return keeper;
    } catch (error) {
      await container?.remove({ force: true, v: true }).catch(() => undefined);
      throw engineError(error, `start the container that holds the limits, from ${options.image}`);
    }
  }

  /** Writes one line to its standard input. */
  say(line: string): void {
    this.#input.write(`${line}\n`);
  }

  async isRunning(): Promise<boolean> {
    try {
      return (await this.#container.inspect()).State.Running;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw engineError(error, "look at the container that holds the limits");
    }
  }

  /** Lets go and waits until it has removed the group and is gone itself. @throws {SitecarError} CLEANUP_FAILED */
  async remove(): Promise<void> {
    this.#input.end();
    await waitUntilRemoved(this.#container);
  }
}

/**
 * Ends the keeper of a run whose process died or is not to be waited for. The run's other containers must be gone.
 * @throws {SitecarError} CLEANUP_FAILED
 */
export async function releaseKeeper(container: Dockerode.Container): Promise<void> {
  try {
    await container.kill({ signal: "SIGTERM" });
  } catch (error) {
    if (isNotFound(error)) return;
    // 409: it does not run. It was never started, or has ended and is being removed; there is no group.
    if (!hasStatus(error, 409)) throw error;
    await removeContainer(container);
  }
  await waitUntilRemoved(container);
}

async function waitUntilRemoved(container: Dockerode.Container): Promise<void> {
  const outcome = await poll(
    async () => {
      try {
        await container.inspect();
        return undefined;
      } catch (error) {
        if (isNotFound(error)) return true;
        throw error;
      }
    },
    { deadline: Deadline.in(REMOVED_WITHIN_MS), intervalMs: 50 },
  );
  if (outcome.met) return;
  throw new SitecarError("CLEANUP_FAILED", {
    message: `the control group of an instance could not be removed in ${REMOVED_WITHIN_MS / 1000} s.`,
    observations: [{ label: "container", value: `${container.id.slice(0, 12)} still holds it` }],
    remedy: "see whether a container of the run still runs; `sitecar prune` removes both.",
    cause: outcome.lastFailure,
  });
}

function keeperContainer(
  run: RunIdentity,
  { name, image, group, memoryBytes, quotaUs }: KeeperOptions,
): Dockerode.ContainerCreateOptions {
  // The client's types do not have `CgroupnsMode`.
  const hostConfig: Dockerode.HostConfig & { readonly CgroupnsMode: "host" } = {
    AutoRemove: true,
    NetworkMode: "none",
    CgroupnsMode: "host",
    Binds: ["/sys/fs/cgroup:/sys/fs/cgroup"],
    SecurityOpt: ["label=disable"],
    Devices: [{ PathOnHost: "/dev/kmsg", PathInContainer: "/dev/kmsg", CgroupPermissions: "r" }],
    CapAdd: ["SYSLOG"],
    // systemd is spoken to in the namespaces of the engine's machine.
    ...(group.driver === "systemd" ? { Privileged: true, PidMode: "host" } : {}),
  };
  return {
    name,
    Image: image,
    // The reaper would take it by force, and the group would stay: it ends by itself.
    Labels: { ...runLabels({ ...run, reaperSession: undefined }), [LABELS.keeps]: group.name },
    Entrypoint: ["sh", "-c", KEEPER_SCRIPT],
    Cmd: [],
    Env: Object.entries({
      GROUP: group.name,
      VERSION: group.version,
      DRIVER: group.driver,
      MEMORY: memoryBytes,
      QUOTA: quotaUs,
      PERIOD: PERIOD_US,
    }).map(([variable, value]) => `${variable}=${value}`),
    OpenStdin: true,
    // Its input ends with the connection.
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    HostConfig: hostConfig,
  };
}
