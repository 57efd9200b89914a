import type { FaultData } from "../schedule/step.ts";
import { assertRunning, CONTAINER } from "./container-attributes.ts";
import type { FaultKind } from "./fault-kind.ts";
import { textIn } from "./read-attribute.ts";

/** In force when it has been started again; there is nothing to undo. */
export const CONTAINER_RESTART: FaultKind = {
  name: "container-restart",
  about:
    "A container is stopped as the platform does (SIGTERM, SIGKILL after the grace) and started again at once. Nothing to heal.",
  attributes: { container: CONTAINER },
  describe: (data) => `${textIn(data, "container")} is restarted`,
  inject: async (target, data) => {
    const container = target.container(textIn(data, "container"));
    assertRunning(container, "restarted");
    await container.restart();
    return () => Promise.resolve();
  },
};

/** As data. See {@link CONTAINER_RESTART}. */
export function containerRestart(attributes: { readonly container: string }): FaultData {
  return { ...attributes, fault: "container-restart" };
}
