import type { Engine } from "./engine/engine.ts";
import { engineError, hasStatus, isNotFound } from "./engine/engine-error.ts";
import { LABELS } from "./labels.ts";
import { releaseKeeper } from "./limits/keeper.ts";
import { removeContainer } from "./remove-container.ts";
import { parseRunner, runnerState } from "./runner.ts";

/** A container, network or volume that a run left on the engine; `limits`: the container that holds its control group. */
export interface Leftover {
  readonly kind: "container" | "limits" | "network" | "volume";
  readonly id: string;
  readonly name: string;
  readonly runId: string;
  /** State of the process that made it; `unreadable`: its label is not ours. */
  readonly runner: "alive" | "dead" | "elsewhere" | "unreadable";
  readonly session: string | undefined;
}

/** Everything on the engine that carries a run's label, containers first: networks can't go while they are used. */
export async function findLeftovers(engine: Engine): Promise<readonly Leftover[]> {
  const filters = { label: [LABELS.run] };
  try {
    const [containers, networks, volumes] = await Promise.all([
      engine.docker.listContainers({ all: true, filters }),
      engine.docker.listNetworks({ filters }),
      engine.docker.listVolumes({ filters }),
    ]);
    return [
      ...containers.map((one) => {
        const kind = one.Labels[LABELS.keeps] === undefined ? "container" : "limits";
        return leftover(kind, one.Id, one.Names[0]?.slice(1) ?? one.Id, one.Labels);
      }),
      ...networks.map((one) => leftover("network", one.Id, one.Name, one.Labels ?? {})),
      ...volumes.Volumes.map((one) => leftover("volume", one.Name, one.Name, one.Labels ?? {})),
    ];
  } catch (error) {
    throw engineError(error, "list what earlier runs left");
  }
}

/**
 * Removes them, containers side by side and then the rest. One that is gone already, or is being removed by another
 * process, counts as removed.
 */
export async function removeLeftovers(engine: Engine, leftovers: readonly Leftover[]): Promise<void> {
  const remove = async (one: Leftover): Promise<void> => {
    try {
      if (one.kind === "container") await removeContainer(engine.docker.getContainer(one.id));
      else if (one.kind === "limits") await releaseKeeper(engine.docker.getContainer(one.id));
      else if (one.kind === "network") await engine.docker.getNetwork(one.id).remove();
      else await engine.docker.getVolume(one.id).remove();
    } catch (error) {
      if (isNotFound(error) || hasStatus(error, 409)) return;
      throw engineError(error, `remove ${one.kind} ${one.name}`);
    }
  };
  await Promise.all(leftovers.filter(({ kind }) => kind === "container").map(remove));
  await Promise.all(leftovers.filter(({ kind }) => kind !== "container").map(remove));
}

/** Removes what runs of dead processes left. Called at every start; returns what it removed. */
export async function removeDeadRuns(engine: Engine): Promise<readonly Leftover[]> {
  const dead = (await findLeftovers(engine)).filter(({ runner }) => runner === "dead");
  await removeLeftovers(engine, dead);
  return dead;
}

function leftover(
  kind: Leftover["kind"],
  id: string,
  name: string,
  labels: Readonly<Record<string, string>>,
): Leftover {
  const runner = parseRunner(labels[LABELS.runner] ?? "");
  return {
    kind,
    id,
    name,
    runId: labels[LABELS.run] ?? "",
    runner: runner === undefined ? "unreadable" : runnerState(runner),
    session: labels[LABELS.session],
  };
}
