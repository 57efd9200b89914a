import type { HomeFile } from "../definition/site-definition.ts";
import type { SitePlan } from "../plan/site-plan.ts";
import { AgentControl } from "../platform/agent-control.ts";
import type { LogFilesWriter } from "../platform/log-files.ts";
import { AgentReader } from "../platform/agent-reader.ts";
import type { InstanceState } from "../platform/life/instance-state.ts";
import type { EngineContainer } from "../runtime/container.ts";
import type { ImageSet } from "../runtime/images/prepare-images.ts";
import { createInstanceLimits, type InstanceLimits } from "../runtime/limits/instance-limits.ts";
import { Deadline } from "../shared/clock.ts";
import type { ReleaseStack } from "../shared/release-stack.ts";
import type { Timeline } from "../timeline/timeline.ts";
import { DaprSide } from "./dapr-side.ts";
import { readHomeFiles } from "./home-files.ts";
import { writeLogFiles } from "./instance-log-files.ts";
import { publishedPorts } from "./published-ports.ts";
import type { RunParts } from "./run-parts.ts";
import { InstanceTrees } from "./shared-trees.ts";
import { SiteContainer } from "./site-container.ts";
import { createPlatform, createSiteContainer } from "./site-parts.ts";
import type { Surroundings } from "./surroundings.ts";

export interface InstanceParts {
  readonly run: RunParts;
  readonly surroundings: Surroundings;
  readonly images: ImageSet;
  readonly plan: SitePlan;
  readonly homeFiles: readonly HomeFile[];
  readonly worker: number;
  /** `<worker>-<life>`. */
  readonly name: string;
  /** The instance's view of the record. */
  readonly timeline: Timeline;
  readonly state: InstanceState;
  /** Aborts when the instance or the run ends. */
  readonly signal: AbortSignal;
  /** Everything of the instance registers its removal. */
  readonly stack: ReleaseStack;
}

/** An instance of which everything exists, and nothing of the site's own has been started. */
export interface CreatedInstance {
  /** The site's own, by name. */
  readonly containers: ReadonlyMap<string, SiteContainer>;
  readonly platform: SiteContainer;
  /** Container port → port on 127.0.0.1. */
  readonly ports: ReadonlyMap<number, number>;
  readonly dapr: DaprSide;
}

const PLATFORM_READY_MS = 30_000;

/** Creates one full set of containers in a namespace of its own; starts only the platform container that owns it. */
export async function createInstance(parts: InstanceParts): Promise<CreatedInstance> {
  const { run, surroundings, plan, name, timeline, state, stack } = parts;
  timeline.record({ type: "phase", name: "creating", detail: `${plan.containers.length} containers` });
  state.enter("EstablishingSiteNetworks");
  const trees = await InstanceTrees.create({
    shared: surroundings.trees,
    engine: run.host.engine,
    run: run.run,
    plan,
    name,
    stack,
  });
  const [{ platform, handle, ports, logFiles }, limits] = await settled([
    startPlatform(parts, trees),
    createLimits(parts),
  ]);
  state.enter("StartingSiteContainers");
  const { created, handles } = await createContainers(parts, { platform, trees, logFiles, limits });
  const dapr = await DaprSide.create({ plan, ports, containers: created });
  stack.defer("dapr readers", () => dapr.close());
  return { containers: handles, platform: handle, ports, dapr };
}

