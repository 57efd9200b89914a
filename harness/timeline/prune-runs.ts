import { readdir, readFile, rm } from "node:fs/promises";
import path from "node:path";

import { identify } from "../shared/process-identity.ts";

/** In a run's folder while the process that owns the run lives; holds its process id. */
export const OWNER_FILE = "running.pid";

/** `20261123-164205-example-3f9a`: sorts by time. */
export const RUN_ID = /^\d{8}-\d{6}-.+-[0-9a-f]{4}$/;

/**
 * Removes the oldest runs so that `keep` are left. A run whose process still lives stays and counts. Several
 * processes may prune the same directory at once.
 * @returns what could not be removed, with the reason; pruning never fails a run.
 */
export async function pruneRuns(root: string, keep: number): Promise<string[]> {
  const failures: string[] = [];
  const runs = (await readdir(root)).filter((name) => RUN_ID.test(name)).toSorted();
  for (const run of runs.slice(0, Math.max(0, runs.length - keep))) {
    const directory = path.join(root, run);
    if (await isOwned(directory)) continue;
    try {
      await rm(directory, { recursive: true, force: true, maxRetries: 3 });
    } catch (error) {
      failures.push(`${run}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return failures;
}

async function isOwned(directory: string): Promise<boolean> {
  let owner: string;
  try {
    owner = await readFile(path.join(directory, OWNER_FILE), "utf8");
  } catch {
    return false;
  }
  const pid = Number.parseInt(owner, 10);
  return pid > 0 && identify(pid) !== undefined;
}
