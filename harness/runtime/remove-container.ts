import type Dockerode from "dockerode";
import { isGone } from "./network.ts";

/**
 * Removes a container by force and resolves when it is gone, also when it was gone before, or another process is
 * removing it at this moment: its network can be removed afterwards in any case.
 */
export async function removeContainer(container: Dockerode.Container): Promise<void> {
  try {
    await container.remove({ force: true, v: true });
  } catch (error) {
    if (isGone(error)) return;
    const isBeingRemoved = error instanceof Error && "statusCode" in error && error.statusCode === 409;
    if (!isBeingRemoved) throw error;
    await container.wait({ condition: "removed" }).catch((lost: unknown) => {
      if (!isGone(lost)) throw lost;
    });
  }
}
