import type { ContainerEvent } from "../runtime/container-events.ts";
import { Deadline } from "../shared/clock.ts";
import type { Timeline } from "../timeline/timeline.ts";
import type { PlannedStart } from "./planned-start.ts";
import {
  SiteContainer,
  type ContainerControls,
  type ContainerExit,
  type SiteContainerOptions,
} from "./site-container.ts";

/** Stands between a container and those who want to reach it. */
export interface ContainerGate {
  /** Resolves when the container can be reached; waits until there is something to reach. */
  open(): Promise<void>;
  close(): Promise<void>;
}

export interface GatedContainerOptions extends Omit<SiteContainerOptions, "state"> {
  readonly gate: ContainerGate;
  /** Of a container that is there already, whether it runs. Default: it is created. */
  readonly isUp?: boolean;
}

const ENGINE_ANSWER_MS = 30_000;

/**
 * A container that runs before it can be reached, as storage does: its start is that its gate opens, and that is what the
 * record tells as `container.started`. When it ends the gate closes; pauses, kills and stops are the container's own.
 */
export class GatedContainer extends SiteContainer {
  readonly #timeline: Timeline;
  readonly #gate: ContainerGate;
  #isUp: boolean;
  #lives: number;
  #closing: Promise<void> = Promise.resolve();

  constructor(container: ContainerControls, timeline: Timeline, options: GatedContainerOptions) {
    super(container, timeline, options);
    this.#timeline = timeline;
    this.#gate = options.gate;
    this.#isUp = options.isUp ?? false;
    this.#lives = this.#isUp ? 1 : 0;
  }

  /** It runs, whether or not it can be reached. */
  get isUp(): boolean {
    return this.#isUp;
  }

  /** How often the engine has started it; of one that was there already, its life of then is the first. */
  get lives(): number {
    return this.#lives;
  }

  /** Opens its gate, and lets the engine start it before where it does not run. Resolves when it can be reached. */
  override async start(planned?: PlannedStart): Promise<number> {
    if (!this.#isUp) await this.startBehindGate();
    await this.#gate.open();
    return this.recordStart(performance.timeOrigin + performance.now(), planned).tMs;
  }

  /** Lets the engine start it; nobody can reach it yet. Resolves when the engine has. */
  async startBehindGate(): Promise<void> {
    const lives = this.#lives;
    const up = this.#timeline.waitFor(() => (this.#lives > lives ? true : undefined), {
      deadline: Deadline.in(ENGINE_ANSWER_MS),
      description: `the engine to say that container "${this.name}" started`,
    });
    up.catch(() => undefined); // the start call's own failure is the better one
    await this.startCall();
    await up;
  }

  /** As any container's; and its gate is closed. */
  override async kill(signal?: string): Promise<void> {
    await super.kill(signal);
    await this.#closing;
  }

  override async crash(signal?: string): Promise<ContainerExit> {
    const exit = await super.crash(signal);
    await this.#closing;
    return exit;
  }

  override async stop(graceSeconds?: number): Promise<ContainerExit | undefined> {
    const exit = await super.stop(graceSeconds);
    await this.#closing;
    return exit;
  }

  override follow(event: ContainerEvent): void {
    super.follow(event);
    if (event.action !== "exited") return;
    this.#isUp = false;
    // Where the run ends, the namespaces end too.
    if (!this.isRetired) this.#closing = this.#close();
  }

  protected override engineStarted(wallMs: number): void {
    this.#isUp = true;
    this.#lives++;
    this.#timeline.record({ type: "phase", name: `${this.name} is up` }, wallMs);
  }

  async #close(): Promise<void> {
    try {
      await this.#gate.close();
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      this.#timeline.record({ type: "observer.failed", observer: `gate of ${this.name}`, detail });
    }
  }
}
