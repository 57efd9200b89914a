import { SitecarError } from "../errors/index.ts";
import { SIGNALS, type SignalName } from "../schedule/signals.ts";
import type { FaultData } from "../schedule/step.ts";
import { assertRunning, CONTAINER } from "./container-attributes.ts";
import type { FaultKind } from "./fault-kind.ts";
import type { FaultTarget } from "./fault-target.ts";
import { choiceIn, textIn } from "./read-attribute.ts";

/** A process that takes the signal at all has ended by then: the platform itself gives it 5 s (A7.1). */
const ENDS_WITHIN_MS = 10_000;

/**
 * A signal ends a container, and it stays ended until the fault is healed: the platform takes an end that was asked for as none
 * of its business, unlike a crash (`SiteContainer.crash`). Healed, it is started again.
 *
 * Its exit code is the process's own affair: SIGKILL makes it 137; with any other signal the process ends as it likes, or not
 * at all (daprd: SIGTERM 0, SIGQUIT 2; a first process without a handler ignores all but SIGKILL). No engine can give a
 * process another one.
 */
export const CONTAINER_KILL: FaultKind = {
  name: "container-kill",
  about: "A container is ended by a signal and stays so; healed, it is started again.",
  attributes: {
    container: CONTAINER,
    signal: {
      about:
        "SIGKILL (default) ends it with 137. With another one the exit code is what its process makes of it, if it ends.",
      type: "string",
      required: false,
      oneOf: SIGNALS,
    },
    leave: { about: "It is not started again; default false.", type: "boolean", required: false },
  },
  describe: (data) => {
    const signal = choiceIn(data, "signal", SIGNALS, "SIGKILL");
    const left = data["leave"] === true ? " for good" : "";
    return `${textIn(data, "container")} is killed${signal === "SIGKILL" ? "" : ` by ${signal}`}${left}`;
  },
  inject: async (target, data) => {
    const signal = choiceIn(data, "signal", SIGNALS, "SIGKILL");
    return await kill(target, textIn(data, "container"), { signal, leave: data["leave"] === true });
  },
};

/** As data. See {@link CONTAINER_KILL}. */
export function containerKill(attributes: {
  readonly container: string;
  /** Default SIGKILL. */
  readonly signal?: SignalName;
  /** Healing does not start it again. */
  readonly leave?: boolean;
}): FaultData {
  return { ...attributes, fault: "container-kill" };
}

async function kill(
  target: FaultTarget,
  name: string,
  { signal, leave }: { readonly signal: SignalName; readonly leave: boolean },
): Promise<() => Promise<void>> {
  const container = target.container(name);
  assertRunning(container, "killed");
  await container.kill(signal);
  return async () => {
    if (leave || container.isRetired) return;
    // After another signal than SIGKILL it may be on its way out, or have taken no notice.
    if (container.state === "running" && !(await endsBy(container, signal))) return;
    if (container.state === "exited" && !container.isRetired) await container.start();
  };
}

/** Whether a signal ended it, however long that took. SIGKILL was waited for: what runs now, somebody started again. */
async function endsBy(container: ReturnType<FaultTarget["container"]>, signal: SignalName): Promise<boolean> {
  if (signal === "SIGKILL") return false;
  try {
    await container.untilEnded(ENDS_WITHIN_MS);
    return true;
  } catch (error) {
    if (error instanceof SitecarError && error.code === "WAIT_TIMED_OUT") return false;
    throw error;
  }
}
