import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa } from "execa";
import { SESSION_VARIABLE } from "../../harness/runtime/labels.ts";
import type { Engine } from "../../harness/runtime/engine/engine.ts";
import type { Leftover } from "../../harness/runtime/leftovers.ts";
import { Deadline, poll } from "../../harness/shared/clock.ts";
import type { EventOf, EventType, TimelineEvent } from "../../harness/timeline/events.ts";
import { leftoversOf, removeRuns, runsIn } from "./leftovers.ts";

export interface RunnerOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Working directory; default the repository. */
  readonly directory?: string;
}

/** Below a scenario's own 120 s: a process that outlives its scenario would go on with nobody to end it. */
const LIMIT_MS = 110_000;

export interface RunnerEnd {
  /** Absent: a signal ended it. */
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A process of its own that runs sites: a command, or vitest. It leads a process group, as a command in a terminal does,
 * and records its runs in a folder of its own, by which what it left is found.
 */
export class Runner implements AsyncDisposable {
  readonly #engine: Engine;
  readonly #runs: string;
  readonly #child: ReturnType<typeof begin>;
  readonly #limit = Deadline.in(LIMIT_MS).signal();
  #running = true;

  private constructor(engine: Engine, runs: string, child: ReturnType<typeof begin>) {
    this.#engine = engine;
    this.#runs = runs;
    this.#child = child;
    // Of the whole group: npm ends by a signal without handing it on.
    this.#limit.addEventListener("abort", () => this.#running && this.killAll(), { once: true });
    void this.#noteEnd();
  }

  /** @param command for example `["npm", "start"]`. */
  static async start(
    engine: Engine,
    command: readonly [string, ...string[]],
    { environment = {}, directory = process.cwd() }: RunnerOptions = {},
  ): Promise<Runner> {
    const runs = await mkdtemp(path.join(tmpdir(), "sitecar-runs-"));
    const child = begin(command, directory, { SITECAR_RUNS: runs, ...environment });
    return new Runner(engine, runs, child);
  }

  /** Where its runs are recorded: another command finds them there. */
  get runsDirectory(): string {
    return this.#runs;
  }

  /** As Ctrl-C in a terminal: to every process of the group. */
  interrupt(): void {
    process.kill(-this.#pid, "SIGINT");
  }

  /** SIGKILL to every process of the group. */
  killAll(): void {
    process.kill(-this.#pid, "SIGKILL");
  }

  async ended(): Promise<RunnerEnd> {
    const { exitCode, signal, stdout, stderr } = await this.#child;
    if (this.#limit.aborted)
      throw new Error(`the process did not end within ${LIMIT_MS} ms:\n${stdout}\n${stderr}`);
    return { exitCode, signal, stdout, stderr };
  }

  /** What its runs have on the engine now. */
  async leftovers(): Promise<readonly Leftover[]> {
    return await leftoversOf(this.#engine, await runsIn(this.#runs));
  }

  /** The `nth` event of a type in the record of its only run; waits for it, and fails when the process ends before. */
  async untilEvent<T extends EventType>(
    type: T,
    { withinMs, matches = () => true }: { withinMs: number; matches?: (event: EventOf<T>) => boolean },
  ): Promise<EventOf<T>> {
    const isOne = (event: TimelineEvent): event is EventOf<T> => event.type === type;
    const ended = new AbortController();
    void this.#child.then(({ stdout, stderr }) =>
      ended.abort(new Error(`the process ended before "${type}":\n${stdout}\n${stderr}`)),
    );
    const outcome = await poll(
      async () => (await this.#events()).filter(isOne).find((event) => matches(event)),
      { deadline: Deadline.in(withinMs), signal: ended.signal },
    );
    if (outcome.met) return outcome.value;
    throw new Error(`no "${type}" within ${withinMs} ms`, { cause: outcome.lastFailure });
  }

  /** Ends it if it still runs, and removes everything of its runs. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#running) this.killAll();
    await this.#child;
    await removeRuns(this.#engine, await runsIn(this.#runs));
    await rm(this.#runs, { recursive: true, force: true });
  }

  async #noteEnd(): Promise<void> {
    await this.#child;
    this.#running = false;
  }

  get #pid(): number {
    const { pid } = this.#child;
    if (pid === undefined) throw new Error("the process could not be started");
    return pid;
  }

  async #events(): Promise<readonly TimelineEvent[]> {
    const [run] = await runsIn(this.#runs);
    if (run === undefined) return [];
    const text = await readFile(path.join(this.#runs, run, "timeline.jsonl"), "utf8");
    // The last line may be under way.
    const lines = text.split("\n").slice(0, -1);
    return lines.map((line): TimelineEvent => JSON.parse(line));
  }
}

function begin(
  [file, ...args]: readonly [string, ...string[]],
  directory: string,
  environment: Readonly<Record<string, string>>,
) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !isOurs(name)));
  return execa(file, args, {
    reject: false,
    detached: true,
    cwd: directory,
    extendEnv: false,
    env: { ...env, ...environment },
  });
}

/** What the vitest and the npm that run the scenario have set; a user's process has none of it. */
function isOurs(name: string): boolean {
  return /^(VITEST|NODE_ENV$|TEST$|npm_)/.test(name) || name === SESSION_VARIABLE;
}
