import { SitecarError } from "../errors/index.ts";
import type { DaprReader } from "./dapr-reader.ts";
import type { DaprSnapshot } from "./readiness.ts";

/**
 * Asks daprd for everything that {@link judgeReadiness} looks at, side by side. What does not answer is
 * `null`.
 */
export async function takeSnapshot(reader: DaprReader, signal?: AbortSignal): Promise<DaprSnapshot> {
  const options = signal === undefined ? {} : { signal };
  const [{ status: health }, metadata, metrics] = await Promise.all([
    reader.health(options),
    reader.metadata(options).catch(noAnswer),
    reader.metrics(options).catch(noAnswer),
  ]);
  return { health, metadata, metrics };
}

function noAnswer(error: unknown): null {
  if (error instanceof SitecarError && error.code === "DAPR_UNREADABLE") return null;
  throw error;
}
