import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { identify, isAlive, type ProcessIdentity } from "../shared/process-identity.ts";

/** Which process made a container, so that a later process, perhaps on another machine, can tell whether it still lives. */
export interface Runner extends ProcessIdentity {
  /** Boot id and process namespace on Linux, else the host's name: where `pid` means something. */
  readonly place: string;
}

export type RunnerState = "alive" | "dead" | "elsewhere";

export function currentRunner(): Runner {
  return { place: currentPlace(), ...(identify(process.pid) ?? { pid: process.pid, startedAt: "" }) };
}

/** `elsewhere`: made on another machine or in another process namespace, so this process cannot tell. */
export function runnerState(runner: Runner): RunnerState {
  if (runner.place !== currentPlace()) return "elsewhere";
  return isAlive(runner) ? "alive" : "dead";
}

export function formatRunner({ place, pid, startedAt }: Runner): string {
  return `${place} ${pid} ${startedAt || "-"}`;
}

/** `undefined` for a text that {@link formatRunner} did not make. */
export function parseRunner(text: string): Runner | undefined {
  const match = /^(\S+) (\d+) (-|\d+)$/.exec(text);
  if (match?.[1] === undefined || match[2] === undefined || match[3] === undefined) return undefined;
  return { place: match[1], pid: Number(match[2]), startedAt: match[3] === "-" ? "" : match[3] };
}

function currentPlace(): string {
  try {
    const bootId = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${bootId}/${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return hostname();
  }
}
