import type Dockerode from "dockerode";
import { hasStatus, isNotFound } from "./engine/engine-error.ts";

/**
 * Removes a container by force and resolves when it is gone, also when it was gone before, or another process is
 * removing it at this moment: its network can be removed afterwards in any case.
 */
export async function removeContainer(container: Dockerode.Container): Promise<void> {
  try {
    await container.remove({ force: true, v: true });
  } catch (error) {
    if (isNotFound(error)) return;
    // 409: a removal is under way already.
    if (!hasStatus(error, 409)) throw error;
    await container.wait({ condition: "removed" }).catch((lost: unknown) => {
      if (!isNotFound(lost)) throw lost;
    });
  }
}
