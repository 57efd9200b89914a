import { readFile, rm } from "node:fs/promises";

/** Where an engine writes its process numbers, and which command must stand behind each. */
const DAEMON: PidFile = { path: "/var/run/docker.pid", command: "dockerd" };
const PID_FILES: readonly PidFile[] = [
  DAEMON,
  { path: "/var/run/docker/containerd/containerd.pid", command: "containerd" },
];

export interface PidFile {
  readonly path: string;
  readonly command: string;
}

/**
 * Removes the process-number files of an engine that no longer runs; with them, dockerd refuses to start, for example
 * after a machine was frozen or killed. A file whose process is alive and is that command stays.
 *
 * @param files default: those of dockerd and its containerd
 * @returns the paths that were removed
 */
export async function removeStalePidFiles(files: readonly PidFile[] = PID_FILES): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const { path, command } of files) {
    const text = await readFile(path, "utf8").catch(() => undefined);
    if (text === undefined || (await commandOf(text.trim())) === command) continue;
    await rm(path, { force: true });
    removed.push(path);
  }
  return removed;
}

/** True when dockerd's process-number file names a living dockerd. */
export async function anEngineRuns(): Promise<boolean> {
  const text = await readFile(DAEMON.path, "utf8").catch(() => "");
  return (await commandOf(text.trim())) === DAEMON.command;
}

async function commandOf(pid: string): Promise<string | undefined> {
  if (!/^\d+$/.test(pid)) return undefined;
  const name = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => undefined);
  return name?.trim();
}
