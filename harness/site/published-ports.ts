import { SitecarError } from "../errors/index.ts";
import type { EngineContainer } from "../runtime/container.ts";

/** Container port → port on 127.0.0.1, for a running container. */
export async function publishedPorts(
  container: EngineContainer,
  ports: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const published = await Promise.all(
    ports.map(async (port) => [port, await container.publishedPort(port)] as const),
  );
  const map = new Map<number, number>();
  for (const [port, hostPort] of published) {
    if (hostPort === undefined) {
      throw new SitecarError("PLATFORM_FAILED", {
        message: `the engine did not publish port ${port} of the namespace.`,
        remedy: "see whether the engine can bind ports on 127.0.0.1 (rootless engines may need a setting).",
      });
    }
    map.set(port, hostPort);
  }
  return map;
}
