import { DaprdClock, isTrouble, type ClockState } from "../dapr/daprd-clock.ts";
import { SitecarError } from "../errors/index.ts";
import type { PlannedVirtualTime } from "../plan/virtual-time.ts";
import type { AgentControl } from "../platform/agent-control.ts";
import { Deadline, poll } from "../shared/clock.ts";
import type { ReleaseStack } from "../shared/release-stack.ts";
import type { Timeline } from "../timeline/timeline.ts";
import type { SiteContainer } from "./site-container.ts";

/** A daprd of an instance, with the way to its clock. */
export interface VirtualSidecar {
  readonly instance: string;
  readonly container: string;
  readonly handle: Pick<SiteContainer, "state">;
  readonly clock: DaprdClock;
}

/** An instance whose Dapr sidecars take part. */
export interface VirtualInstance {
  readonly name: string;
  readonly clocks: PlannedVirtualTime["clocks"];
  readonly containers: ReadonlyMap<string, Pick<SiteContainer, "state">>;
  readonly agent: Pick<AgentControl, "askClock">;
  /** The instance's own. */
  readonly timeline: Timeline;
  /** Aborts when the instance ends. */
  readonly signal: AbortSignal;
  readonly stack: ReleaseStack;
}

/** How long a daprd may take from its container's start until its clock answers: its entrypoint may wait for something. */
const LISTENS_WITHIN_MS = 600_000;
const LOOK_EVERY_MS = 50;
const LATER_ANSWER_MS = 10_000;

/**
 * The Dapr sidecars of a run with virtual time. Each daprd that begins is told what time it is, so that its bindings begin
 * then, also one that is started again.
 */
export class VirtualSidecars {
  readonly #now: () => string;
  readonly #sidecars = new Set<VirtualSidecar>();
  /** Those that are being told, while their container runs. */
  readonly #telling = new Map<VirtualSidecar, AbortController>();
  readonly #onFailure: (sidecar: VirtualSidecar, error: unknown) => void;

  /** @param now as clocks write it. */
  constructor(now: () => string, onFailure: (sidecar: VirtualSidecar, error: unknown) => void) {
    this.#now = now;
    this.#onFailure = onFailure;
  }

  /** By instance and container. */
  get all(): readonly VirtualSidecar[] {
    return [...this.#sidecars].toSorted(
      (one, other) =>
        one.instance.localeCompare(other.instance, "en", { numeric: true }) ||
        one.container.localeCompare(other.container, "en"),
    );
  }

  /** Before anything of it is started. */
  attach({ name, clocks, containers, agent, timeline, signal, stack }: VirtualInstance): void {
    for (const { container, port } of clocks) {
      const handle = containers.get(container);
      if (handle === undefined) continue;
      const clock = new DaprdClock(async (request) => {
        const deadline = Deadline.in(request.withinMs + LATER_ANSWER_MS);
        return await agent.askClock({ type: "clock.ask", port, ...request }, { deadline, signal });
      });
      const sidecar: VirtualSidecar = { instance: name, container, handle, clock };
      this.#sidecars.add(sidecar);
      const unsubscribe = timeline.subscribe((event) => {
        if (!("container" in event) || event.container !== container) return;
        if (event.type === "container.started") this.#begin(sidecar, signal);
        if (event.type === "container.exited") this.#telling.get(sidecar)?.abort();
      });
      stack.defer(`virtual clock of ${container}`, () => {
        unsubscribe();
        this.#telling.get(sidecar)?.abort();
        this.#sidecars.delete(sidecar);
      });
    }
  }

  /** Every daprd that runs has been told. @throws {SitecarError} NOT_READY */
  async untilTold(deadline: Deadline, signal: AbortSignal): Promise<void> {
    const running = () => this.all.filter(({ handle }) => handle.state === "running");
    const outcome = await poll(
      async () => {
        const states = await Promise.all(running().map(async (sidecar) => await this.stateOf(sidecar)));
        return states.every((state) => state !== undefined) ? true : undefined;
      },
      { deadline, intervalMs: LOOK_EVERY_MS, signal },
    );
    if (outcome.met) return;
    const silent = running().map(({ instance, container }) => `${container} (${instance})`);
    throw new SitecarError("NOT_READY", {
      message: "the site has virtual time, and the clock of a daprd does not answer.",
      observations: [{ label: "sidecars", value: silent.join(", ") }],
      remedy:
        "see that the sidecar's entrypoint starts the daprd that its image has at its usual place, and hands its environment on.",
      cause: outcome.lastFailure,
    });
  }

  /** What its clock says; told first if it was not. `undefined`: nobody answers, so no daprd runs there now. */
  async stateOf({ clock }: VirtualSidecar): Promise<(ClockState & { readonly now: string }) | undefined> {
    const state = await clock.state();
    if (isTrouble(state)) return undefined;
    if (state.now !== null) return { ...state, now: state.now };
    await clock.tell(this.#now()).catch(async (error: unknown) => {
      // Somebody else was faster.
      const told = await clock.state();
      if (isTrouble(told) || told.now === null) throw error;
    });
    const told = await clock.state();
    return isTrouble(told) || told.now === null ? undefined : { ...told, now: told.now };
  }

  #begin(sidecar: VirtualSidecar, signal: AbortSignal): void {
    this.#telling.get(sidecar)?.abort();
    const ends = new AbortController();
    this.#telling.set(sidecar, ends);
    void this.#tell(sidecar, AbortSignal.any([ends.signal, signal]));
  }

  async #tell(sidecar: VirtualSidecar, signal: AbortSignal): Promise<void> {
    try {
      await poll(async () => await this.stateOf(sidecar), {
        deadline: Deadline.in(LISTENS_WITHIN_MS),
        intervalMs: LOOK_EVERY_MS,
        signal,
      });
    } catch (error) {
      if (!signal.aborted) this.#onFailure(sidecar, error);
    }
  }
}
