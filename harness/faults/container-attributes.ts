import { SitecarError } from "../errors/index.ts";
import type { FaultAttribute } from "./fault-kind.ts";
import type { FaultableContainer } from "./fault-target.ts";

export const CONTAINER: FaultAttribute = {
  about: "Which one; of several workers, the first one's.",
  type: "string",
  required: true,
  names: "container",
};

/** @param doing as in `"dapr" can't be paused`. @throws {SitecarError} FAULT_NOT_POSSIBLE */
export function assertRunning({ name, state }: FaultableContainer, doing: string): void {
  if (state === "running") return;
  throw new SitecarError("FAULT_NOT_POSSIBLE", {
    message: `"${name}" can't be ${doing}: it is ${state}, not running.`,
    remedy: `inject it when the container runs; in a schedule, after {"seen": "container-started", "container": "${name}"}.`,
  });
}
