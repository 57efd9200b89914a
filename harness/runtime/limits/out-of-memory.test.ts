import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readOutOfMemoryKill } from "./out-of-memory.ts";

const ID = "e8698d0545aab66a029a1a0b42932e4e9876100c650dec0b57b83f27adc0228e";
const GROUP = "sitecar_20261124_shop_0_1";

/** As Linux 6.18 wrote it. */
const KILL = (fields: string) =>
  `6,1234,1352446500,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=${ID},mems_allowed=0,${fields},task=tail,pid=28638,uid=0`;

describe("a record of the kernel's log", () => {
  it("names the container, the process, and that the plan's memory ran out (A3.10)", () => {
    expect(readOutOfMemoryKill(KILL(`oom_memcg=/${GROUP},task_memcg=/${GROUP}/${ID}`), GROUP)).toEqual({
      containerId: ID,
      process: "tail",
      pid: 28_638,
      limit: "plan",
      sequence: 1234,
    });
  });

  it.each([
    ["a group that the container made", `task_memcg=/${GROUP}/${ID}/worker`],
    ["a scope of systemd", `task_memcg=/${GROUP}/docker-${ID}.scope`],
    ["an engine that is in a container itself", `task_memcg=/docker/${"a".repeat(64)}/${GROUP}/${ID}`],
  ])("is read of %s", (_, inside) => {
    expect(readOutOfMemoryKill(KILL(`oom_memcg=/${GROUP},${inside}`), GROUP)?.containerId).toBe(ID);
  });

  it.each([
    ["of a whole machine", "global_oom"],
    ["of a group above", "oom_memcg=/"],
    ["of another container", `oom_memcg=/${GROUP}/${"f".repeat(64)}`],
  ])("tells memory %s from the plan's", (_, limit) => {
    expect(readOutOfMemoryKill(KILL(`${limit},task_memcg=/${GROUP}/${ID}`), GROUP)?.limit).toBe("machine");
  });

  it.each([ID, `docker-${ID}.scope`])("tells the container's own limit, of its group %s", (own) => {
    const record = KILL(`oom_memcg=/${GROUP}/${own},task_memcg=/${GROUP}/${own}`);
    expect(readOutOfMemoryKill(record, GROUP)?.limit).toBe("container");
  });

  it.each([
    ["another group", KILL(`oom_memcg=/${GROUP}0,task_memcg=/${GROUP}0/${ID}`)],
    ["a container without limits", KILL(`global_oom,task_memcg=/docker/${ID}`)],
    ["another message", "6,1235,1352446598,-;Memory cgroup out of memory: Killed process 28638 (tail)"],
    ["a record's continuation", " SUBSYSTEM=memory"],
  ])("is none of ours: %s", (_, record) => {
    expect(readOutOfMemoryKill(record, GROUP)).toBeUndefined();
  });

  it("of any text is read or left alone, never thrown at", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (head, tail) => {
        for (const record of [head, `6,1,1,-;oom-kill:${head}/${GROUP}/${tail}`]) {
          expect(readOutOfMemoryKill(record, GROUP)?.containerId ?? ID).toMatch(/^[0-9a-f]{64}$/);
        }
      }),
    );
  });
});
