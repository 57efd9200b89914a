import { open, readdir, readFile, realpath } from "node:fs/promises";
import path from "node:path";

import { SitecarError } from "../errors/index.ts";
import type { TimelineEvent } from "./events.ts";
import { OWNER_FILE, RUN_ID } from "./prune-runs.ts";
import { runIdName, siteOfRun } from "./run-id.ts";
import { identify } from "../shared/process-identity.ts";
import { didYouMean } from "../shared/nearest.ts";

/** The platform's own lines, which stand in the timeline; `logs/platform.log` is what its agent says to the harness. */
export const PLATFORM_SOURCE = "platform";

/** One line of a run's logs. */
export interface LoggedLine {
  /** A container's name, of further workers `main.1`; or {@link PLATFORM_SOURCE}. */
  readonly source: string;
  /** ISO 8601 in UTC; sorts by time. */
  readonly wall: string;
  readonly text: string;
}

/** Reads the logs of a run, a finished one or one that another process is still writing. */
export class RunReader {
  readonly id: string;
  /** Absolute. */
  readonly path: string;
  readonly #offsets = new Map<string, number>();

  private constructor(id: string, directory: string) {
    this.id = id;
    this.path = directory;
  }

  /**
   * @param run its id; default the newest.
   * @param root default as for `RunDirectory.open`.
   * @throws {SitecarError} USAGE for a run that is not there.
   */
  static async find(run: string | undefined, root = process.env["SITECAR_RUNS"]): Promise<RunReader> {
    const directory = path.resolve(root ?? path.join(".sitecar", "runs"));
    const runs = (await readdir(directory).catch(() => [])).filter((name) => RUN_ID.test(name)).toSorted();
    if (run === undefined) {
      const latest = await realpath(path.join(directory, "latest")).catch(() => undefined);
      if (latest !== undefined) return new RunReader(path.basename(latest), latest);
    } else if (runs.includes(run)) {
      return new RunReader(run, path.join(directory, run));
    }
    throw new SitecarError("USAGE", {
      message:
        run === undefined
          ? `no run is recorded in ${directory}.`
          : `no run "${run}" is recorded in ${directory}.${didYouMean(run, runs)}`,
      observations: runs.length === 0 ? [] : [{ label: "newest", value: runs.slice(-5).join("\n") }],
      remedy:
        runs.length === 0
          ? "run `sitecar up` first, or call it in the folder where a run was started."
          : "name one of the runs, or leave it out for the newest.",
    });
  }

  /**
   * The newest run of a site.
   * @param root default as for `RunDirectory.open`.
   * @throws {SitecarError} USAGE where none is recorded.
   */
  static async findOfSite(site: string, root = process.env["SITECAR_RUNS"]): Promise<RunReader> {
    const directory = path.resolve(root ?? path.join(".sitecar", "runs"));
    const runs = (await readdir(directory).catch(() => [])).filter((name) => RUN_ID.test(name)).toSorted();
    const name = runIdName(site);
    const newest = runs.findLast((run) => siteOfRun(run) === name);
    if (newest !== undefined) return new RunReader(newest, path.join(directory, newest));
    const known = [...new Set(runs.map(siteOfRun))];
    throw new SitecarError("USAGE", {
      message: `no run of the site "${site}" is recorded in ${directory}.${didYouMean(site, known)}`,
      observations: known.length === 0 ? [] : [{ label: "sites", value: known.join(", ") }],
      remedy: "name the site as its definition does, or leave it out for the newest run of any.",
    });
  }

  /** What has lines of its own so far, and the containers of the plan. */
  async sources(): Promise<readonly string[]> {
    const logs = (await readdir(path.join(this.path, "logs")).catch(() => []))
      .filter((name) => name.endsWith(".log"))
      .map((name) => name.slice(0, -".log".length))
      .filter((name) => baseOf(name) !== PLATFORM_SOURCE);
    return [...new Set([...(await this.#planned()), ...logs, PLATFORM_SOURCE])];
  }

  /**
   * The lines that came since the last call, in the order of their times; of a run that still goes on, complete ones only.
   * @param only a container, with all its workers, or one worker's (`main.1`); default all.
   */
  async read(only?: string): Promise<readonly LoggedLine[]> {
    const chosen = (await this.sources()).filter(
      (source) => only === undefined || source === only || baseOf(source) === only,
    );
    const lines = await Promise.all(chosen.map((source) => this.#readSource(source)));
    return lines.flat().toSorted((a, b) => (a.wall < b.wall ? -1 : a.wall > b.wall ? 1 : 0));
  }

  /** Its events that came since the last call; of a run that still goes on, complete ones only. */
  async events(): Promise<readonly TimelineEvent[]> {
    return (await this.#newLines("timeline.jsonl")).map((line): TimelineEvent => JSON.parse(line));
  }

  /** The process that owns the run still lives, and has not finished it. */
  async goesOn(): Promise<boolean> {
    const owner = await readFile(path.join(this.path, OWNER_FILE), "utf8").catch(() => "");
    const pid = Number.parseInt(owner, 10);
    return pid > 0 && identify(pid) !== undefined;
  }

  async #readSource(source: string): Promise<readonly LoggedLine[]> {
    if (source !== PLATFORM_SOURCE) {
      const lines = await this.#newLines(path.join("logs", `${source}.log`));
      return lines.flatMap((line) => parseLogLine(source, line));
    }
    return (await this.#newLines("timeline.jsonl")).flatMap(parsePlatformLine);
  }

  /** A line that is being written is left for the next time. */
  async #newLines(name: string): Promise<readonly string[]> {
    const file = await open(path.join(this.path, name)).catch(() => undefined);
    if (file === undefined) return [];
    try {
      const from = this.#offsets.get(name) ?? 0;
      const { size } = await file.stat();
      const bytes = Buffer.alloc(Math.max(0, size - from));
      const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
      const complete = bytes.subarray(0, bytesRead).lastIndexOf("\n") + 1;
      this.#offsets.set(name, from + complete);
      return bytes.subarray(0, complete).toString("utf8").split("\n").slice(0, -1);
    } finally {
      await file.close();
    }
  }

  async #planned(): Promise<readonly string[]> {
    const text = await readFile(path.join(this.path, "plan.json"), "utf8").catch(() => undefined);
    if (text === undefined) return [];
    const plan: { readonly containers: readonly { readonly name: string }[] } = JSON.parse(text);
    return plan.containers.map(({ name }) => name);
  }
}

/** `main` of `main.1`: no container can have a dot in its name (A1.10). */
function baseOf(source: string): string {
  return source.split(".", 1)[0] ?? source;
}

function parseLogLine(source: string, line: string): LoggedLine[] {
  const match = /^(\S+) (?:stdout|stderr) (.*)$/.exec(line);
  const [, wall, text] = match ?? [];
  return wall === undefined || text === undefined ? [] : [{ source, wall, text }];
}

function parsePlatformLine(line: string): LoggedLine[] {
  const event: Readonly<Record<string, unknown>> = JSON.parse(line);
  const { type, wall, line: text, container, level } = event;
  if (type !== "platform.log" || typeof wall !== "string" || typeof text !== "string") return [];
  const whose = typeof container === "string" ? `${container}: ` : "";
  return [{ source: PLATFORM_SOURCE, wall, text: `${level === "ERROR" ? "ERROR " : ""}${whose}${text}` }];
}
