import type { SiteDefinition } from "../definition/site-definition.ts";
import { makePlan } from "../plan/make-plan.ts";
import type { Difference, SitePlan } from "../plan/site-plan.ts";
import { identityValues } from "../platform/identity-values.ts";
import type { Schedule } from "../schedule/schedule.ts";
import { ReleaseStack } from "../shared/release-stack.ts";
import { RunDirectory } from "../timeline/run-directory.ts";
import { Timeline } from "../timeline/timeline.ts";
import { settled } from "../shared/settled.ts";
import { prepareRun } from "./create-run.ts";
import { endWithSignal } from "./end-with-signal.ts";
import type { Host } from "./host.ts";
import { Namespace } from "./namespace.ts";
import { PreparedTrial } from "./prepared-trial.ts";
import type { RunParts } from "./run-parts.ts";
import { SiteContainer } from "./site-container.ts";
import { createTrust, instanceIdOf, PLATFORM } from "./site-parts.ts";
import type { StartSiteOptions } from "./start-site.ts";
import { Surroundings } from "./surroundings.ts";

export interface BenchOptions extends Pick<
  StartSiteOptions,
  "files" | "images" | "settings" | "resources" | "inputs" | "signal"
> {
  readonly host: Host;
  readonly instances: number;
  /** Where the bench's own record is made: what happens on it between two trials. */
  readonly benchesDirectory: string;
}

export interface TrialOptions {
  /** Where the trial's folder is made. */
  readonly runsDirectory: string;
  readonly signal?: AbortSignal;
  /** In place of the bench's: files placed over a container's image, by container name. */
  readonly files?: BenchOptions["files"];
  /** Further ones, stated in the trial's record. */
  readonly differences?: readonly Difference[];
  /** `look` (default): blobs are recorded when the trial looks; `watch`: soon after they appear, which costs more. */
  readonly blobs?: "watch" | "look";
}

/** Of each file of a trial: written at once, most are written once. */
const HELD_BYTES = 256 * 1024;

/**
 * A run's surroundings and one namespace for each worker, made once and used for many trials of one site, one at a time. A
 * trial finds everything as if it had just been made; a bench of which that can't be had must be disposed.
 */
export class Bench implements AsyncDisposable {
  readonly #definition: SiteDefinition;
  readonly #options: BenchOptions;
  readonly #run: RunParts;
  readonly #surroundings: Surroundings;
  readonly #namespaces: readonly Namespace[];

  private constructor(
    definition: SiteDefinition,
    options: BenchOptions,
    made: {
      readonly run: RunParts;
      readonly surroundings: Surroundings;
      readonly namespaces: readonly Namespace[];
    },
  ) {
    this.#definition = definition;
    this.#options = options;
    this.#run = made.run;
    this.#surroundings = made.surroundings;
    this.#namespaces = made.namespaces;
  }

  /** Makes everything but the site's own containers. A failure leaves nothing behind. */
  static async create(definition: SiteDefinition, options: BenchOptions): Promise<Bench> {
    const stack = new ReleaseStack();
    const life = new AbortController();
    try {
      if (options.signal !== undefined) endWithSignal(life, options.signal, stack);
      options.signal?.throwIfAborted();
      const run = await openBench(definition, options, { stack, life });
      const surroundings = await Surroundings.create(run, run.planFor(definition, 0));
      const plans = Array.from({ length: options.instances }, (_, worker) => run.planFor(definition, worker));
      const [plan] = plans;
      if (plan === undefined) throw new RangeError("a bench has at least one worker");
      const [namespaces] = await settled([
        settled(plans.map((own, worker) => makeNamespace({ run, surroundings, plan: own, worker }))),
        surroundings.createStorage(plan, { blobs: "look" }),
      ]);
      await surroundings.storage?.tryOut(life.signal);
      return new Bench(definition, options, { run, surroundings, namespaces });
    } catch (error) {
      life.abort(error);
      // The failure that led here is the one to tell; what could not be removed is found by its labels later.
      await stack[Symbol.asyncDispose]().catch(() => undefined);
      throw error;
    }
  }

  /** Aborts when it can't be used any more: the engine has gone, or it was disposed. */
  get signal(): AbortSignal {
    return this.#run.life.signal;
  }

  /** Names its network and containers on the engine. */
  get id(): string {
    return this.#run.run.runId;
  }

