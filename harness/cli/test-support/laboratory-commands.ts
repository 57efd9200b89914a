import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { Command } from "commander";
import { vi } from "vitest";
import type { Laboratory, TrialOutcome } from "../../lab/trials/laboratory.ts";
import type { LaboratoryOptions } from "../../lab/trials/laboratory-options.ts";
import { SimulatedLaboratory, type SimulatedSite } from "../../lab/test-support/simulated-laboratory.ts";
import { exploreCommand } from "../explore.ts";
import { mergeCommand } from "../merge.ts";
import { replayCommand } from "../replay.ts";

export const EXAMPLE = path.resolve(import.meta.dirname, "../../../fixtures/sites/example");

/** What a command printed and ended with. */
export interface Ended {
  readonly exitCode: number | string | undefined;
  readonly out: string;
  readonly err: string;
}

/** The commands of the laboratory in a working directory of their own, over a simulated site. */
export class LaboratoryCommands implements AsyncDisposable {
  readonly directory: string;
  readonly #before = process.cwd();
  readonly #site: SimulatedSite;
  /** What each laboratory was opened with. */
  readonly opened: LaboratoryOptions[] = [];
  /** Asked before each trial. */
  beforeTrial: (trial: number) => void = () => undefined;

  private constructor(directory: string, site: SimulatedSite) {
    this.directory = directory;
    this.#site = site;
    process.chdir(directory);
  }

  static async create(site: SimulatedSite): Promise<LaboratoryCommands> {
    return new LaboratoryCommands(await mkdtemp(path.join(tmpdir(), "sitecar-laboratory-")), site);
  }

  async run(...args: readonly string[]): Promise<Ended> {
    const out: string[] = [];
    const err: string[] = [];
    const stdout = vi.spyOn(process.stdout, "write").mockImplementation((text) => out.push(String(text)) > 0);
    const stderr = vi.spyOn(process.stderr, "write").mockImplementation((text) => err.push(String(text)) > 0);
    const open = async (_: unknown, options: LaboratoryOptions): Promise<Laboratory> => {
      this.opened.push(options);
      return new WithFolders(
        new SimulatedLaboratory(this.#site, { fail: (trial) => this.beforeTrial(trial) }),
        options,
      );
    };
    const program = new Command("sitecar").exitOverride();
    for (const command of [exploreCommand(open), mergeCommand(), replayCommand(open)])
      program.addCommand(command);
    try {
      await program.parseAsync(args, { from: "user" });
      return { exitCode: process.exitCode ?? undefined, out: plain(out), err: plain(err) };
    } finally {
      process.exitCode = undefined;
      stdout.mockRestore();
      stderr.mockRestore();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    process.chdir(this.#before);
    await rm(this.directory, { recursive: true });
  }
}

function plain(written: readonly string[]): string {
  return stripVTControlCharacters(written.join(""));
}

/** Leaves a folder for each trial, as the real one does. */
class WithFolders implements Laboratory {
  readonly #simulated: SimulatedLaboratory;
  readonly #options: LaboratoryOptions;
  #trials = 0;

  constructor(simulated: SimulatedLaboratory, options: LaboratoryOptions) {
    this.#simulated = simulated;
    this.#options = options;
  }

  async run(...[schedule, options]: Parameters<Laboratory["run"]>): Promise<TrialOutcome> {
    const outcome = await this.#simulated.run(schedule, options);
    const run = `20261124-180000-example-${(this.#trials++).toString(16).padStart(4, "0")}`;
    const runDirectory = path.join(this.#options.runsDirectory, run);
    await mkdir(runDirectory, { recursive: true });
    const started = schedule.starts.map(({ container, atMs }, seq) => ({
      seq,
      type: "container.started",
      container,
      plannedMs: atMs ?? 0,
      latenessMs: 7,
      tMs: (atMs ?? 0) + 7,
      wall: "2026-11-24T18:00:00.000Z",
    }));
    const lines = started.map((event) => `${JSON.stringify(event)}\n`).join("");
    await writeFile(path.join(runDirectory, "timeline.jsonl"), lines);
    await writeFile(path.join(runDirectory, "plan.json"), JSON.stringify({ schedule }));
    await writeFile(path.join(runDirectory, "record.json"), JSON.stringify({ inputs: this.#options.inputs }));
    return { ...outcome, runDirectory };
  }

  get mostAtOnce(): number {
    return this.#simulated.mostAtOnce;
  }

  figures(): ReturnType<Laboratory["figures"]> {
    return this.#simulated.figures();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#simulated[Symbol.asyncDispose]();
  }
}

/** @throws {Error} where it is `undefined`: the test's own fault. */
export function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("it is not there");
  return value;
}
