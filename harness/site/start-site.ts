import type { SiteDefinition } from "../definition/site-definition.ts";
import { instancesOf } from "../plan/instances-of.ts";
import { makePlan } from "../plan/make-plan.ts";
import { imagesWithStandIn, type StandInMain } from "../plan/stand-in-main.ts";
import type { PlatformSettings } from "../plan/platform-settings.ts";
import type { Difference, InstanceResources, PlannedFile } from "../plan/site-plan.ts";
import { beginOfVirtualTime, type VirtualTimeOptions } from "../plan/virtual-time.ts";
import { identityValues } from "../platform/identity-values.ts";
import type { ScheduleInput } from "../schedule/schedule.ts";
import { ReleaseStack } from "../shared/release-stack.ts";
import type { ProgressSink } from "../shared/progress.ts";
import { RunDirectory } from "../timeline/run-directory.ts";
import type { SavedInputs } from "../timeline/saved-inputs.ts";
import { Timeline } from "../timeline/timeline.ts";
import { createRun } from "./create-run.ts";
import { endWithSignal } from "./end-with-signal.ts";
import { prepareHost, type Host } from "./host.ts";
import { checkHomeName } from "./home-name.ts";
import type { RunParts } from "./run-parts.ts";
import type { RunningSite } from "./running-site.ts";
import { createTrust, instanceIdOf, type Trust } from "./site-parts.ts";
import { checkHostTime } from "./virtual-host.ts";
import { VirtualTime } from "./virtual-time.ts";

export interface StartSiteOptions {
  /** Prepared once for many sites; default: prepared for this one. */
  readonly host?: Host;
  /** Default: all at once; storage is up before. */
  readonly schedule?: ScheduleInput;
  /**
   * What the promise waits for. `ready` (default): started, and Dapr's components and bindings are active. `started`:
   * main answered the warm-up. `scheduled`: everything is created and the schedule has begun.
   */
  readonly until?: "ready" | "started" | "scheduled";
  /** Files placed over a container's image, by container name; listed as differences. */
  readonly files?: Readonly<Record<string, readonly PlannedFile[]>>;
  /** Images in place of the site's own, by container name; listed as differences. A `host` must have prepared them. */
  readonly images?: Readonly<Record<string, string>>;
  /**
   * The harness's own program in a container's place, for experiments with how an app behaves: it serves the input bindings'
   * routes, and misbehaves as faults tell it. Listed as a difference. A `host` must have prepared its image.
   */
  readonly standIn?: StandInMain;
  /** Wins over the site's app settings. */
  readonly settings?: Partial<PlatformSettings>;
  /** What an instance has, whatever the site's App Service plan is: all its containers share it. */
  readonly resources?: InstanceResources;
  /**
   * Cron follows virtual time, which goes on when {@link RunningSite.clock} is told to; every event and verdict of the run says
   * so. Default: it goes by this machine's clock. A `host` must have been prepared for it.
   */
  readonly virtualTime?: VirtualTimeOptions;
  /**
   * How many workers run the site, each a full set of containers (A3.9), 1–30. Default: `siteConfig.numberOfWorkers`, else the
   * plan's capacity, else 1.
   */
  readonly instances?: number;
  /**
   * Every HTTP and gRPC exchange on the instances' loopback is seen and recorded, without a word of it changed. Default false: it
   * costs the platform container memory and processor time (docs/tap.md).
   */
  readonly tap?: boolean;
  /** The front end's port on 127.0.0.1. Default: a free one. */
  readonly publicPort?: number;
  /**
   * Name of a `/home` that outlives runs, as App Service's share does; made when it is not there; `keep`: the one of the
   * site's name. Default: an empty one for
   * this run. The site's `homeFiles` are placed in either.
   */
  readonly home?: string;
  /** What the site was read from: saved with the run, so that `sitecar replay` can make it again. */
  readonly inputs?: SavedInputs;
  /** Default `.sitecar/runs` in the working directory, or the environment's `SITECAR_RUNS`. */
  readonly runsDirectory?: string;
  readonly progress?: ProgressSink;
  /** Ends the start, and later the run. */
  readonly signal?: AbortSignal;
  /** Called as soon as the record exists, before the first container. */
  readonly onTimeline?: (timeline: Timeline) => void;
}

