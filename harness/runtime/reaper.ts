import { getContainerRuntimeClient, getReaper } from "testcontainers";
import type { ImageDecision } from "./images/image-set.ts";

const DISABLED = "TESTCONTAINERS_RYUK_DISABLED";

/**
 * Starts testcontainers' reaper (Ryuk), which removes a run's containers and network seconds after its process died,
 * where its image can be had: with a registry. Elsewhere, and where `TESTCONTAINERS_RYUK_DISABLED` is set, testcontainers
 * is told to do without it, and the next start removes what is left, by labels.
 * @returns the session that containers are labelled with; `undefined`: no reaper.
 */
export async function startReaper({ source }: ImageDecision): Promise<string | undefined> {
  if (source === "registry" && process.env[DISABLED] !== "true") {
    try {
      return (await getReaper(await getContainerRuntimeClient())).sessionId;
    } catch {
      // Some engines and networks refuse it (it needs the engine's socket inside a container). A run does not need it.
    }
  }
  process.env[DISABLED] = "true";
  return undefined;
}
