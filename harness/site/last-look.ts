import type { RunRecord } from "../contracts/run-record.ts";
import type { DaprSnapshot } from "../dapr/readiness.ts";
import { takeSnapshot } from "../dapr/snapshot.ts";
import type { RunningInstance } from "./running-instance.ts";

const NO_ANSWER: DaprSnapshot = { health: null, metadata: null, metrics: null };

/** What is looked at of an instance. */
export type LookedAt = Pick<RunningInstance, "name" | "plan" | "containers" | "dapr">;

/** Asks every daprd of these instances for its account of itself, side by side. One that does not run is not asked. */
export async function lookAtDaprs(instances: readonly LookedAt[]): Promise<RunRecord["snapshots"]> {
  return new Map(
    await Promise.all(
      instances.map(async (instance) => [instance.name, await lookAtInstance(instance)] as const),
    ),
  );
}

async function lookAtInstance(instance: LookedAt): Promise<ReadonlyMap<string, DaprSnapshot>> {
  const running = new Set(
    instance.containers.filter(({ state }) => state === "running").map(({ name }) => name),
  );
  const looks = instance.plan.daprSidecars.map(async ({ container }) => {
    const snapshot = running.has(container) ? await takeSnapshot(instance.dapr(container)) : NO_ANSWER;
    return [container, snapshot] as const;
  });
  return new Map(await Promise.all(looks));
}
