import { mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";

import type { SitePlan } from "../plan/site-plan.ts";
import { AppendFile } from "./append-file.ts";
import { ContainerLog } from "./container-log.ts";
import { OWNER_FILE, pruneRuns } from "./prune-runs.ts";
import { runDirectoryFailure } from "./run-directory-failure.ts";
import { newRunId } from "./run-id.ts";
import { savedPlan } from "./saved-plan.ts";
import type { Timeline } from "./timeline.ts";

/** How many runs are kept, this one included. */
const RUNS_KEPT = 50;

export interface RunDirectoryOptions {
  /** Default: the environment's `SITECAR_RUNS`, else `.sitecar/runs` in the working directory. */
  readonly root?: string;
  /** `all`: none is removed. Default: the newest fifty. */
  readonly keep?: "all";
  /**
   * So much of the timeline and of each log is held back before it is written, for many runs at a time; a process that dies
   * takes it along. Default: nothing.
   */
  readonly heldBytes?: number;
}

/**
 * Everything a run leaves behind, in one folder:
 * `timeline.jsonl` (grows as events come), `plan.json` (secrets masked), `logs/<container>.log`, `record.json`
 * (versions, digests, differences; see {@link RunDirectory.write}), and what {@link RunDirectory.save} is given. `latest` beside the folders names the newest.
 * Several processes may use one root at once.
 */
export class RunDirectory implements AsyncDisposable {
  /** For example `20261123-164205-example-3f9a` (UTC); sorts by time. */
  readonly id: string;
  /** Absolute. */
  readonly path: string;
  readonly #heldBytes: number;
  readonly #timeline: AppendFile;
  readonly #logs = new Map<string, ContainerLog>();
  readonly #record = new Map<string, unknown>();
  readonly #unsubscribe: (() => void)[] = [];
  #recordDue: Promise<void> | undefined;
  #recordWritten: Promise<void> = Promise.resolve();
  #disposed: Promise<void> | undefined;

  private constructor(id: string, directory: string, heldBytes = 0) {
    this.id = id;
    this.path = directory;
    this.#heldBytes = heldBytes;
    this.#timeline = new AppendFile(path.join(directory, "timeline.jsonl"), heldBytes);
  }

  /**
   * Makes the folder of a new run and removes runs older than the newest fifty, unless all are kept.
   * @throws {SitecarError} RUN_DIRECTORY_FAILED, NO_SPACE.
   */
  static async open(site: string, options?: RunDirectoryOptions): Promise<RunDirectory> {
    const root = path.resolve(options?.root ?? process.env["SITECAR_RUNS"] ?? path.join(".sitecar", "runs"));
    try {
      await mkdir(root, { recursive: true });
      // Logs show what containers print, secrets included: never to be committed by accident.
      await writeFile(path.join(root, ".gitignore"), "*\n");
      const id = await makeFolder(root, site);
      const directory = path.join(root, id);
      await pointLatest(root, id);
      const failures = options?.keep === "all" ? [] : await pruneRuns(root, RUNS_KEPT);
      const run = new RunDirectory(id, directory, options?.heldBytes);
      if (failures.length > 0) await run.write("pruningFailures", failures);
      return run;
    } catch (error) {
      throw runDirectoryFailure(root, error);
    }
  }

  /** Writes every event of the timeline, those before and those to come, as one JSON line each. */
  follow(timeline: Timeline): void {
    for (const event of timeline.events) this.#timeline.append(`${JSON.stringify(event)}\n`);
    this.#unsubscribe.push(
      timeline.subscribe((event) => this.#timeline.append(`${JSON.stringify(event)}\n`)),
    );
  }

  /** The log of a container; the same one each time. */
  log(container: string): ContainerLog {
    const existing = this.#logs.get(container);
    if (existing !== undefined) return existing;
    const log = new ContainerLog(path.join(this.path, "logs", `${container}.log`), this.#heldBytes);
    this.#logs.set(container, log);
    return log;
  }

  /** Writes `plan.json`: secrets masked, files as digests. */
  async writePlan(plan: SitePlan): Promise<void> {
    await this.#replace("plan.json", savedPlan(plan));
  }

  /** Sets one entry of `record.json`, for example `engine` or `images`. */
  write(name: string, value: unknown): Promise<void> {
    this.#record.set(name, value);
    // One that waits for the writing before it takes along what comes meanwhile.
    if (this.#recordDue !== undefined) return this.#recordDue;
    const written = this.#recordWritten.then(() => {
      this.#recordDue = undefined;
      return this.#replace("record.json", Object.fromEntries(this.#record));
    });
    this.#recordDue = written;
    // The next write is tried whether or not this one fails; the caller has this one's failure.
    this.#recordWritten = written.catch(() => undefined);
    return written;
  }

  /** Writes `<name>.json` in one step, without indentation: for what programs read. @throws {SitecarError} RUN_DIRECTORY_FAILED, NO_SPACE. */
  async save(name: string, value: unknown): Promise<void> {
    await this.#replace(`${name}.json`, value, { indent: 0 });
  }

  /** Resolves when everything so far can be read from the folder. @throws {SitecarError} RUN_DIRECTORY_FAILED, NO_SPACE. */
  async flush(): Promise<void> {
    await Promise.all([
      this.#timeline.flush(),
      ...[...this.#logs.values()].map((log) => log.flush()),
      this.#recordWritten,
    ]);
  }

  /**
   * Ends every file. All are tried; the first failure is thrown.
   * @throws {SitecarError} RUN_DIRECTORY_FAILED, NO_SPACE.
   */
  [Symbol.asyncDispose](): Promise<void> {
    this.#disposed ??= this.#dispose();
    return this.#disposed;
  }

  async #dispose(): Promise<void> {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    const outcomes = await Promise.allSettled([
      this.#timeline.close(),
      ...[...this.#logs.values()].map((log) => log.close()),
      this.#recordWritten,
      rm(path.join(this.path, OWNER_FILE), { force: true }),
    ]);
    const failure = outcomes.find((outcome) => outcome.status === "rejected");
    if (failure !== undefined) throw failure.reason;
  }

  /** Writes beside and renames: a reader, or a run that dies, never sees half a file. */
  async #replace(name: string, value: unknown, { indent = 2 } = {}): Promise<void> {
    const file = path.join(this.path, name);
    try {
      await writeFile(`${file}.new`, `${JSON.stringify(value, undefined, indent)}\n`, { mode: 0o600 });
      await rename(`${file}.new`, file);
    } catch (error) {
      throw runDirectoryFailure(file, error);
    }
  }
}

async function makeFolder(root: string, site: string): Promise<string> {
  for (;;) {
    const id = newRunId(site);
    const directory = path.join(root, id);
    try {
      await mkdir(directory, { mode: 0o700 });
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "EEXIST") continue;
      throw error;
    }
    await writeFile(path.join(directory, OWNER_FILE), String(process.pid));
    await mkdir(path.join(directory, "logs"));
    return id;
  }
}

/** Replaces the link in one step: another process may do the same at this moment. */
async function pointLatest(root: string, id: string): Promise<void> {
  const link = path.join(root, `latest.${id}`);
  await symlink(id, link);
  await rename(link, path.join(root, "latest"));
}
