import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { SiteContainer, VolumeMount } from "../definition/site-definition.ts";
import { isHomeShared, planMounts } from "./mounts.ts";

function container(...volumeMounts: VolumeMount[]): SiteContainer {
  return { name: "main", properties: { image: "i", isMain: true, volumeMounts } };
}

function plan(homeShared: boolean, ...volumeMounts: VolumeMount[]) {
  return planMounts(container(...volumeMounts), { homeShared }).slice(1);
}

const at = (volumeSubPath: string, containerMountPath = "/mnt"): VolumeMount => ({
  volumeSubPath,
  containerMountPath,
});

describe("isHomeShared (A5.1)", () => {
  it.each([
    [undefined, true],
    ["true", true],
    ["", true],
    ["false", false],
    ["False", false],
    [" FALSE ", false],
  ])("with the setting %j: %s", (value, shared) => {
    const settings = value === undefined ? [] : [{ name: "WEBSITES_ENABLE_APP_SERVICE_STORAGE", value }];
    expect(isHomeShared(settings)).toBe(shared);
  });
});

describe("planMounts (A5)", () => {
  it("gives every container /home, or the platform's log files where that is off", () => {
    expect(planMounts(container(), { homeShared: true })).toEqual([
      { path: "/home", tree: "home", subPath: "", readOnly: false },
    ]);
    expect(planMounts(container(), { homeShared: false })).toEqual([
      { path: "/home/LogFiles", tree: "logs", subPath: "", readOnly: false },
    ]);
  });

  it("takes sub paths of the local volume as one tree, whatever their slashes", () => {
    expect(
      plan(true, at("/data//cache/", "/a"), at("data", "/b/"), at("/", "/c"), at("", "/d/./e"), {
        ...at("data/cache", "/f"),
        readOnly: true,
      }),
    ).toEqual([
      { path: "/a", tree: "local", subPath: "data/cache", readOnly: false },
      { path: "/b", tree: "local", subPath: "data", readOnly: false },
      { path: "/c", tree: "local", subPath: "", readOnly: false },
      { path: "/d/e", tree: "local", subPath: "", readOnly: false },
      { path: "/f", tree: "local", subPath: "data/cache", readOnly: true },
    ]);
  });

  it("takes a sub path under /home for the persistent share, if there is one", () => {
    expect(plan(true, at("/home/site/data"), at("/home", "/all"), at("/homes", "/other"))).toMatchObject([
      { tree: "home", subPath: "site/data" },
      { tree: "home", subPath: "" },
      { tree: "local", subPath: "homes" },
    ]);
    expect(plan(false, at("/home/site/data"))).toMatchObject([{ tree: "local", subPath: "home/site/data" }]);
  });

  it("lets mounts lie in each other, also in /home", () => {
    const paths = plan(true, at("a", "/data"), at("b", "/data/inner"), at("c", "/home/c")).map(
      ({ path }) => path,
    );
    expect(paths).toEqual(["/data", "/data/inner", "/home/c"]);
  });

  it.each([
    ["a sub path that goes up", [at("../x")], 'goes up with ".."'],
    ["one that goes up and down", [at("/a/../b")], 'goes up with ".."'],
    ["a mount path that goes up", [at("a", "/mnt/../etc")], 'goes up with ".."'],
    ["a mount path that is not absolute", [at("a", "mnt")], "is no absolute path"],
    ["no mount path", [at("a", "")], "is no absolute path"],
    ["the root", [at("a", "//")], "is the container's root"],
    ["one path twice", [at("a"), at("b", "/mnt/")], "is mounted twice"],
    ["/home itself", [at("a", "/home")], "where the platform mounts its own"],
    ["a zero byte", [at("a\0b")], "zero byte"],
  ])("refuses %s", (_, mounts, message) => {
    expect(() => plan(true, ...mounts)).toThrow(
      expect.objectContaining({ code: "SPEC_INVALID", message: expect.stringContaining(message) }),
    );
  });

  it("leaves /home to the site where the share is off, but for the log files", () => {
    expect(plan(false, at("a", "/home"))).toMatchObject([{ path: "/home" }]);
    expect(() => plan(false, at("a", "/home/LogFiles"))).toThrow("where the platform mounts its own");
  });

  it("never lets a sub path out of its tree", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("/", ".", "a", "home") }),
        fc.boolean(),
        (path, shared) => {
          let mounts;
          try {
            mounts = plan(shared, at(path));
          } catch {
            return; // refused
          }
          for (const { subPath } of mounts) {
            expect(subPath).not.toMatch(/^\/|\/$|\/\/|(?:^|\/)\.{1,2}(?:\/|$)/);
          }
        },
      ),
    );
  });
});
