import type { ContainerEvent } from "../container-events.ts";
import type { InstanceLimits } from "./instance-limits.ts";
import type { OutOfMemoryKill } from "./out-of-memory.ts";

export interface OutOfMemoryHandlers {
  /** The engine's events in their order, with every `out-of-memory` told of the container that lost a process, before its end. */
  readonly onEvent: (event: ContainerEvent) => void;
  /** What the kernel logged could not be read; whether a container ran out of memory is not known then. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Makes the engine's word about memory true where containers share a limit: it tells every one of them that memory ran
 * out. Here the kernel's log says which container lost which process, and an end is passed on only when what the kernel
 * logged before it has been read.
 */
export class OutOfMemoryEvents {
  readonly #handlers: OutOfMemoryHandlers;
  /** By the containers' ids: which instance's limits they share, and their names in the site. */
  readonly #limited = new Map<string, { readonly label: string; readonly limits: InstanceLimits }>();
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(handlers: OutOfMemoryHandlers) {
    this.#handlers = handlers;
  }

  /** From now on for a container that was created under these limits. Before its first start. */
  add(container: { readonly id: string; readonly label: string }, limits: InstanceLimits): void {
    const known = [...this.#limited.values()].some((one) => one.limits === limits);
    this.#limited.set(container.id, { label: container.label, limits });
    if (!known) limits.onKill((kill) => this.#killed(kill));
  }

  /** Takes the engine's events, one after the other. */
  take(event: ContainerEvent): void {
    const limits = this.#limited.get(event.id)?.limits;
    if (limits !== undefined && event.action === "out-of-memory") return;
    const mustWait = limits !== undefined && event.action === "exited";
    // Without a wait under way an event is passed on at once.
    if (!mustWait && this.#waiting === 0) {
      this.#handlers.onEvent(event);
      return;
    }
    this.#waiting++;
    this.#last = this.#passOn(event, this.#last, mustWait ? limits : undefined);
  }

  async #passOn(
    event: ContainerEvent,
    before: Promise<void>,
    limits: InstanceLimits | undefined,
  ): Promise<void> {
    await before;
    await limits?.caughtUp().catch(this.#handlers.onFailure);
    this.#waiting--;
    this.#handlers.onEvent(event);
  }

  #killed({ containerId, process, limit }: OutOfMemoryKill): void {
    const label = this.#limited.get(containerId)?.label;
    if (label === undefined) return;
    this.#handlers.onEvent({
      label,
      id: containerId,
      // The kernel's clock is not the engine's; the record is read in milliseconds.
      wallMs: performance.timeOrigin + performance.now(),
      action: "out-of-memory",
      process,
      limit,
    });
  }
}
