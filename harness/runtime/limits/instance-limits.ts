import type { PlannedResources } from "../../plan/site-plan.ts";
import { SitecarError } from "../../errors/index.ts";
import { Deadline, poll } from "../../shared/clock.ts";
import type { OutputLine } from "../container-output.ts";
import type { Engine } from "../engine/engine.ts";
import type { RunIdentity } from "../labels.ts";
import { askEngineGroups, controlGroup, limitsUnavailable, type ControlGroup } from "./control-group.ts";
import { Keeper, PERIOD_US } from "./keeper.ts";
import { readOutOfMemoryKill, type OutOfMemoryKill } from "./out-of-memory.ts";

export interface InstanceLimitsOptions {
  /** Which instance of the run, for example `0-1`; one group each. */
  readonly instance: string;
  /** Reference of a prepared image with a shell and coreutils: the platform's. */
  readonly image: string;
  readonly resources: PlannedResources;
}

/** What all containers of one instance may have together (A3.10), held by the engine's kernel. */
export interface InstanceLimits {
  /** `HostConfig.CgroupParent` of every container of the instance; not of the platform's own, nor of storage. */
  readonly cgroupParent: string;
  readonly resources: PlannedResources;
  /** Calls `listener` once for each process that is killed, as soon as it is seen. Returns the way to stop it. */
  onKill(listener: (kill: OutOfMemoryKill) => void): () => void;
  /**
   * Resolves when everything that the kernel had logged before this call has been told to the listeners.
   * @throws {SitecarError} WAIT_TIMED_OUT: the keeper gave no answer.
   */
  caughtUp(): Promise<void>;
  /** Removes the group; its containers must be gone. @throws {SitecarError} CLEANUP_FAILED */
  remove(): Promise<void>;
}

const READY_WITHIN_MS = 30_000;
const CAUGHT_UP_WITHIN_MS = 5_000;

/** The kernel rounds memory down to whole pages; the largest are 64 KiB. */
const PAGE_BYTES = 64 * 1024;

/**
 * Makes the control group of an instance and sets its limits: memory without swap, and processor time. Works on
 * engines of other machines too: a short container of the run, the keeper, does it there, and removes the group when
 * this process lets go or dies.
 * @throws {SitecarError} LIMITS_UNAVAILABLE where one limit for several containers can't be had; nothing is left behind.
 *   ENGINE_GONE, ENGINE_REFUSED.
 */
export async function createInstanceLimits(
  engine: Engine,
  run: RunIdentity,
  { instance, image, resources }: InstanceLimitsOptions,
): Promise<InstanceLimits> {
  const name = `sitecar_${run.runId}_${instance}`.replaceAll(/\W/g, "_");
  const group = controlGroup(await askEngineGroups(engine), name, resources.sku);
  const quotaUs = Math.round(resources.cpus * PERIOD_US);
  const heard = new Heard(group);
  const keeper = await Keeper.start(engine, run, {
    name: `sitecar-${run.runId}-limits-${instance}`,
    image,
    group,
    memoryBytes: resources.memoryBytes,
    quotaUs,
    onLine: (line) => heard.hear(line),
  });
  const limits = new KeptLimits(keeper, heard, { group, resources });
  try {
    await limits.ready(quotaUs);
    return limits;
  } catch (error) {
    await limits.remove().catch(() => undefined);
    throw error;
  }
}

/** What the keeper has said so far. */
class Heard {
  readonly listeners = new Set<(kill: OutOfMemoryKill) => void>();
  /** Questions that were answered. */
  readonly answered = new Set<string>();
  /** The limits as they were read back: bytes, quota, period. */
  ready: readonly number[] | undefined;
  readonly #group: ControlGroup;
  /** Numbers of the records that were told: live reading and catching up see the same ones. */
  readonly #told = new Set<number>();

  constructor(group: ControlGroup) {
    this.#group = group;
  }

  hear({ stream, text }: OutputLine): void {
    if (stream !== "stdout") return;
    const [word, ...values] = text.split(" ");
    if (word === "ready") this.ready = values.map(Number);
    else if (word === "read") this.answered.add(values.join(" "));
    else this.#tell(readOutOfMemoryKill(text, this.#group.name));
  }

  #tell(kill: OutOfMemoryKill | undefined): void {
    if (kill === undefined || this.#told.has(kill.sequence)) return;
    this.#told.add(kill.sequence);
    for (const listener of this.listeners) listener(kill);
  }
}

class KeptLimits implements InstanceLimits {
  readonly cgroupParent: string;
  readonly resources: PlannedResources;
  readonly #keeper: Keeper;
  readonly #heard: Heard;
  #questions = 0;

  constructor(
    keeper: Keeper,
    heard: Heard,
    { group, resources }: { readonly group: ControlGroup; readonly resources: PlannedResources },
  ) {
    this.#keeper = keeper;
    this.#heard = heard;
    this.resources = resources;
    this.cgroupParent = group.parent;
  }

  onKill(listener: (kill: OutOfMemoryKill) => void): () => void {
    this.#heard.listeners.add(listener);
    return () => this.#heard.listeners.delete(listener);
  }

  async caughtUp(): Promise<void> {
    const token = String(this.#questions++);
    this.#keeper.say(`read ${token}`);
    const outcome = await poll(async () => (this.#heard.answered.delete(token) ? true : undefined), {
      deadline: Deadline.in(CAUGHT_UP_WITHIN_MS),
      intervalMs: 5,
    });
    if (outcome.met) return;
    throw new SitecarError("WAIT_TIMED_OUT", {
      message: `the kernel's log could not be read in ${CAUGHT_UP_WITHIN_MS / 1000} s.`,
      observations: [{ label: "limits' container", value: this.#lastLines() }],
      remedy:
        "see whether the engine still answers (`docker version`); which container ran out of memory is not known.",
    });
  }

  async remove(): Promise<void> {
    await this.#keeper.remove();
  }

  /** Until the keeper has set the limits and read them back. */
  async ready(quotaUs: number): Promise<void> {
    const { sku, memoryBytes } = this.resources;
    const outcome = await poll(
      async () => {
        if (this.#heard.ready !== undefined) return this.#heard.ready;
        return (await this.#keeper.isRunning()) ? undefined : "ended";
      },
      { deadline: Deadline.in(READY_WITHIN_MS), intervalMs: 20 },
    );
    if (!outcome.met || outcome.value === "ended") {
      throw limitsUnavailable(sku, "the container that sets the limits failed", this.#lastLines());
    }
    const [memory = NaN, quota = NaN, period = NaN] = outcome.value;
    const holds =
      memory <= memoryBytes &&
      memory > memoryBytes - PAGE_BYTES &&
      Math.abs(quota / period - quotaUs / PERIOD_US) < 0.01;
    if (holds) return;
    throw limitsUnavailable(
      sku,
      "it did not keep the limits that were set",
      `asked for ${memoryBytes} bytes and ${quotaUs / PERIOD_US} cores, has ${memory} bytes and ${quota / period} cores`,
    );
  }

  #lastLines(): string {
    const lines = this.#keeper.output.last(5).map(({ text }) => text);
    return lines.length === 0 ? "it said nothing" : lines.join("\n");
  }
}
