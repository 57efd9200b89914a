import { describe, expect, it } from "vitest";
import { SitecarError } from "../../errors/index.ts";
import { controlGroup, type EngineGroups } from "./control-group.ts";

function refusal(groups: EngineGroups): SitecarError {
  try {
    controlGroup(groups, "sitecar_x", "B1");
  } catch (error) {
    if (error instanceof SitecarError) return error;
  }
  throw new Error("it was not refused");
}

describe("the control group of an instance (A3.10)", () => {
  it.each([
    [
      { CgroupDriver: "cgroupfs", CgroupVersion: "1" },
      { name: "sitecar_x", parent: "/sitecar_x" },
    ],
    [
      { CgroupDriver: "cgroupfs", CgroupVersion: "2" },
      { name: "sitecar_x", parent: "/sitecar_x" },
    ],
    // A parent of the driver systemd is a slice, never a path.
    [
      { CgroupDriver: "systemd", CgroupVersion: "2" },
      { name: "sitecar_x.slice", parent: "sitecar_x.slice" },
    ],
    // Engines before 20.10 do not say the version; it is 1.
    [{ CgroupDriver: "cgroupfs" }, { version: "1" }],
  ])("on an engine with %j", (groups, expected) => {
    expect(controlGroup(groups, "sitecar_x", "B1")).toMatchObject(expected);
  });

  it.each([
    [
      { CgroupDriver: "systemd", CgroupVersion: "2", SecurityOptions: ["name=seccomp", "name=rootless"] },
      "it runs without root",
    ],
    [{ CgroupDriver: "none", CgroupVersion: "1" }, "it has no control groups"],
    [{}, "it has no control groups"],
    [{ OSType: "windows" }, "its containers are for windows"],
    [{ CgroupDriver: "cgroupfs", CgroupVersion: "3" }, "unknown version"],
  ])("is refused, not replaced by limits of single containers, with %j", (groups, reason) => {
    const error = refusal(groups);
    expect(error.code).toBe("LIMITS_UNAVAILABLE");
    expect(error.message).toContain(`can't hold an instance to the plan B1: `);
    expect(error.message).toContain(reason);
  });
});
