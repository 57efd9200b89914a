import { readFileSync } from "node:fs";

/** A process that can't be mistaken for a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start time in clock ticks since boot; empty where there is no /proc. */
  readonly startedAt: string;
}

/** The identity of a process that runs now, or `undefined` when none has this number. */
export function identify(pid: number): ProcessIdentity | undefined {
  if (!hasProcess(pid)) return undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The command name in parentheses may hold spaces; the fields after it are fixed: state is the 3rd, start time the 22nd.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // A zombie's parent has not collected it yet, but it runs no more.
    return fields[0] === "Z" ? undefined : { pid, startedAt: fields[19] ?? "" };
  } catch {
    return { pid, startedAt: "" };
  }
}

/** True when exactly this process still runs. */
export function isAlive(process: ProcessIdentity): boolean {
  const now = identify(process.pid);
  return now !== undefined && (process.startedAt === "" || now.startedAt === process.startedAt);
}

function hasProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, and belongs to someone else.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
