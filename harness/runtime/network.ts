import type { Engine } from "./engine/engine.ts";
import { engineError, isNotFound } from "./engine/engine-error.ts";
import { runLabels, type RunIdentity } from "./labels.ts";
import { OWN_SUBNETS } from "./own-subnets.ts";

/** The bridge on which a site's namespace and its storage see each other. */
export interface SiteNetwork {
  readonly id: string;
  readonly name: string;
  remove(): Promise<void>;
}

/**
 * Creates it where the engine chooses. An engine's address pools hold some 30 networks, whoever made them; when they are used up,
 * it is given one of {@link OWN_SUBNETS}.
 * @throws {SitecarError} ENGINE_GONE, ENGINE_REFUSED (for example: none of those is free either).
 */
export async function createNetwork(engine: Engine, run: RunIdentity): Promise<SiteNetwork> {
  const name = `sitecar-${run.runId}`;
  try {
    const network = await createSomewhere(engine, { Name: name, Driver: "bridge", Labels: runLabels(run) });
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

type Network = Awaited<ReturnType<Engine["docker"]["createNetwork"]>>;
type Wanted = Parameters<Engine["docker"]["createNetwork"]>[0];

async function createSomewhere({ docker }: Engine, wanted: Wanted): Promise<Network> {
  try {
    return await docker.createNetwork(wanted);
  } catch (error) {
    if (!isUsedUp(error)) throw error;
    for (const subnet of OWN_SUBNETS) {
      try {
        return await docker.createNetwork({
          ...wanted,
          IPAM: { Driver: "default", Config: [{ Subnet: subnet }] },
        });
      } catch (refusal) {
        if (!isTaken(refusal)) throw refusal;
      }
    }
    throw error;
  }
}

/** Docker 20 to 28 say it in either way. */
function isUsedUp(error: unknown): boolean {
  return /non-overlapping IPv4 address pool|predefined address pools have been fully subnetted/i.test(
    String(error),
  );
}

function isTaken(error: unknown): boolean {
  return /overlaps with/i.test(String(error));
}
