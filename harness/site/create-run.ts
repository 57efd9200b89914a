import type { SiteDefinition } from "../definition/site-definition.ts";
import { SitecarError } from "../errors/index.ts";
import { openFrontEnd } from "../platform/front-end/open-front-end.ts";
import { platformMs } from "../platform/platform-clock.ts";
import { checkSchedule } from "./check-schedule.ts";
import { settled } from "../shared/settled.ts";
import { FrontDoor } from "./front-door.ts";
import { writeRecord } from "./record.ts";
import type { Namespace } from "./namespace.ts";
import type { RunParts } from "./run-parts.ts";
import type { RunningSite } from "./running-site.ts";
import { instanceIdOf } from "./site-parts.ts";
import { SiteRun, type SiteRunParts } from "./site-run.ts";
import { Surroundings } from "./surroundings.ts";
import { Worker } from "./worker.ts";

export interface CreateRunOptions {
  readonly instances: number;
  readonly publicPort?: number;
  /** What is there already and outlives the run. Absent: everything is the run's own. */
  readonly bench?: RunGround;
}

/** What a run may find there and leave as it was. */
export interface RunGround {
  readonly surroundings: Surroundings;
  /** One for each worker. */
  readonly namespaces: readonly Namespace[];
  /** See `Surroundings.createStorage`. */
  readonly blobs: "watch" | "look";
}

/** App Service's own limit of workers for one site in the larger plans. */
const MOST_INSTANCES = 30;

/** Creates everything of a run and begins its schedule. A failure leaves to the run's stack what was made. */
export async function createRun(
  definition: SiteDefinition,
  run: RunParts,
  options: CreateRunOptions,
): Promise<RunningSite> {
  const site = new SiteRun(await prepareRun(definition, run, options));
  await site.untilBegun();
  return site;
}

/** Creates everything of a run; its schedule begins when a `SiteRun` is made of it. */
export async function prepareRun(
  definition: SiteDefinition,
  run: RunParts,
  { instances, publicPort, bench }: CreateRunOptions,
): Promise<SiteRunParts> {
  checkInstances(instances);
  const plan = run.planFor(definition, 0);
  checkSchedule(plan, instances);
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
  const surroundings =
    bench === undefined ? await Surroundings.create(run, plan) : bench.surroundings.lend(run);
  const deployment = { definition, images: run.host.images };
  const workers = Array.from({ length: instances }, (_, index) => {
    const namespace = bench?.namespaces[index];
    const instanceId = instanceIdOf(run.run.runId, index);
    return new Worker(
      { run, surroundings, index, instanceId, ...(namespace === undefined ? {} : { namespace }) },
      deployment,
    );
  });
  // Storage takes longest to come up, so it is made beside the instances.
  door.lead(frontEnd, workers);
  await settled([surroundings.createStorage(plan, bench), ...workers.map((worker) => worker.create())]);
  const [first] = workers;
  if (first !== undefined) {
    await writeRecord(run.directory, {
      host: run.host,
      plan,
      componentFiles: first.instance.allComponentFiles(),
    });
  }
  await surroundings.reachStorage(plan);
  return { run, surroundings, door, frontEnd, serving: { deployment, workers } };
}

function checkInstances(instances: number): void {
  if (Number.isInteger(instances) && instances >= 1 && instances <= MOST_INSTANCES) return;
  throw new SitecarError("USAGE", {
    message: `a site can't run on ${instances} instances.`,
    remedy: `use a whole number from 1 to ${MOST_INSTANCES}.`,
  });
}
