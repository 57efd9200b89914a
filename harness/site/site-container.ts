import type { EngineContainer, ExecResult } from "../runtime/container.ts";
import type { OutputLine } from "../runtime/container-output.ts";
import type { ContainerLimits } from "../runtime/limits/container-limits.ts";
import type { ContainerEvent } from "../runtime/container-events.ts";
import { Deadline } from "../shared/clock.ts";
import type { EventOf, TimelineEvent } from "../timeline/events.ts";
import type { Timeline } from "../timeline/timeline.ts";
import type { PlannedStart } from "./planned-start.ts";

export type ContainerState = "created" | "running" | "paused" | "exited";

/** What the handle needs of the engine's container. */
export type ContainerControls = Pick<
  EngineContainer,
  "id" | "label" | "output" | "start" | "kill" | "stop" | "pause" | "resume" | "exec" | "logs" | "limit"
>;

/** How one life of a container ended. */
export type ContainerExit = EventOf<"container.exited">;

const ENGINE_ANSWER_MS = 30_000;

/** The exit code of a container whose first process was killed, as the kernel does when memory ran out. */
const KILLED = 137;

export interface SiteContainerOptions {
  /** The site's stop limit (A7.1): between SIGTERM and SIGKILL. */
  readonly graceSeconds: number;
  /** Makes the first start call where the container's creator keeps it, as testcontainers does. */
  readonly firstStart?: () => Promise<void>;
  /** Of a container that is there already. Default: created. */
  readonly state?: ContainerState;
}

/**
 * One container of a running site. Its state follows the engine's events, which are also what the timeline holds; every
 * call here resolves when the engine has said that it happened.
 */
export class SiteContainer {
  readonly name: string;
  readonly #container: ContainerControls;
  readonly #timeline: Timeline;
  readonly #options: SiteContainerOptions;
  #state: ContainerState;
  #everStarted = false;
  #endIsAsked = false;
  #isRetired = false;
  #outOfMemory = false;
  #planned: PlannedStart | undefined;

  constructor(container: ContainerControls, timeline: Timeline, options: SiteContainerOptions) {
    this.name = container.label;
    this.#container = container;
    this.#timeline = timeline;
    this.#options = options;
    this.#state = options.state ?? "created";
  }

  get state(): ContainerState {
    return this.#state;
  }

  /** Its instance is being stopped or removed: nothing is to be done to it any more. */
  get isRetired(): boolean {
    return this.#isRetired;
  }

  /** The engine's id. */
  get id(): string {
    return this.#container.id;
  }

  /** The last lines of output, oldest first; all of it is in the run's folder. */
  lastLines(count: number): readonly OutputLine[] {
    return this.#container.output.last(count);
  }

  /** After its end: resolves when its last lines are there too. The engine tells of an end and hands over output apart. */
  async untilLastLines(signal: AbortSignal): Promise<void> {
    await this.#container.output.ended(signal);
  }

  /** All output of all its lives so far, as the engine has it. */
  async logs(): Promise<string> {
    return await this.#container.logs();
  }

  /** Calls `listener` for each line of output from now on. Returns the way to stop it. */
  onOutput(listener: (line: OutputLine) => void): () => void {
    return this.#container.output.subscribe(listener);
  }

  /**
   * Starts it, for the first time or again. Resolves when the engine has started it, not when it is ready.
   * @returns when it started by the engine's clock, milliseconds since the run began.
   */
  async start(planned?: PlannedStart): Promise<number> {
    this.#planned = planned;
    const started = this.#next("container.started", "started");
    started.catch(() => undefined); // the start call's own failure is the better one
    await this.startCall();
    return (await started).tMs;
  }

