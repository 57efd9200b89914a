import { readdir, readFile } from "node:fs/promises";

/** The engine's control group of all containers, in each version's hierarchy; it keeps the time of those that are gone. */
const CONTAINERS_V1 = "/sys/fs/cgroup/cpuacct/docker/cpuacct.usage";
const CONTAINERS_V2 = "/sys/fs/cgroup/docker/cpu.stat";
const DAEMONS = /^(?:dockerd|containerd|docker-proxy|containerd-shim)/;
/** Of `utime` and `stime` in /proc; Linux shows them to programs in hundredths, whatever it counts in. */
const TICKS_PER_SECOND = 100;

/** Seconds of processor time. */
export interface ProcessorTime {
  /** This process. */
  readonly harness: number;
  /** The engine's own processes, for whomever they work. 0 where they can't be seen. */
  readonly engine: number;
  /** All containers of the engine, whosever they are. 0 where that can't be seen. */
  readonly containers: number;
}

/** Processor time so far; differences are what counts. On a machine other than the engine's only this process is seen. */
export async function processorTime(): Promise<ProcessorTime> {
  const { user, system } = process.cpuUsage();
  const [engine, containers] = await Promise.all([engineSeconds(), containerSeconds()]);
  return { harness: (user + system) / 1e6, engine, containers };
}

/** All of it that passed between two looks, in seconds. */
export function secondsBetween(before: ProcessorTime, after: ProcessorTime): number {
  return after.harness - before.harness + after.engine - before.engine + after.containers - before.containers;
}

async function containerSeconds(): Promise<number> {
  const usage = await readFile(CONTAINERS_V1, "utf8").catch(() => undefined);
  if (usage !== undefined) return Number(usage) / 1e9;
  const stat = await readFile(CONTAINERS_V2, "utf8").catch(() => "");
  return Number(/^usage_usec (\d+)/m.exec(stat)?.[1] ?? 0) / 1e6;
}

/** With the children that they have waited for: a container's start is work of short-lived ones. */
async function engineSeconds(): Promise<number> {
  const processes = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
  const seconds = await Promise.all(
    processes.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
      const [, name = "", rest = ""] = /^\d+ \((.*)\) (.*)$/s.exec(stat) ?? [];
      if (!DAEMONS.test(name)) return 0;
      // utime, stime, cutime, cstime: fields 14–17 of the line, of which two are before the rest.
      const ticks = rest.split(" ").slice(11, 15).map(Number);
      return ticks.reduce((sum, value) => sum + value, 0) / TICKS_PER_SECOND;
    }),
  );
  return seconds.reduce((sum, value) => sum + value, 0);
}
