import type { Engine } from "./engine/engine.ts";
import { engineError, isNotFound } from "./engine/engine-error.ts";
import { runLabels, type RunIdentity } from "./labels.ts";

/** The bridge on which a site's namespace and its storage see each other. */
export interface SiteNetwork {
  readonly id: string;
  readonly name: string;
  remove(): Promise<void>;
}

/** @throws {SitecarError} ENGINE_GONE, ENGINE_REFUSED (for example: no free address pool). */
export async function createNetwork(engine: Engine, run: RunIdentity): Promise<SiteNetwork> {
  const name = `sitecar-${run.runId}`;
  try {
    const network = await engine.docker.createNetwork({
      Name: name,
      Driver: "bridge",
      Labels: runLabels(run),
    });
    return {
      id: network.id,
      name,
      remove: async () => {
        try {
          await network.remove();
        } catch (error) {
          if (!isNotFound(error)) throw engineError(error, `remove network ${name}`);
        }
      },
    };
  } catch (error) {
    throw engineError(error, `create network ${name}`);
  }
}
