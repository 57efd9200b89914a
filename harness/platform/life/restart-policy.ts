import type { PlatformSettings } from "../../plan/platform-settings.ts";

/** A container that ended by itself after the site had started. */
export interface UnaskedEnd {
  readonly container: string;
  readonly isMain: boolean;
  /** 0 is treated like any other (A3.6, a guess). */
  readonly exitCode: number;
}

export type Reaction =
  /** The container alone; `attempt` counts from 1. */
  | { readonly kind: "start-again"; readonly attempt: number }
  | { readonly kind: "restart-site"; readonly reason: string }
  | { readonly kind: "leave" };

/** What the platform does when a container of a started instance ends by itself (A3.6, A3.7). One for each instance. */
export class RestartPolicy {
  readonly #settings: Pick<PlatformSettings, "onContainerExitAfterStart" | "sidecarRestarts">;
  readonly #restarts = new Map<string, number>();

  constructor(settings: Pick<PlatformSettings, "onContainerExitAfterStart" | "sidecarRestarts">) {
    this.#settings = settings;
  }

  onEnd({ container, isMain, exitCode }: UnaskedEnd): Reaction {
    const { onContainerExitAfterStart, sidecarRestarts } = this.#settings;
    if (onContainerExitAfterStart === "leave") return { kind: "leave" };
    if (isMain) {
      return { kind: "restart-site", reason: `main container ${container} exited with ${exitCode}` };
    }
    const attempt = (this.#restarts.get(container) ?? 0) + 1;
    this.#restarts.set(container, attempt);
    return attempt <= sidecarRestarts
      ? { kind: "start-again", attempt }
      : {
          kind: "restart-site",
          reason: `sidecar ${container} exited with ${exitCode} after ${sidecarRestarts} restarts`,
        };
  }
}
