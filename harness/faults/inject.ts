import type { FaultData } from "../schedule/step.ts";
import { checkFault } from "./check-fault.ts";
import type { FaultTarget } from "./fault-target.ts";

/** A fault that is in force until it is healed; leaving its scope heals it. */
export interface InjectedFault extends AsyncDisposable {
  /** The same in the record's `fault.injected` and `fault.healed`; counted from 1 in a run. */
  readonly id: number;
  readonly fault: FaultData;
  /** For a person: `dapr is paused`. */
  readonly what: string;
  /**
   * Undoes it. Safe to call twice: a second call waits for the first one. After the site has ended there is nothing to undo, and
   * it resolves. @throws {SitecarError} what could not be undone.
   */
  heal(): Promise<void>;
}

/**
 * Puts a fault in force in a running site, and resolves when it is:
 *
 * ```ts
 * await using outage = await inject(site, containerPause({ container: "dapr" }));
 * ```
 *
 * Several may be on at a time; each is healed by itself. The record says when each began and ended. One that can't be put in
 * force leaves nothing behind.
 * @param target a running site.
 * @param fault made by a builder such as `containerPause`, or read from a file.
 * @throws {SitecarError} FAULT_UNKNOWN, FAULT_INVALID, FAULT_NOT_POSSIBLE; CONTAINER_UNKNOWN for a container that the site has
 *   not; when the site has ended, what ended it.
 */
export async function inject(target: FaultTarget, fault: FaultData): Promise<InjectedFault> {
  const kind = checkFault(fault);
  target.signal.throwIfAborted();
  const undo = await kind.inject(target, fault);
  const what = kind.describe(fault);
  const { timeline, signal } = target;
  // Counted and recorded in one go, so that no other one gets the same.
  const id = timeline.of("fault.injected").length + 1;
  timeline.record({ type: "fault.injected", id, fault, what });
  let healed: Promise<void> | undefined;
  const heal = async (): Promise<void> => {
    if (signal.aborted) return;
    try {
      await undo();
    } catch (error) {
      // What the site's end took away meanwhile needs no undoing.
      if (signal.aborted) return;
      throw error;
    }
    timeline.record({ type: "fault.healed", id, fault, what });
  };
  const healOnce = async (): Promise<void> => {
    healed ??= heal();
    await healed;
  };
  return { id, fault, what, heal: healOnce, [Symbol.asyncDispose]: healOnce };
}

/** In the words of its kind. @throws {SitecarError} FAULT_UNKNOWN, FAULT_INVALID */
export function describeFault(fault: FaultData): string {
  return checkFault(fault).describe(fault);
}
