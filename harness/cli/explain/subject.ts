import { readdir, stat } from "node:fs/promises";
import path from "node:path";

import { SitecarError } from "../../errors/index.ts";
import { readExploration } from "../../lab/exploration-file.ts";
import type { Exploration, FailingClass } from "../../lab/exploration.ts";
import { classLetters } from "../../lab/order-map.ts";
import { didYouMean } from "../../shared/nearest.ts";
import { RunReader } from "../../timeline/run-reader.ts";

/** What `sitecar explain` was pointed at. */
export interface Subject {
  /** The run that is explained. */
  readonly runDirectory: string;
  /** Only what broke in this way; absent: everything that is broken. */
  readonly failing?: FailingClass;
  readonly exploration?: Exploration;
}

/**
 * A run, by its id or folder (none: the newest), or a class of an exploration: `<exploration>#<class>`, the exploration by its
 * id or folder, the class by its letter or its key. An exploration without a class: its first.
 * @throws {SitecarError} USAGE for what is neither.
 */
export async function findSubject(what: string | undefined): Promise<Subject> {
  if (what === undefined) return { runDirectory: (await RunReader.find(undefined)).path };
  const [name = "", ...rest] = what.split("#");
  const exploration = await findExploration(name);
  if (exploration !== undefined) return classOf(await readExploration(exploration), rest.join("#"), name);
  if (await isFolder(name)) return { runDirectory: path.resolve(name) };
  return { runDirectory: (await RunReader.find(name)).path };
}

async function findExploration(name: string): Promise<string | undefined> {
  const candidates = [name, path.join(".sitecar", "explorations", name)];
  for (const candidate of candidates) {
    if (candidate.endsWith(".json") && (await isThere(candidate))) return candidate;
    if (await isThere(path.join(candidate, "exploration.json"))) return candidate;
  }
  return undefined;
}

function classOf(exploration: Exploration, wanted: string, name: string): Subject {
  const { classes } = exploration;
  const letters = classLetters(exploration);
  const found =
    wanted === ""
      ? classes[0]
      : classes.find(({ key }) => key === wanted || letters.get(key) === wanted.toUpperCase());
  if (found !== undefined) return { runDirectory: found.runDirectory, failing: found, exploration };
  const keys = classes.map(({ key }) => key);
  throw new SitecarError("USAGE", {
    message:
      classes.length === 0
        ? `nothing is broken in the exploration ${name}.`
        : `the exploration ${name} has no class "${wanted}".${didYouMean(wanted, keys)}`,
    observations: keys.map((key) => ({ label: letters.get(key) ?? "", value: key })),
    remedy:
      classes.length === 0 ? "there is nothing to explain." : "name a class by its letter or its whole key.",
  });
}

async function isThere(file: string): Promise<boolean> {
  return await stat(file).then(
    () => true,
    () => false,
  );
}

async function isFolder(name: string): Promise<boolean> {
  // A run's id is looked for among the runs; a folder of that name here is none.
  return await readdir(name).then(
    (entries) => entries.includes("timeline.jsonl"),
    () => false,
  );
}
