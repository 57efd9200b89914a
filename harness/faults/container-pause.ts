import type { FaultData } from "../schedule/step.ts";
import { assertRunning, CONTAINER } from "./container-attributes.ts";
import type { FaultKind } from "./fault-kind.ts";
import { textIn } from "./read-attribute.ts";

/** Its processes get no processor; connections to it are accepted by the kernel and never answered. */
export const CONTAINER_PAUSE: FaultKind = {
  name: "container-pause",
  about:
    "All processes of a container are frozen: it accepts connections and never answers. Healed, they go on.",
  attributes: { container: CONTAINER },
  describe: (data) => `${textIn(data, "container")} is paused`,
  inject: async (target, data) => {
    const container = target.container(textIn(data, "container"));
    assertRunning(container, "paused");
    await container.pause();
    return async () => {
      // Somebody else may have resumed or ended it.
      if (container.state === "paused" && !container.isRetired) await container.resume();
    };
  },
};

/** As data. See {@link CONTAINER_PAUSE}. */
export function containerPause(attributes: { readonly container: string }): FaultData {
  return { ...attributes, fault: "container-pause" };
}
