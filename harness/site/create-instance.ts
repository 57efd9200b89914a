import type { HomeFile } from "../definition/site-definition.ts";
import type { SitePlan } from "../plan/site-plan.ts";
import type { LogFilesWriter } from "../platform/log-files.ts";
import type { InstanceState } from "../platform/life/instance-state.ts";
import type { EngineContainer } from "../runtime/container.ts";
import type { ImageSet } from "../runtime/images/prepare-images.ts";
import { createInstanceLimits, type InstanceLimits } from "../runtime/limits/instance-limits.ts";
import type { ReleaseStack } from "../shared/release-stack.ts";
import { settled } from "../shared/settled.ts";
import type { Timeline } from "../timeline/timeline.ts";
import { DaprSide } from "./dapr-side.ts";
import { writeLogFiles } from "./instance-log-files.ts";
import { Namespace } from "./namespace.ts";
import type { RunParts } from "./run-parts.ts";
import { SiteContainer, type ContainerState } from "./site-container.ts";
import { createSiteContainer } from "./site-parts.ts";
import { StandInSide } from "./stand-in-side.ts";
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
  /** One that is there already, and outlives the instance. Absent: one of its own. */
  readonly namespace?: Namespace;
}

/** An instance of which everything exists, and nothing of the site's own has been started. */
export interface CreatedInstance {
  /** The site's own, by name. */
  readonly containers: ReadonlyMap<string, SiteContainer>;
  readonly platform: SiteContainer;
  /** Container port → port on 127.0.0.1. */
  readonly ports: ReadonlyMap<number, number>;
  readonly dapr: DaprSide;
  /** See `Namespace`. */
  readonly flushTap: () => Promise<void>;
}

/** Creates one full set of containers in a namespace; starts nothing of the site's. */
export async function createInstance(parts: InstanceParts): Promise<CreatedInstance> {
  const { plan, timeline, state, stack } = parts;
  timeline.record({ type: "phase", name: "creating", detail: `${plan.containers.length} containers` });
  state.enter("EstablishingSiteNetworks");
  const namespace = parts.namespace ?? (await createNamespace(parts));
  const [{ handle, logFiles }, limits] = await settled([moveIn(parts, namespace), createLimits(parts)]);
  state.enter("StartingSiteContainers");
  const standIn = new StandInSide(parts.surroundings.standIn, stack);
  const { created, handles } = await createContainers(parts, { namespace, logFiles, limits, standIn });
  const { ports } = namespace;
  const dapr = await DaprSide.create({ plan, ports, containers: created });
  standIn.ready(handles, dapr);
  stack.defer("dapr readers", () => dapr.close());
  attachClocks(parts, namespace, handles);
  return { containers: handles, platform: handle, ports, dapr, flushTap: () => namespace.flushTap() };
}

function attachClocks(
  { run, plan, name, timeline, signal, stack }: InstanceParts,
  { agent }: Namespace,
  containers: ReadonlyMap<string, SiteContainer>,
): void {
  const clocks = plan.virtualTime?.clocks ?? [];
  run.virtualTime?.attach({ name, clocks, containers, agent, timeline, signal, stack });
}

async function createNamespace({ run, surroundings, plan, name, stack }: InstanceParts): Promise<Namespace> {
  const { host, run: identity, trust, economical = false, tap = false } = run;
  const { network, trees: shared, way } = surroundings;
  const parts = { host, run: identity, plan, name, network, way, economical, tap, shared, trust, stack };
  return await Namespace.create(parts);
}

async function moveIn(
  parts: InstanceParts,
  namespace: Namespace,
): Promise<{ readonly handle: SiteContainer; readonly logFiles: LogFilesWriter }> {
  const { run, surroundings, plan, name, timeline, homeFiles, stack, signal } = parts;
  const { platform, agent, trees } = namespace;
  const handle = adopt(parts, platform, run.host.images.platform.id, namespace.used ? "running" : "created");
  await namespace.moveIn({ plan, timeline, homeFiles, handle, signal });
  await surroundings.identity.attach(agent);
  stack.defer("identity control", () => surroundings.identity.detach(agent));
  await surroundings.storageControl.attach(agent);
  stack.defer("storage control", () => surroundings.storageControl.detach(agent));
  await surroundings.ports.attach(agent);
  stack.defer("port control", () => surroundings.ports.detach(agent));
  const logFiles = writeLogFiles({
    plan,
    timeline,
    instance: name,
    agent,
    trees,
    stack,
    economical: run.economical ?? false,
  });
  return { handle, logFiles };
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
    namespace: { platform, trees },
    logFiles,
    limits,
    standIn,
  }: {
    readonly namespace: Namespace;
    readonly logFiles: LogFilesWriter;
    readonly limits: InstanceLimits | undefined;
    readonly standIn: StandInSide;
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
      const { firstInput, created: linkStandIn } = standIn.link(container);
      const one = await createSiteContainer(run.host, run.run, container, {
        platform,
        image,
        name,
        limits,
        mounts: trees.mountsOf(container.mounts ?? []),
        ...(firstInput === undefined ? {} : { firstInput }),
      });
      created.set(container.name, one);
      linkStandIn?.(one);
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

function adopt(
  parts: InstanceParts,
  container: EngineContainer,
  imageId: string,
  state: ContainerState = "created",
): SiteContainer {
  const { surroundings, timeline, plan, worker } = parts;
  const { label, id } = container;
  const handle = new SiteContainer(container, timeline, {
    graceSeconds: plan.settings.stopTimeLimitSeconds,
    state,
  });
  surroundings.adopt(container, handle, logName(label, worker));
  timeline.record({ type: "container.created", container: label, id, imageId });
  return handle;
}

/** `main`; of further workers `main.1`: no container can have a dot in its name (A1.10). */
function logName(label: string, worker: number): string {
  return worker === 0 ? label : `${label}.${worker}`;
}

async function removeAll(containers: Iterable<EngineContainer>): Promise<void> {
  await settled([...containers].map((container) => container.remove()));
}
