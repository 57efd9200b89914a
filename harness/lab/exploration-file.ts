import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

import { SitecarError } from "../errors/index.ts";
import { pruneRuns } from "../timeline/prune-runs.ts";
import { runDirectoryFailure } from "../timeline/run-directory-failure.ts";
import { newRunId } from "../timeline/run-id.ts";
import type { Exploration } from "./exploration.ts";
import { isObject, readJsonFile, writeJsonFile } from "./json-file.ts";

/** Where an exploration leaves everything: `exploration.json`, `schedules/`, `trials/`. */
export interface ExplorationDirectory {
  readonly id: string;
  /** Absolute. */
  readonly path: string;
  /** For the laboratory: the trials' own folders. */
  readonly runsDirectory: string;
}

export const EXPLORATION_FILE = "exploration.json";

/** How many explorations are kept, the new one included: each has a folder for every trial. */
const KEPT = 20;

/**
 * Makes the folder of a new exploration, and removes explorations older than the newest twenty.
 * @param root default `.sitecar/explorations` in the working directory.
 * @throws {SitecarError} RUN_DIRECTORY_FAILED, NO_SPACE.
 */
export async function makeExplorationDirectory(
  site: string,
  root = path.join(".sitecar", "explorations"),
): Promise<ExplorationDirectory> {
  const directory = path.resolve(root);
  try {
    await mkdir(directory, { recursive: true });
    // The trials' logs show what containers print, secrets included: never to be committed by accident.
    await writeFile(path.join(directory, ".gitignore"), "*\n");
    const id = await makeFolder(directory, site);
    const runsDirectory = path.join(directory, id, "trials");
    await mkdir(runsDirectory);
    await pruneRuns(directory, KEPT);
    return { id, path: path.join(directory, id), runsDirectory };
  } catch (error) {
    throw runDirectoryFailure(directory, error);
  }
}

async function makeFolder(directory: string, site: string): Promise<string> {
  for (;;) {
    const id = newRunId(site);
    try {
      await mkdir(path.join(directory, id), { mode: 0o700 });
      return id;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
  }
}

/**
 * @param directory the exploration's own folder.
 * @returns the file's path.
 * @throws {SitecarError} RUN_DIRECTORY_FAILED, NO_SPACE.
 */
export async function writeExploration(directory: string, exploration: Exploration): Promise<string> {
  const file = path.join(directory, EXPLORATION_FILE);
  await writeJsonFile(file, exploration);
  return file;
}

/**
 * @param file the file, or the exploration's folder.
 * @throws {SitecarError} FILE_NOT_READABLE, EXPLORATION_INVALID.
 */
export async function readExploration(file: string): Promise<Exploration> {
  const named = file.endsWith(".json") ? file : path.join(file, EXPLORATION_FILE);
  const value = await readJsonFile(named, "exploration/1", "EXPLORATION_INVALID");
  const problem = problemOf(value);
  if (problem !== undefined) {
    throw new SitecarError("EXPLORATION_INVALID", {
      message: `${named} is damaged: ${problem}.`,
      remedy: "take the file as the exploration wrote it, or explore again.",
    });
  }
  // Each key was looked at.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return value as unknown as Exploration;
}

const LISTS = [
  "inputs",
  "containers",
  "grid",
  "disturbances",
  "contracts",
  "leftOut",
  "tried",
  "classes",
  "differences",
];
const NUMBERS = ["tookMs", "seed", "budgetMs", "points"];
const TEXTS = ["site", "version", "began"];

function problemOf(value: Readonly<Record<string, unknown>>): string | undefined {
  const list = LISTS.find((key) => !Array.isArray(value[key]));
  if (list !== undefined) return `${list} is no list`;
  const number = NUMBERS.find((key) => typeof value[key] !== "number");
  if (number !== undefined) return `${number} is no number`;
  const text = TEXTS.find((key) => typeof value[key] !== "string");
  if (text !== undefined) return `${text} is no text`;
  if (!isObject(value["figures"])) return "figures is no object";
  return undefined;
}
