import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/**
 * Which process made a container, so that a later process can tell whether it still lives. A process id alone is not
 * enough: ids are used again, and mean another process after a reboot or in another process namespace.
 */
export interface Runner {
  /** Boot id and process namespace on Linux, else the host's name: where `pid` means something. */
  readonly place: string;
  readonly pid: number;
  /** The process's start time in kernel ticks; `null` where the system does not say. */
  readonly startTicks: string | null;
}

export type RunnerState = "alive" | "dead" | "elsewhere";

export function currentRunner(): Runner {
  return { place: currentPlace(), pid: process.pid, startTicks: startTicksOf(process.pid) };
}

/** `elsewhere`: made on another machine or in another process namespace, so this process cannot tell. */
export function runnerState(runner: Runner): RunnerState {
  if (runner.place !== currentPlace()) return "elsewhere";
  if (runner.startTicks !== null) {
    return startTicksOf(runner.pid) === runner.startTicks ? "alive" : "dead";
  }
  try {
    process.kill(runner.pid, 0);
    return "alive";
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM" ? "alive" : "dead";
  }
}

export function formatRunner(runner: Runner): string {
  return `${runner.place} ${runner.pid} ${runner.startTicks ?? "-"}`;
}

/** `undefined` for a text that {@link formatRunner} did not make. */
export function parseRunner(text: string): Runner | undefined {
  const match = /^(\S+) (\d+) (-|\d+)$/.exec(text);
  if (match?.[1] === undefined || match[2] === undefined || match[3] === undefined) return undefined;
  return { place: match[1], pid: Number(match[2]), startTicks: match[3] === "-" ? null : match[3] };
}

function currentPlace(): string {
  try {
    const bootId = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${bootId}/${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return hostname();
  }
}

function startTicksOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field, the command, may hold spaces and parentheses; fields are counted from its last parenthesis.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // A zombie's parent has not collected it yet, but it runs no more.
    return fields[0] === "Z" ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}