  /**
   * Creates the site's containers for a trial and starts none of them.
   * @throws {SitecarError} as `startSite`; the bench must then be disposed.
   */
  async prepare(schedule: Schedule, options: TrialOptions): Promise<PreparedTrial> {
    const stack = new ReleaseStack();
    const life = new AbortController();
    const ends = AbortSignal.any([this.signal, ...(options.signal === undefined ? [] : [options.signal])]);
    endWithSignal(life, ends, stack);
    try {
      ends.throwIfAborted();
      const { host, run: identity, trust } = this.#run;
      const { name } = this.#definition;
      const directory = await RunDirectory.open(name, {
        root: options.runsDirectory,
        keep: "all",
        heldBytes: HELD_BYTES,
      });
      stack.defer("run folder", () => directory[Symbol.asyncDispose]());
      if (this.#options.inputs !== undefined) await directory.write("inputs", this.#options.inputs);
      const timeline = new Timeline();
      directory.follow(timeline);
      const files = options.files ?? this.#options.files ?? {};
      const planFor = (definition: SiteDefinition, worker: number): SitePlan => {
        const plan = planOf(definition, { ...this.#options, run: this.#run, worker, schedule, files });
        const differences = [...plan.differences, ...(options.differences ?? [])];
        return { ...plan, runId: directory.id, differences };
      };
      const run: RunParts = {
        host,
        run: identity,
        timeline,
        directory,
        trust,
        stack,
        life,
        economical: true,
        planFor,
      };
      timeline.record({ type: "phase", name: "bench", detail: this.id });
      const parts = await prepareRun(this.#definition, run, {
        instances: this.#options.instances,
        bench: {
          surroundings: this.#surroundings,
          namespaces: this.#namespaces,
          blobs: options.blobs ?? "look",
        },
      });
      return new PreparedTrial(parts, this.#namespaces);
    } catch (error) {
      life.abort(error);
      await stack[Symbol.asyncDispose]().catch(() => undefined);
      throw error;
    }
  }

  /** Removes everything of it. @throws {SitecarError} CLEANUP_FAILED */
  async [Symbol.asyncDispose](): Promise<void> {
    const { life, stack } = this.#run;
    life.abort(new DOMException("the bench was disposed", "AbortError"));
    await stack[Symbol.asyncDispose]();
  }
}

async function openBench(
  definition: SiteDefinition,
  options: BenchOptions,
  { stack, life }: { readonly stack: ReleaseStack; readonly life: AbortController },
): Promise<RunParts> {
  const { host } = options;
  const directory = await RunDirectory.open(definition.name, {
    root: options.benchesDirectory,
    keep: "all",
  });
  stack.defer("bench folder", () => directory[Symbol.asyncDispose]());
  const timeline = new Timeline();
  directory.follow(timeline);
  const trust = await createTrust();
  const run: RunParts = {
    host,
    run: { runId: directory.id, site: definition.name, reaperSession: host.reaperSession },
    timeline,
    directory,
    trust,
    stack,
    life,
    economical: true,
    planFor: (site, worker) => planOf(site, { ...options, run, worker }),
  };
  return run;
}

/** All trials on a bench have its identities, its authority and its workers' ids. */
function planOf(
  definition: SiteDefinition,
  {
    run,
    worker,
    schedule,
    files,
    images,
    settings,
    resources,
  }: Pick<BenchOptions, "files" | "images" | "settings" | "resources"> & {
    readonly run: RunParts;
    readonly worker: number;
    readonly schedule?: Schedule;
  },
): SitePlan {
  const { runId } = run.run;
  return makePlan(definition, {
    runId,
    instanceId: instanceIdOf(runId, worker),
    identity: identityValues(runId),
    trust: run.trust,
    ...(schedule === undefined ? {} : { schedule }),
    ...(files === undefined ? {} : { files }),
    ...(images === undefined ? {} : { images }),
    ...(settings === undefined ? {} : { settings }),
    ...(resources === undefined ? {} : { resources }),
  });
}

/** Started once, and cleared, so that the first trial finds what all later ones find. */
async function makeNamespace({
  run,
  surroundings,
  plan,
  worker,
}: {
  readonly run: RunParts;
  readonly surroundings: Surroundings;
  readonly plan: SitePlan;
  readonly worker: number;
}): Promise<Namespace> {
  const { host, run: identity, timeline, trust, stack, life } = run;
  const { network, trees: shared, way } = surroundings;
  const namespace = await Namespace.create({
    host,
    run: identity,
    plan,
    name: `${worker}-1`,
    network,
    way,
    economical: true,
    shared,
    trust,
    stack,
  });
  const handle = new SiteContainer(namespace.platform, timeline, {
    graceSeconds: plan.settings.stopTimeLimitSeconds,
  });
  surroundings.adopt(namespace.platform, handle, `${PLATFORM}-${worker}`);
  await namespace.moveIn({ plan, timeline, homeFiles: [], handle, signal: life.signal });
  await namespace.clear();
  return namespace;
}
