import type { RunRecord } from "../contracts/run-record.ts";
import { writeRunRecord } from "../contracts/write-run-record.ts";
import type { SitePlan } from "../plan/site-plan.ts";
import type { Instance } from "./instance.ts";
import { EventLoopLateness } from "./event-loop-lateness.ts";
import { lookAtDaprs } from "./last-look.ts";
import type { RunParts } from "./run-parts.ts";

/** What a run is judged by is seen up to here. */
interface Observation extends Pick<RunRecord, "componentFiles" | "snapshots" | "observedUntilMs"> {
  readonly plan: SitePlan;
}

/** The end of a run's observation: the last look at every daprd, before anything is stopped, and the record made of it all. */
export class RunEnding {
  readonly #run: RunParts;
  readonly #instances: () => readonly Instance[];
  #lateness = new EventLoopLateness();
  #observed: Promise<Observation> | undefined;
  #recorded: Promise<RunRecord> | undefined;

  /** @param instances the present ones. */
  constructor(run: RunParts, instances: () => readonly Instance[]) {
    this.#run = run;
    this.#instances = instances;
  }

  /** Ends the observation; the first call does. */
  async observed(): Promise<void> {
    this.#observed ??= this.#observe();
    await this.#observed;
  }

  /** The site was started again: what is judged goes on. */
  goesOn(): void {
    this.#observed = undefined;
    this.#recorded = undefined;
    this.#lateness = new EventLoopLateness();
  }

  /** Records what was not recorded; whatever ends a run goes on when that fails. */
  async recordAtTheEnd(): Promise<void> {
    try {
      await this.record();
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      this.#run.timeline.record({ type: "observer.failed", observer: "record of the run", detail });
    }
  }

  /** The run's record, saved in its folder; the same one each time. @throws {SitecarError} RUN_DIRECTORY_FAILED, NO_SPACE. */
  async record(stopped?: RunRecord["stopped"]): Promise<RunRecord> {
    this.#recorded ??= this.#record(stopped);
    return await this.#recorded;
  }

  async #record(stopped: RunRecord["stopped"]): Promise<RunRecord> {
    const { timeline, directory } = this.#run;
    this.#observed ??= this.#observe();
    const observation = await this.#observed;
    const eventLoopMs = this.#lateness.mostMs;
    this.#lateness.close();
    return await writeRunRecord({
      ...observation,
      ...(stopped === undefined ? {} : { stopped }),
      timeline,
      directory,
      eventLoopMs,
    });
  }

  async #observe(): Promise<Observation> {
    const instances = this.#instances();
    const [first] = instances;
    if (first === undefined) throw new TypeError("a site has at least one worker");
    const observedUntilMs = this.#endedMs(instances);
    const [snapshots, componentFiles] = await Promise.all([
      lookAtDaprs(instances),
      // An engine that is gone has no files to read; those of the beginning are the best there is.
      first.lastComponentFiles().catch(() => first.allComponentFiles()),
    ]);
    return { plan: first.plan, snapshots, componentFiles, observedUntilMs };
  }

  /** Now, or when the schedule stopped the site. */
  #endedMs(instances: readonly Instance[]): number {
    const { timeline } = this.#run;
    const names = new Set(instances.map(({ name }) => name));
    const stopping = timeline
      .of("phase")
      .filter(({ name, instance }) => name === "site stopping" && names.has(instance ?? ""));
    return Math.min(Math.round(timeline.now() * 1000) / 1000, ...stopping.map(({ tMs }) => tMs));
  }
}
