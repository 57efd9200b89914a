import type { HomeFile } from "../definition/site-definition.ts";
import type { SitePlan } from "../plan/site-plan.ts";
import { trustFiles, type PlannedTrust } from "../plan/trust.ts";
import { AgentControl } from "../platform/agent-control.ts";
import { AgentReader } from "../platform/agent-reader.ts";
import { isReport } from "../platform/agent-report.ts";
import type { EngineContainer } from "../runtime/container.ts";
import type { RunIdentity } from "../runtime/labels.ts";
import { cuesOf } from "../schedule/step.ts";
import { Deadline } from "../shared/clock.ts";
import type { ReleaseStack } from "../shared/release-stack.ts";
import type { Timeline } from "../timeline/timeline.ts";
import { readHomeFiles } from "./home-files.ts";
import type { Host } from "./host.ts";
import { publishedPorts } from "./published-ports.ts";
import { InstanceTrees, type SharedTrees } from "./shared-trees.ts";
import type { SiteContainer } from "./site-container.ts";
import { createPlatform, type WayToStorage } from "./site-parts.ts";

export interface NamespaceParts {
  readonly host: Host;
  readonly run: RunIdentity;
  readonly plan: SitePlan;
  /** `<worker>-<life>`. */
  readonly name: string;
  /** The bridge's name. */
  readonly network: string;
  /** To storage; `null`: the site has none. */
  readonly way: WayToStorage | null;
  readonly shared: SharedTrees;
  readonly trust: PlannedTrust;
  /** See `RunParts`. */
  readonly economical: boolean;
  readonly tap?: boolean;
  /** Everything of it registers its removal. */
  readonly stack: ReleaseStack;
}

/** An instance that moves in. */
export interface Occupant {
  readonly plan: SitePlan;
  /** What the agent sees is recorded here, until the next one moves in. */
  readonly timeline: Timeline;
  readonly homeFiles: readonly HomeFile[];
  /** The platform container's, in the instance's record. */
  readonly handle: SiteContainer;
  readonly signal: AbortSignal;
}

const PLATFORM_READY_MS = 30_000;
const AGENT_ANSWER_MS = 20_000;
/** So often daprd's counters are read where a schedule acts at a tick: its steps are late by up to as much. */
const EXACT_TICKS_MS = 50;

/**
 * A network namespace with what the platform has in it: the platform container that owns it and its published ports, the
 * agent, and the directories that the site's containers share. It can outlive an instance and be used for the next one,
 * which then finds it as if it had just been made.
 */
export class Namespace {
  readonly platform: EngineContainer;
  readonly trees: InstanceTrees;
  readonly agent: AgentControl;
  readonly #shared: SharedTrees;
  #reader: AgentReader | undefined;
  #started = false;
  #ports: ReadonlyMap<number, number> = new Map();

  private constructor(platform: EngineContainer, trees: InstanceTrees, shared: SharedTrees) {
    this.platform = platform;
    this.trees = trees;
    this.#shared = shared;
    this.agent = new AgentControl((line) => platform.write(line));
    platform.output.onEnd(() => {
      this.#reader?.end();
      this.agent.end();
    });
    platform.output.subscribe(({ stream, text }) => {
      // The tap reports on standard error; what else stands there is for people.
      if (stream === "stdout" || isReport(text)) this.#reader?.write(`${text}\n`);
    });
  }

  /** Creates the platform container and the volumes; starts nothing. */
  static async create(parts: NamespaceParts): Promise<Namespace> {
    const { host, run, plan, name, network, way, economical, tap = false, shared, trust, stack } = parts;
    const trees = await InstanceTrees.create({ shared, engine: host.engine, run, plan, name, stack });
    const mounts = trees.platformMounts;
    const platform = await createPlatform(host, run, plan, { network, name, way, mounts, economical, tap });
    const namespace = new Namespace(platform, trees, shared);
    stack.defer("platform container", () => namespace.#remove({ tapped: tap }));
    await shared.placeOnce("trust", async () => await platform.placeFiles(trustFiles(trust)));
    return namespace;
  }

  /** Container port → port on 127.0.0.1. Empty until somebody has moved in. */
  get ports(): ReadonlyMap<number, number> {
    return this.#ports;
  }

  /** Somebody has lived here before, and the platform container runs. */
  get used(): boolean {
    return this.#started;
  }

  /** Resolves when a site's containers can be created for it. @throws {SitecarError} PLATFORM_FAILED, ENGINE_GONE. */
  async moveIn({ plan, timeline, homeFiles, handle, signal }: Occupant): Promise<void> {
    const reader = new AgentReader({ plan, timeline, answers: this.agent });
    this.#reader = reader;
    if (this.#started) {
      await this.agent.request({ type: "namespace.observe" }, { deadline: answer(), signal });
    } else {
      await handle.start();
      this.#started = true;
    }
    await reader.waitUntilReady({ deadline: Deadline.in(PLATFORM_READY_MS), signal });
    if (cuesOf(plan.schedule.steps ?? []).some(({ seen }) => seen === "tick")) {
      const asked = { type: "metrics.interval", intervalMs: EXACT_TICKS_MS } as const;
      await this.agent.request(asked, { deadline: answer(), signal });
    }
    await this.trees.prepare(this.agent, signal);
    await this.#shared.placeOnce("home", async () =>
      this.platform.placeFiles(await readHomeFiles(homeFiles)),
    );
    if (this.#ports.size === 0) this.#ports = await publishedPorts(this.platform, plan.publishedPorts);
  }

  /** Everything that was on the wire is in the record when this resolves. @throws {SitecarError} PLATFORM_FAILED */
  async flushTap(): Promise<void> {
    if (this.#started) await this.agent.request({ type: "tap.flush" }, { deadline: answer() });
  }

  /** The site's containers are gone by then: what the tap has not told yet is told now. */
  async #remove({ tapped }: { readonly tapped: boolean }): Promise<void> {
    if (tapped && this.#started && this.agent.alive) {
      // An agent that can't any more is removed all the same, and the record has the last that it told.
      await this.agent.request({ type: "tap.end" }, { deadline: answer() }).catch(() => undefined);
    }
    await this.platform.remove();
  }

  /**
   * After the instance's containers were removed: nothing of it is left, and nothing is observed until the next one moves in.
   * @throws {SitecarError} PLATFORM_FAILED, also where something of the site still listens.
   */
  async clear(): Promise<void> {
    await this.agent.request({ type: "namespace.reset" }, { deadline: answer() });
    await this.agent.request({ type: "trees.empty" }, { deadline: answer() });
    this.#shared.emptied("home");
  }
}

function answer(): Deadline {
  return Deadline.in(AGENT_ANSWER_MS);
}