async function startPlatform(
  parts: InstanceParts,
  trees: InstanceTrees,
): Promise<{
  readonly platform: EngineContainer;
  readonly handle: SiteContainer;
  readonly logFiles: LogFilesWriter;
  readonly ports: ReadonlyMap<number, number>;
}> {
  const { run, surroundings, plan, name, timeline, stack, signal } = parts;
  const platform = await createPlatform(run.host, run.run, plan, {
    network: surroundings.network,
    name,
    way: surroundings.way,
    mounts: trees.platformMounts,
  });
  stack.defer("platform container", () => platform.remove());
  const control = new AgentControl((line) => platform.write(line));
  const agent = new AgentReader({ plan, timeline, answers: control });
  platform.output.onEnd(() => agent.end());
  platform.output.subscribe(({ stream, text }) => stream === "stdout" && agent.write(`${text}\n`));
  const handle = adopt(parts, platform, run.host.images.platform.id);
  await handle.start();
  await agent.waitUntilReady({ deadline: Deadline.in(PLATFORM_READY_MS), signal });
  await trees.prepare(control, signal);
  await surroundings.trees.fillOnce(
    async () => await platform.placeFiles(await readHomeFiles(parts.homeFiles)),
  );
  await surroundings.identity.attach(control);
  stack.defer("identity control", () => surroundings.identity.detach(control));
  await surroundings.storageControl.attach(control);
  stack.defer("storage control", () => surroundings.storageControl.detach(control));
  const logFiles = writeLogFiles({ plan, timeline, instance: name, agent: control, trees, stack });
  return { platform, handle, logFiles, ports: await publishedPorts(platform, plan.publishedPorts) };
}

/** What the site's containers share (A3.10); the platform's own stands outside, as does storage. */
async function createLimits({ run, plan, name, stack }: InstanceParts): Promise<InstanceLimits | undefined> {
  if (plan.resources === undefined) return undefined;
  const limits = await createInstanceLimits(run.host.engine, run.run, {
    instance: name,
    image: run.host.images.platform.reference,
    resources: plan.resources,
  });
  stack.defer("limits", () => limits.remove());
  return limits;
}

/** Side by side; a failure leaves none behind that the stack does not know. */
async function createContainers(
  parts: InstanceParts,
  {
    platform,
    trees,
    logFiles,
    limits,
  }: {
    readonly platform: EngineContainer;
    readonly trees: InstanceTrees;
    readonly logFiles: LogFilesWriter;
    readonly limits: InstanceLimits | undefined;
  },
): Promise<{
  readonly created: ReadonlyMap<string, EngineContainer>;
  readonly handles: ReadonlyMap<string, SiteContainer>;
}> {
  const { run, surroundings, plan, name, images, state, stack, signal } = parts;
  const created = new Map<string, EngineContainer>();
  stack.defer("containers", () => removeAll(created.values()));
  await settled(
    plan.containers.map(async (container) => {
      signal.throwIfAborted();
      state.enter("PullingImage", container.name);
      const image = images.of(container.image);
      state.enter("MountingVolumes", container.name);
      state.enter("CreatingContainer", container.name);
      const one = await createSiteContainer(run.host, run.run, container, {
        platform,
        image,
        name,
        limits,
        mounts: trees.mountsOf(container.mounts ?? []),
      });
      created.set(container.name, one);
      if (limits !== undefined) surroundings.memory.add(one, limits);
      one.output.subscribe(({ text, wallMs }) => logFiles.output(container.name, text, wallMs));
    }),
  );
  // In the site's own order, whichever was created first.
  const handles = plan.containers.flatMap(({ name: label, image }): [string, SiteContainer][] => {
    const one = created.get(label);
    return one === undefined ? [] : [[label, adopt(parts, one, images.of(image).id)]];
  });
  return { created, handles: new Map(handles) };
}

function adopt(parts: InstanceParts, container: EngineContainer, imageId: string): SiteContainer {
  const { surroundings, timeline, plan, worker } = parts;
  const { label, id } = container;
  const handle = new SiteContainer(container, timeline, {
    graceSeconds: plan.settings.stopTimeLimitSeconds,
  });
  surroundings.adopt(container, handle, logName(label, worker));
  timeline.record({ type: "container.created", container: label, id, imageId });
  return handle;
}

/** `main`; of further workers `main.1`: no container can have a dot in its name (A1.10). */
function logName(label: string, worker: number): string {
  return worker === 0 ? label : `${label}.${worker}`;
}

/** Like Promise.all, but nothing is still under way when it rejects: what was made is known to the stack by then. */
export async function settled<T extends readonly unknown[]>(promises: {
  [K in keyof T]: Promise<T[K]>;
}): Promise<T> {
  await Promise.allSettled(promises);
  // Each is settled now, so this only hands out the values or the first failure.
  return await Promise.all(promises);
}

async function removeAll(containers: Iterable<EngineContainer>): Promise<void> {
  await settled([...containers].map((container) => container.remove()));
}
