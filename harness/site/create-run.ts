import type { SiteDefinition } from "../definition/site-definition.ts";
import { SitecarError } from "../errors/index.ts";
import { openFrontEnd } from "../platform/front-end/open-front-end.ts";
import { platformMs } from "../platform/platform-clock.ts";
import { settled } from "./create-instance.ts";
import { FrontDoor } from "./front-door.ts";
import { writeRecord } from "./record.ts";
import type { RunParts } from "./run-parts.ts";
import type { RunningSite } from "./running-site.ts";
import { instanceIdOf } from "./site-parts.ts";
import { SiteRun } from "./site-run.ts";
import { Surroundings } from "./surroundings.ts";
import { Worker } from "./worker.ts";

export interface CreateRunOptions {
  readonly instances: number;
  readonly publicPort?: number;
}

/** App Service's own limit of workers for one site in the larger plans. */
const MOST_INSTANCES = 30;

/** Creates everything of a run and begins its schedule. A failure leaves to the run's stack what was made. */
export async function createRun(
  definition: SiteDefinition,
  run: RunParts,
  { instances, publicPort }: CreateRunOptions,
): Promise<RunningSite> {
  checkInstances(instances);
  const plan = run.planFor(definition, 0);
  await run.directory.writePlan(plan);
  const door = new FrontDoor(definition.name, run.timeline);
  const frontEnd = await openFrontEnd(door, {
    idleMs: platformMs(plan.settings.frontEndIdleSeconds, plan.settings),
    affinity: definition.clientAffinityEnabled ?? true,
    signal: run.life.signal,
    onTrouble: (trouble) => run.timeline.record({ type: "front-end.trouble", ...trouble }),
    ...(publicPort === undefined ? {} : { port: publicPort }),
  });
  run.stack.defer("front end", () => frontEnd.close());
  const surroundings = await Surroundings.create(run, plan);
  const deployment = { definition, images: run.host.images };
  const workers = Array.from(
    { length: instances },
    (_, index) =>
      new Worker({ run, surroundings, index, instanceId: instanceIdOf(run.run.runId, index) }, deployment),
  );
  // Storage takes longest to come up, so it is made beside the instances.
  door.lead(frontEnd, workers);
  await settled([surroundings.createStorage(plan), ...workers.map((worker) => worker.create())]);
  const [first] = workers;
  if (first !== undefined) {
    await writeRecord(run.directory, {
      host: run.host,
      plan,
      componentFiles: first.instance.allComponentFiles(),
    });
  }
  await surroundings.reachStorage(plan);
  return new SiteRun({ run, surroundings, door, frontEnd, serving: { deployment, workers } });
}

function checkInstances(instances: number): void {
  if (Number.isInteger(instances) && instances >= 1 && instances <= MOST_INSTANCES) return;
  throw new SitecarError("USAGE", {
    message: `a site can't run on ${instances} instances.`,
    remedy: `use a whole number from 1 to ${MOST_INSTANCES}.`,
  });
}
