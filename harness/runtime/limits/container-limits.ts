import type Dockerode from "dockerode";
import { SitecarError } from "../../errors/index.ts";
import type { Engine } from "../engine/engine.ts";
import { engineError, isNotFound } from "../engine/engine-error.ts";
import { PERIOD_US } from "./keeper.ts";

/** What one container may have, within what its instance has. */
export interface ContainerLimits {
  /** Without swap; at least 6 MiB, below which no engine goes. */
  readonly memoryBytes?: number;
  /** At least 0.01. */
  readonly cpus?: number;
}

/** The kernel counts in pages; a container whose limit is what it has now is hit when it takes one more of the largest. */
const PAGE_BYTES = 64 * 1024;

/** A container that goes on taking memory while its limit is set. */
const MOST_TRIES = 10;

/**
 * Limits a container that exists, whether it runs or not; over all its lives. Where it has more memory than it may (control
 * groups of version 1 refuse that), it may have what it has now and nothing more.
 * @returns the way to lift the limits again; fine when the container is gone by then.
 * @throws {SitecarError} FAULT_NOT_POSSIBLE when the engine refuses.
 */
export async function limitContainer(
  engine: Engine,
  container: Dockerode.Container,
  { memoryBytes, cpus }: ContainerLimits,
): Promise<() => Promise<void>> {
  const before = (await container.inspect()).HostConfig;
  if (memoryBytes !== undefined) await limitMemory(container, memoryBytes);
  if (cpus !== undefined) {
    await update(container, { CpuPeriod: PERIOD_US, CpuQuota: Math.round(cpus * PERIOD_US) });
  }
  return async () => {
    if (memoryBytes !== undefined) {
      // No engine takes a limit away again: as much as the machine has is none. Swap in numbers too: with "no limit" for it runc
      // raises memory first, above what both may be together then.
      const total = await machineMemory(engine);
      const none = { Memory: total, MemorySwap: 2 * total };
      const had = before.Memory !== undefined && before.Memory > 0;
      await lift(container, had ? { Memory: before.Memory, MemorySwap: before.MemorySwap } : none);
    }
    if (cpus !== undefined) {
      await lift(container, { CpuPeriod: PERIOD_US, CpuQuota: before.CpuQuota === 0 ? -1 : before.CpuQuota });
    }
  };
}

async function limitMemory(container: Dockerode.Container, memoryBytes: number): Promise<void> {
  let limit = memoryBytes;
  for (let tries = 1; ; tries++) {
    try {
      await container.update({ Memory: limit, MemorySwap: limit });
      return;
    } catch (error) {
      const has = await memoryOf(container);
      // It has less: the engine refuses for another reason.
      if (has < limit || tries === MOST_TRIES) throw refused(error);
      limit = has + PAGE_BYTES;
    }
  }
}

/** 0: it does not run. */
async function memoryOf(container: Dockerode.Container): Promise<number> {
  const { memory_stats: memory } = await container.stats({ stream: false });
  return memory?.usage ?? 0;
}

async function machineMemory(engine: Engine): Promise<number> {
  try {
    const { MemTotal: total }: { readonly MemTotal: number } = await engine.docker.info();
    return total;
  } catch (error) {
    throw engineError(error, "ask for its machine's memory");
  }
}

async function update(container: Dockerode.Container, limits: UpdateBody): Promise<void> {
  try {
    await container.update(limits);
  } catch (error) {
    throw refused(error);
  }
}

async function lift(container: Dockerode.Container, limits: UpdateBody): Promise<void> {
  try {
    await container.update(limits);
  } catch (error) {
    if (!isNotFound(error)) throw engineError(error, "lift the limits of a container");
  }
}

type UpdateBody = Pick<Dockerode.HostConfig, "Memory" | "MemorySwap" | "CpuPeriod" | "CpuQuota">;

function refused(error: unknown): SitecarError {
  return new SitecarError("FAULT_NOT_POSSIBLE", {
    message: "the engine does not limit a container that exists.",
    observations: [{ label: "engine", value: error instanceof Error ? error.message.trim() : String(error) }],
    remedy:
      "use an engine that runs as root with control groups (Docker Engine or Docker Desktop), or leave this fault out.",
    cause: error,
  });
}
