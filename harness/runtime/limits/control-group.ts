import { SitecarError } from "../../errors/index.ts";
import type { Engine } from "../engine/engine.ts";
import { engineError } from "../engine/engine-error.ts";

/** Where an instance's containers are limited together: a control group above theirs. */
export interface ControlGroup {
  /** Below the root of each hierarchy; unique on the engine. */
  readonly name: string;
  /** `HostConfig.CgroupParent` of each container. */
  readonly parent: string;
  readonly version: "1" | "2";
  readonly driver: "cgroupfs" | "systemd";
}

/** What the engine says of itself, as far as it is needed here. */
export interface EngineGroups {
  readonly OSType?: string;
  readonly CgroupDriver?: string;
  readonly CgroupVersion?: string;
  readonly SecurityOptions?: readonly string[];
}

export async function askEngineGroups(engine: Engine): Promise<EngineGroups> {
  try {
    const info: EngineGroups = await engine.docker.info();
    return info;
  } catch (error) {
    throw engineError(error, "ask the engine for its control groups");
  }
}

/**
 * The group for an instance on this engine.
 * @param name made of letters, digits and `_`: systemd reads a `-` in a slice's name as a level of the tree.
 * @throws {SitecarError} LIMITS_UNAVAILABLE
 */
export function controlGroup(groups: EngineGroups, name: string, sku: string): ControlGroup {
  const { OSType: system = "linux", CgroupDriver: driver, CgroupVersion: version = "1" } = groups;
  const rootless = groups.SecurityOptions?.some((option) => option.includes("name=rootless")) === true;
  const told = `cgroup driver ${driver ?? "unknown"}, cgroup version ${version}${rootless ? ", rootless" : ""}`;
  if (system !== "linux") throw limitsUnavailable(sku, `its containers are for ${system}`, told);
  // Without root the tree belongs to the user's systemd, which may set limits or not, and the kernel's log is closed.
  if (rootless) throw limitsUnavailable(sku, "it runs without root", told);
  if (driver !== "cgroupfs" && driver !== "systemd") {
    throw limitsUnavailable(sku, "it has no control groups", told);
  }
  if (version !== "1" && version !== "2") {
    throw limitsUnavailable(sku, "its control groups are of an unknown version", told);
  }
  const own = driver === "systemd" ? `${name}.slice` : name;
  return { name: own, parent: driver === "systemd" ? own : `/${own}`, version, driver };
}

export function limitsUnavailable(sku: string, why: string, engine: string, cause?: unknown): SitecarError {
  return new SitecarError("LIMITS_UNAVAILABLE", {
    message: `the engine can't hold an instance to the plan ${sku}: ${why}.`,
    observations: [{ label: "engine", value: engine }],
    remedy:
      "use an engine that runs as root and lets a container mount its control groups (Docker Engine or Docker Desktop), " +
      "or run the site without a plan.",
    cause,
  });
}