/**
 * Starts a site: opens its front end, creates every container, then starts each at its time of the schedule.
 * A failure leaves nothing running; the run's folder stays.
 * @throws {SitecarError} what `prepareHost`, `makePlan` and {@link RunningSite.untilReady} throw.
 */
export async function startSite(
  definition: SiteDefinition,
  options: StartSiteOptions = {},
): Promise<RunningSite> {
  options.signal?.throwIfAborted();
  const images = imagesWithStandIn(options.images, options.standIn);
  if (options.virtualTime !== undefined) beginOfVirtualTime(options.virtualTime, new Date());
  const host =
    options.host ??
    (await prepareHost([definition], {
      ...(images === undefined ? {} : { images }),
      ...(options.virtualTime === undefined ? {} : { virtualTime: true }),
      ...(options.progress === undefined ? {} : { progress: options.progress }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    }));
  const stack = new ReleaseStack();
  const life = new AbortController();
  checkHostTime(host, options.virtualTime !== undefined);
  try {
    const site = await createAndBegin(definition, { ...options, host }, { stack, life });
    if (options.until === "started") await site.untilStarted();
    else if (options.until !== "scheduled") await site.untilReady();
    return site;
  } catch (error) {
    life.abort(error);
    // The failure that led here is the one to tell; what could not be removed is found by its labels later.
    await stack[Symbol.asyncDispose]().catch(() => undefined);
    throw error;
  }
}

async function createAndBegin(
  definition: SiteDefinition,
  options: StartSiteOptions & { readonly host: Host },
  { stack, life }: { readonly stack: ReleaseStack; readonly life: AbortController },
): Promise<RunningSite> {
  if (options.signal !== undefined) endWithSignal(life, options.signal, stack);
  const directory = await RunDirectory.open(
    definition.name,
    options.runsDirectory === undefined ? {} : { root: options.runsDirectory },
  );
  stack.defer("run folder", () => directory[Symbol.asyncDispose]());
  if (options.inputs !== undefined) await directory.write("inputs", options.inputs);
  const timeline = new Timeline();
  const virtual = options.virtualTime && beginOfVirtualTime(options.virtualTime, new Date());
  const virtualTime = virtual && new VirtualTime(virtual, timeline, life.signal);
  directory.follow(timeline);
  options.onTimeline?.(timeline);
  const { host } = options;
  const trust = await createTrust();
  const run: RunParts = {
    host,
    run: { runId: directory.id, site: definition.name, reaperSession: host.reaperSession },
    timeline,
    directory,
    trust,
    stack,
    life,
    ...(options.home === undefined
      ? {}
      : { home: checkHomeName(options.home === "keep" ? definition.name : options.home) }),
    ...(virtualTime === undefined ? {} : { virtualTime }),
    ...(options.tap === undefined ? {} : { tap: options.tap }),
    planFor: planner(directory.id, trust, { ...options, ...(virtual && { virtualTimeFrom: virtual }) }),
  };
  return await createRun(definition, run, {
    instances: options.instances ?? instancesOf(definition),
    ...(options.publicPort === undefined ? {} : { publicPort: options.publicPort }),
  });
}

function planner(
  runId: string,
  trust: Trust,
  options: StartSiteOptions & { readonly virtualTimeFrom?: Date },
): RunParts["planFor"] {
  const identity = identityValues(runId);
  return (definition, worker) => {
    const plan = makePlan(definition, {
      runId,
      instanceId: instanceIdOf(runId, worker),
      identity,
      trust,
      ...(options.schedule === undefined ? {} : { schedule: options.schedule }),
      ...(options.files === undefined ? {} : { files: options.files }),
      ...(options.images === undefined ? {} : { images: options.images }),
      ...(options.standIn === undefined ? {} : { standIn: options.standIn }),
      ...(options.settings === undefined ? {} : { settings: options.settings }),
      ...(options.resources === undefined ? {} : { resources: options.resources }),
      ...(options.virtualTimeFrom === undefined ? {} : { virtualTimeFrom: options.virtualTimeFrom }),
    });
    return options.tap === true ? { ...plan, differences: [...plan.differences, TAPPED] } : plan;
  };
}

const TAPPED: Difference = {
  subject: "namespace",
  what: "every packet on the loopback is read, and none changed",
  why: "the tap was asked for",
};
