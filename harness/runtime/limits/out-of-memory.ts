/** A process that the kernel killed because memory ran out. */
export interface OutOfMemoryKill {
  /** The engine's id of the container that it was in. */
  readonly containerId: string;
  /** The process's name as the kernel has it: at most 15 letters. */
  readonly process: string;
  readonly pid: number;
  /**
   * Whose memory ran out: `container`, a limit of its own; `plan`, what all containers of the instance may have together; or
   * the `machine`'s.
   */
  readonly limit: "container" | "plan" | "machine";
  /** The record's number in the kernel's log, unique while the machine runs. */
  readonly sequence: number;
}

/**
 * Reads one record of the kernel's log (`/dev/kmsg`): `<priority>,<sequence>,<microseconds>,<flags>;<text>`. The text of
 * a kill names the group whose limit was hit and the one that the killed process was in, on control groups of both
 * versions: the engine's own event is told to every container of a shared limit where they are of version 1.
 * @param group the instance's group
 * @returns `undefined` for every other record.
 */
export function readOutOfMemoryKill(record: string, group: string): OutOfMemoryKill | undefined {
  const parts = /^\d+,(\d+),[^;]*;oom-kill:(.*)$/.exec(record);
  if (parts?.[1] === undefined || parts[2] === undefined) return undefined;
  const fields = new Map(
    parts[2].split(",").map((field): [string, string] => {
      const [name = "", ...value] = field.split("=");
      return [name, value.join("=")];
    }),
  );
  const [, inside] = (fields.get("task_memcg") ?? "").split(`/${group}/`);
  // `<id>` with the driver cgroupfs, `docker-<id>.scope` with systemd; a container may make groups below.
  const containerId = inside === undefined ? undefined : /[0-9a-f]{64}/.exec(inside)?.[0];
  if (containerId === undefined) return undefined;
  return {
    containerId,
    process: fields.get("task") ?? "",
    pid: Number(fields.get("pid")),
    limit: limitOf(fields.get("oom_memcg") ?? "", group, containerId),
    sequence: Number(parts[1]),
  };
}

function limitOf(exhausted: string, group: string, containerId: string): OutOfMemoryKill["limit"] {
  if (exhausted.includes(containerId)) return "container";
  return exhausted.endsWith(`/${group}`) ? "plan" : "machine";
}
