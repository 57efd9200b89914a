import { PassThrough, Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import { finished } from "node:stream/promises";
import type Dockerode from "dockerode";
import { pack } from "tar-stream";
import type { Engine } from "./engine/engine.ts";
import { engineError, hasStatus, isNotFound } from "./engine/engine-error.ts";
import { ContainerOutput } from "./container-output.ts";
import { createOptions, type ContainerFile, type ContainerSpecification } from "./container-specification.ts";
import { readArchive, type ArchiveEntry } from "./archive.ts";
import { limitContainer, type ContainerLimits } from "./limits/container-limits.ts";
import { LABELS, runLabels, type RunIdentity } from "./labels.ts";
import { removeContainer } from "./remove-container.ts";

export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A container on the engine, from its creation to its removal. It can be started, killed, paused and started again;
 * its output is read from before each start, so no line is lost. What happens to it is told by the engine's events
 * (see `watchContainers`), not by the calls made here.
 */
export class EngineContainer {
  readonly id: string;
  readonly name: string;
  readonly label: string;
  readonly output = new ContainerOutput();
  readonly #engine: Engine;
  readonly #container: Dockerode.Container;
  readonly #hasInput: boolean;
  readonly #firstInput: (() => string) | undefined;
  #input: NodeJS.WritableStream | undefined;

  private constructor(
    engine: Engine,
    container: Dockerode.Container,
    names: { name: string; label: string; input?: boolean; firstInput?: () => string },
  ) {
    this.#engine = engine;
    this.#container = container;
    this.id = container.id;
    this.name = names.name;
    this.label = names.label;
    this.#hasInput = names.input ?? false;
    this.#firstInput = names.firstInput;
  }

  /** Creates, and places the files; does not start. A failure leaves nothing behind. */
  static async create(
    engine: Engine,
    run: RunIdentity,
    specification: ContainerSpecification,
  ): Promise<EngineContainer> {
    const labels = { ...runLabels(run), [LABELS.container]: specification.label };
    let container: Dockerode.Container;
    try {
      container = await engine.docker.createContainer(createOptions(specification, labels));
    } catch (error) {
      throw engineError(error, `create container "${specification.label}" from ${specification.image}`);
    }
    const created = new EngineContainer(engine, container, specification);
    try {
      await created.placeFiles(specification.files ?? []);
      return created;
    } catch (error) {
      await created.remove().catch(() => undefined);
      throw error;
    }
  }

  /** A handle on a container that something else created, for example testcontainers. */
  static of(
    engine: Engine,
    id: string,
    names: { readonly name: string; readonly label: string },
  ): EngineContainer {
    return new EngineContainer(engine, engine.docker.getContainer(id), names);
  }

  async placeFiles(files: readonly ContainerFile[]): Promise<void> {
    if (files.length === 0) return;
    const archive = pack();
    for (const file of files) archive.entry({ name: file.path, mode: file.mode }, file.content);
    archive.finalize();
    const bytes = await buffer(archive);
    await this.#call("place files into", () => this.#container.putArchive(bytes, { path: "/" }));
  }

  /** Files below `path` with their bytes; works on a container that was never started. Missing path: empty. */
  async readFiles(path: string): Promise<readonly ArchiveEntry[]> {
    try {
      return await readArchive(await this.#container.getArchive({ path }));
    } catch (error) {
      if (isNotFound(error)) return [];
      throw engineError(error, `read ${path} from container "${this.label}"`);
    }
  }

  /** Listens to the output, then makes the one call that starts it. */
  async start(): Promise<void> {
    await this.listen();
    if (this.#firstInput !== undefined) this.write(this.#firstInput());
    await this.#call("start", () => this.#container.start());
  }

  /** Reads the output from now until the container ends. For containers that something else starts. */
  async listen(): Promise<void> {
    const stream = await this.#call("attach to", () =>
      this.#container.attach({
        stream: true,
        stdout: true,
        stderr: true,
        // Only a hijacked connection carries input; one without would end with the request.
        ...(this.#hasInput ? { stdin: true, hijack: true } : {}),
      }),
    );
    this.output.begin();
    this.#input = this.#hasInput ? stream : undefined;
    const stdout = new PassThrough();
    const stderr = new PassThrough();
    stdout.on("data", (chunk: Buffer) => this.output.write("stdout", chunk));
    stderr.on("data", (chunk: Buffer) => this.output.write("stderr", chunk));
    this.#engine.docker.modem.demuxStream(stream, stdout, stderr);
    // A broken stream is the engine going away; the event stream reports that once for the whole run.
    let ended = false;
    const end = (): void => {
      if (!ended) this.output.end();
      ended = true;
    };
    for (const event of ["end", "error", "close"]) stream.on(event, end);
  }

  /**
   * Hands a text to the standard input of a container that was created with one. What the container never reads, because
   * it has ended, is lost: whoever asks for something waits for its answer.
   */
  write(input: string): void {
    if (this.#input?.writable === true) this.#input.write(input);
  }

  /** @param signal default SIGKILL. */
  async kill(signal = "SIGKILL"): Promise<void> {
    await this.#call(`send ${signal} to`, () => this.#container.kill({ signal }));
  }

  /** The image's stop signal (SIGTERM unless it says otherwise), then SIGKILL after the grace. Resolves when it has ended. */
  async stop(graceSeconds: number): Promise<void> {
    await this.#call("stop", async () => {
      try {
        await this.#container.stop({ t: graceSeconds });
      } catch (error) {
        // 304: it had ended already.
        if (!hasStatus(error, 304)) throw error;
      }
    });
  }

  async pause(): Promise<void> {
    await this.#call("pause", () => this.#container.pause());
  }

  async resume(): Promise<void> {
    await this.#call("resume", () => this.#container.unpause());
  }

  /** Limits of its own. Returns the way to lift them. @throws {SitecarError} FAULT_NOT_POSSIBLE */
  async limit(limits: ContainerLimits): Promise<() => Promise<void>> {
    return await this.#call("limit", () => limitContainer(this.#engine, this.#container, limits));
  }

  /** Forced; a container that is gone already is fine. */
  async remove(): Promise<void> {
    await this.#call("remove", () => removeContainer(this.#container));
  }

  async inspect(): Promise<Dockerode.ContainerInspectInfo> {
    return await this.#call("inspect", () => this.#container.inspect());
  }

  /** The port of 127.0.0.1 on which a container port is published; `undefined` when it is not, or not running. */
  async publishedPort(port: number): Promise<number | undefined> {
    return publishedPortOf(await this.inspect(), port);
  }

  /** All output of all its lives so far, stdout and stderr in the order in which the engine kept them. */
  async logs(): Promise<string> {
    return await this.#call("read the output of", async () => {
      const frames = await this.#container.logs({ stdout: true, stderr: true });
      const [both, frameStream] = [new PassThrough(), Readable.from([frames])];
      this.#engine.docker.modem.demuxStream(frameStream, both, both);
      frameStream.on("end", () => both.end());
      return await text(both);
    });
  }

  async exec(command: readonly string[], signal?: AbortSignal): Promise<ExecResult> {
    return await this.#call("run a command in", async () => {
      const exec = await this.#container.exec({ Cmd: [...command], AttachStdout: true, AttachStderr: true });
      const stream = await exec.start({ hijack: true, stdin: false });
      const abort = (): void => void stream.destroy(new Error("aborted"));
      signal?.addEventListener("abort", abort, { once: true });
      const [stdout, stderr] = [new PassThrough(), new PassThrough()];
      this.#engine.docker.modem.demuxStream(stream, stdout, stderr);
      const ended = finished(stream, { writable: false }).finally(() => {
        signal?.removeEventListener("abort", abort);
        stdout.end();
        stderr.end();
      });
      const [, out, err] = await Promise.all([ended, text(stdout), text(stderr)]);
      const { ExitCode } = await exec.inspect();
      return { exitCode: ExitCode ?? -1, stdout: out, stderr: err };
    });
  }

  async #call<T>(doing: string, call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw engineError(error, `${doing} container "${this.label}"`);
    }
  }
}

/** Of an inspected container; `undefined`: the port is not published, or the container does not run. */
export function publishedPortOf(
  { NetworkSettings }: Dockerode.ContainerInspectInfo,
  port: number,
): number | undefined {
  const ports = NetworkSettings.Ports as Record<string, { HostPort: string }[] | null>;
  const hostPort = ports[`${port}/tcp`]?.[0]?.HostPort;
  return hostPort === undefined ? undefined : Number(hostPort);
}
