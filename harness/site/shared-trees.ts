import type { PlannedMount, SitePlan } from "../plan/site-plan.ts";
import { TRUST_DIRECTORY } from "../plan/trust.ts";
import type { AgentControl } from "../platform/agent-control.ts";
import { TREES_PATH, type TreePath } from "../platform/agent-protocol.ts";
import type { ContainerMount } from "../runtime/container-specification.ts";
import type { Engine } from "../runtime/engine/engine.ts";
import type { RunIdentity } from "../runtime/labels.ts";
import { createSubVolume, createVolume, keptVolume, type SharedVolume } from "../runtime/volumes.ts";
import { Deadline } from "../shared/clock.ts";
import type { ReleaseStack } from "../shared/release-stack.ts";

type Tree = PlannedMount["tree"];

const DIRECTORIES_WITHIN_MS = 20_000;

export interface SharedTreesOptions {
  readonly engine: Engine;
  readonly run: RunIdentity;
  /** Name of a `/home` that outlives runs; absent: one of this run's own. */
  readonly home?: string;
}

/**
 * The directories that all instances of a run share: `/home`, the platform's log files where `/home` is off (A5.1), and trust.
 * Each is a volume, made when the first instance needs it.
 */
export class SharedTrees {
  readonly #options: SharedTreesOptions;
  readonly #volumes = new Map<Tree, Promise<SharedVolume>>();
  readonly #placed = new Map<Tree, Promise<void>>();

  constructor(options: SharedTreesOptions) {
    this.#options = options;
  }

  volume(tree: Exclude<Tree, "local">): Promise<SharedVolume> {
    const made = this.#volumes.get(tree) ?? this.#make(tree);
    this.#volumes.set(tree, made);
    return made;
  }

  /**
   * Lets `place` put files into a tree, by the first instance only; others wait for it. Two at a time, the engine removes of one
   * what it unpacks for the other; and containers of an earlier instance may be reading them.
   */
  async placeOnce(tree: "home" | "trust", place: () => Promise<void>): Promise<void> {
    const placed = this.#placed.get(tree) ?? place();
    this.#placed.set(tree, placed);
    await placed;
  }

  /** What was placed there has been removed: the next {@link placeOnce} places again. */
  emptied(tree: "home"): void {
    this.#placed.delete(tree);
  }

  async remove(): Promise<void> {
    const made = await Promise.allSettled(this.#volumes.values());
    for (const volume of made) if (volume.status === "fulfilled") await volume.value.remove();
  }

  #make(tree: Tree): Promise<SharedVolume> {
    const { engine, run, home } = this.#options;
    return tree === "home" && home !== undefined
      ? keptVolume(engine, home)
      : createVolume(engine, run, `sitecar-${run.runId}-${tree}`);
  }
}

/** What one instance mounts: the shared trees, and a local one that ends with it (A5.2). */
export class InstanceTrees {
  readonly #parts: InstanceTreesParts;
  readonly #volumes: ReadonlyMap<Tree, SharedVolume>;
  readonly #parted = new Map<string, SharedVolume>();

  private constructor(parts: InstanceTreesParts, volumes: ReadonlyMap<Tree, SharedVolume>) {
    this.#parts = parts;
    this.#volumes = volumes;
  }

  static async create(parts: InstanceTreesParts): Promise<InstanceTrees> {
    const { shared, engine, run, plan, name, stack } = parts;
    const volumes = new Map<Tree, SharedVolume>();
    const trees = new InstanceTrees(parts, volumes);
    // Before the containers that mount them are registered, so that it runs after their removal.
    stack.defer("volumes", () => trees.#remove());
    for (const tree of new Set(mountsOf(plan).map((mount) => mount.tree))) {
      volumes.set(
        tree,
        tree === "local"
          ? await createVolume(engine, run, `sitecar-${run.runId}-${name}-local`)
          : await shared.volume(tree),
      );
    }
    return trees;
  }

  /** For the platform container, which sees all trees whole. */
  get platformMounts(): readonly ContainerMount[] {
    return [...this.#volumes].map(([tree, volume]) => ({
      volume: volume.name,
      // Not among the others: what a bench removes between two trials is in those.
      path: tree === "trust" ? TRUST_DIRECTORY : `${TREES_PATH}/${tree}`,
      readOnly: false,
    }));
  }

  /**
   * Makes every directory that is mounted by itself, then a volume of each: a directory must be there before it is mounted.
   * @throws {SitecarError} PLATFORM_FAILED, ENGINE_REFUSED, ENGINE_GONE.
   */
  async prepare(agent: AgentControl, signal: AbortSignal): Promise<void> {
    const { engine, run, name, plan } = this.#parts;
    const parts = new Map<string, TreePath>();
    for (const { tree, subPath } of mountsOf(plan)) {
      if (subPath !== "") parts.set(keyOf(tree, subPath), { tree, path: subPath });
    }
    const roots = [...this.#volumes.keys()]
      .filter((tree) => tree !== "trust")
      .map((tree): TreePath => ({ tree, path: "" }));
    const logFiles: TreePath[] = this.#volumes.has("home") ? [{ tree: "home", path: "LogFiles" }] : [];
    await agent.request(
      { type: "directories.make", directories: [...roots, ...logFiles, ...parts.values()] },
      { deadline: Deadline.in(DIRECTORIES_WITHIN_MS), signal },
    );
    for (const [key, { tree, path }] of parts) {
      const part = {
        name: `sitecar-${run.runId}-${name}-${tree}-${this.#parted.size + 1}`,
        of: this.#volume(tree),
        subPath: path,
      };
      this.#parted.set(key, await createSubVolume(engine, run, part));
    }
  }

  /** What a container mounts. {@link prepare} comes first. */
  mountsOf(mounts: readonly PlannedMount[]): readonly ContainerMount[] {
    return mounts.map(({ tree, subPath, path, readOnly }) => {
      const volume = subPath === "" ? this.#volume(tree) : this.#parted.get(keyOf(tree, subPath));
      if (volume === undefined) throw new TypeError(`${tree}/${subPath} was not prepared`);
      return { volume: volume.name, path, readOnly };
    });
  }

  /** Where the platform's log files lie. */
  logFile(name: string): TreePath {
    return this.#volumes.has("home")
      ? { tree: "home", path: `LogFiles/${name}` }
      : { tree: "logs", path: name };
  }

  #volume(tree: Tree): SharedVolume {
    const volume = this.#volumes.get(tree);
    if (volume === undefined) throw new TypeError(`the plan mounts nothing of ${tree}`);
    return volume;
  }

  async #remove(): Promise<void> {
    for (const volume of this.#parted.values()) await volume.remove();
    await this.#volumes.get("local")?.remove();
  }
}

export interface InstanceTreesParts {
  readonly shared: SharedTrees;
  readonly engine: Engine;
  readonly run: RunIdentity;
  readonly plan: SitePlan;
  /** The instance's, `<worker>-<life>`. */
  readonly name: string;
  readonly stack: ReleaseStack;
}

function mountsOf(plan: SitePlan): readonly PlannedMount[] {
  return plan.containers.flatMap(({ mounts }) => mounts ?? []);
}

function keyOf(tree: Tree, subPath: string): string {
  return `${tree}/${subPath}`;
}
