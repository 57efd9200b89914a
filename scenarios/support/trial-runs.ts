import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Engine } from "../../harness/runtime/engine/engine.ts";
import type { Leftover } from "../../harness/runtime/leftovers.ts";
import { leftoversOf, removeRuns, runsIn } from "./leftovers.ts";

/** A folder for the records of runs that fail before they can say their id; by it, what they left is found. */
export class TrialRuns implements AsyncDisposable {
  readonly #engine: Engine;
  /** For `startSite`'s `runsDirectory`. */
  readonly directory: string;

  private constructor(engine: Engine, directory: string) {
    this.#engine = engine;
    this.directory = directory;
  }

  static async create(engine: Engine): Promise<TrialRuns> {
    return new TrialRuns(engine, await mkdtemp(path.join(tmpdir(), "sitecar-runs-")));
  }

  async runs(): Promise<readonly string[]> {
    return await runsIn(this.directory);
  }

  async leftovers(): Promise<readonly Leftover[]> {
    return await leftoversOf(this.#engine, await this.runs());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await removeRuns(this.#engine, await this.runs());
    await rm(this.directory, { recursive: true, force: true });
  }
}