  /** The one call that lets the engine start it. */
  protected async startCall(): Promise<void> {
    const { firstStart } = this.#options;
    if (!this.#everStarted && firstStart !== undefined) await firstStart();
    else await this.#container.start();
    this.#everStarted = true;
  }

  /** Sends a signal and, for SIGKILL, waits for the end. @param signal default SIGKILL. */
  async kill(signal = "SIGKILL"): Promise<void> {
    const exited = signal === "SIGKILL" ? this.#next("container.exited", "ended") : undefined;
    exited?.catch(() => undefined);
    this.#signalled(signal);
    await this.#container.kill(signal);
    await exited;
  }

  /**
   * Ends it as if it had ended by itself: to the platform it is a crash, which it answers as it does (A3.6, A3.7), while after
   * {@link kill} it leaves the container to whoever killed it. Resolves when it has ended.
   * @param signal default SIGKILL; one that its process does not take is no crash, and the wait for its end fails.
   */
  async crash(signal = "SIGKILL"): Promise<ContainerExit> {
    const exited = this.#next("container.exited", "ended");
    exited.catch(() => undefined);
    this.#timeline.record({ type: "container.signalled", container: this.name, signal });
    await this.#container.kill(signal);
    return await exited;
  }

  /**
   * As the platform stops it: SIGTERM, then SIGKILL after the grace (A7.1). Resolves with how it ended.
   * @param graceSeconds default: the site's stop limit.
   */
  async stop(graceSeconds = this.#options.graceSeconds): Promise<ContainerExit | undefined> {
    if (this.#state !== "running" && this.#state !== "paused") return undefined;
    const exited = this.#next("container.exited", "ended", graceSeconds * 1000 + ENGINE_ANSWER_MS);
    exited.catch(() => undefined);
    this.#signalled("SIGTERM");
    await this.#container.stop(graceSeconds);
    return await exited;
  }

  /** Freezes all its processes. */
  async pause(): Promise<void> {
    const paused = this.#next("container.paused", "paused");
    paused.catch(() => undefined);
    await this.#container.pause();
    await paused;
  }

  async resume(): Promise<void> {
    const resumed = this.#next("container.resumed", "resumed");
    resumed.catch(() => undefined);
    await this.#container.resume();
    await resumed;
  }

  /**
   * Limits of its own, below what its instance has, over all its lives; a process that then runs out of memory is killed.
   * @returns the way to lift them. @throws {SitecarError} FAULT_NOT_POSSIBLE where the engine can't.
   */
  async limit(limits: ContainerLimits): Promise<() => Promise<void>> {
    return await this.#container.limit(limits);
  }

  /** Stops it as the platform does and starts it again. */
  async restart(graceSeconds = this.#options.graceSeconds): Promise<void> {
    await this.stop(graceSeconds);
    await this.start();
  }

  /** Waits until it ends by itself. @throws {SitecarError} WAIT_TIMED_OUT */
  async ended(withinMs: number, signal?: AbortSignal): Promise<ContainerExit> {
    return await this.#timeline.waitFor(() => this.exits().at(-1), {
      deadline: Deadline.in(withinMs),
      description: `container "${this.name}" to end`,
      ...(signal === undefined ? {} : { signal }),
    });
  }

  /** Waits until it has ended, if it has not. @throws {SitecarError} WAIT_TIMED_OUT */
  async untilEnded(withinMs: number): Promise<void> {
    await this.#timeline.waitFor(() => (this.#state === "exited" ? true : undefined), {
      deadline: Deadline.in(withinMs),
      description: `container "${this.name}" to end`,
    });
  }

  /** Every end so far. */
  exits(): readonly ContainerExit[] {
    return this.#timeline.of("container.exited").filter(({ container }) => container === this.name);
  }

  async exec(command: readonly string[], signal?: AbortSignal): Promise<ExecResult> {
    return await this.#container.exec(command, signal);
  }

  /** What ends it from now on is the harness's doing, for example its removal. */
  expectEnd(): void {
    this.#endIsAsked = true;
    this.#isRetired = true;
  }

  /** Its instance is being stopped: it is left to the platform. */
  retire(): void {
    this.#isRetired = true;
  }

  /** Follows the engine: called with every event of this container, in order. */
  follow(event: ContainerEvent): void {
    switch (event.action) {
      case "started":
        this.#endIsAsked = false;
        this.#outOfMemory = false;
        this.engineStarted(event.wallMs);
        break;
      case "exited":
        this.#state = "exited";
        this.#timeline.record(
          {
            type: "container.exited",
            container: this.name,
            exitCode: event.exitCode ?? -1,
            // A process that was killed earlier, and outlived by the container, is not why it ends.
            outOfMemory: this.#outOfMemory && event.exitCode === KILLED && !this.#endIsAsked,
            asked: this.#endIsAsked,
          },
          event.wallMs,
        );
        break;
      case "paused":
      case "resumed":
        this.#state = event.action === "paused" ? "paused" : "running";
        this.#timeline.record({ type: `container.${event.action}`, container: this.name }, event.wallMs);
        break;
      case "out-of-memory": {
        this.#outOfMemory = true;
        const { process, limit, wallMs } = event;
        if (process === undefined || limit === undefined) break;
        this.#timeline.record(
          { type: "container.out-of-memory", container: this.name, process, limit },
          wallMs,
        );
        break;
      }
      case "killed":
        break; // signals are recorded when they are asked for
    }
  }

  /** The engine has started it. */
  protected engineStarted(wallMs: number): void {
    const planned = this.#planned;
    this.#planned = undefined;
    this.recordStart(wallMs, planned);
  }

  /** It has started, as the site sees it. */
  protected recordStart(wallMs: number, planned: PlannedStart | undefined): TimelineEvent {
    this.#state = "running";
    return this.#timeline.record(
      {
        type: "container.started",
        container: this.name,
        ...(planned === undefined
          ? {}
          : {
              plannedMs: planned.atMs,
              latenessMs: Math.round(this.#timeline.at(wallMs) - planned.beganMs - planned.atMs),
            }),
      },
      wallMs,
    );
  }

  #signalled(signal: string): void {
    this.#endIsAsked = true;
    this.#timeline.record({ type: "container.signalled", container: this.name, signal });
  }

  async #next<T extends "container.started" | "container.exited" | "container.paused" | "container.resumed">(
    type: T,
    verb: string,
    withinMs = ENGINE_ANSWER_MS,
  ): Promise<EventOf<T>> {
    const from = this.#timeline.events.length;
    const matches = (event: TimelineEvent): event is EventOf<T> =>
      event.type === type && "container" in event && event.container === this.name;
    return await this.#timeline.waitFor((events) => events.slice(from).find(matches), {
      deadline: Deadline.in(withinMs),
      description: `the engine to say that container "${this.name}" ${verb}`,
    });
  }
}
