import type { RunningInstance } from "../../harness/site/running-instance.ts";
import { Deadline, poll } from "../../harness/shared/clock.ts";

/**
 * Ends the ticks of the example's cron binding, so that what came of them can be counted. daprd unloads a component whose file is
 * gone (hot reload, daprd.md §8), and waits for a tick that is under way; from then on the counts stand still.
 * @param instance a site with one worker, or one of its instances.
 * @throws {Error} daprd still has it after half a minute.
 */
export async function endTicks(
  instance: Pick<RunningInstance, "container" | "dapr">,
  signal: AbortSignal,
): Promise<void> {
  await instance.container("dapr").exec(["rm", "/root/.dapr/components/batch.yaml"]);
  const unloaded = await poll(
    async () => {
      const { components } = await instance.dapr().metadata({ signal });
      return components.some(({ name }) => name === "batch") ? undefined : true;
    },
    { deadline: Deadline.in(30_000), signal },
  );
  if (!unloaded.met) throw new Error("daprd has not unloaded the binding", { cause: unloaded.lastFailure });
}
