import path from "node:path";
import { describe, expect, it } from "vitest";
import { savedInputs, siteInputsFrom } from "./saved-inputs.ts";

describe("what a run's site was read from", () => {
  it("is saved with names alone of what was given beside the files", () => {
    const saved = savedInputs(
      {
        files: ["main.json", { file: "settings.json", kind: "appSettings" }],
        supplied: { token: "secret" },
        site: "one",
        slot: "blue",
        mainService: "web",
      },
      { images: { main: "my/app:dev" }, instances: 2, plan: "B1", platformClock: 10, tickEvery: "1s" },
      "/srv/project",
    );
    expect(JSON.parse(JSON.stringify(saved))).toEqual({
      workingDirectory: "/srv/project",
      files: [{ file: "main.json" }, { file: "settings.json", kind: "appSettings" }],
      site: "one",
      slot: "blue",
      mainService: "web",
      supplied: ["token"],
      images: { main: "my/app:dev" },
      instances: 2,
      plan: "B1",
      platformClock: 10,
      tickEvery: "1s",
    });
  });

  it("leaves out what was not given", () => {
    expect(savedInputs({ files: ["."], supplied: {} }, { images: {} })).toEqual({
      workingDirectory: process.cwd(),
      files: [{ file: "." }],
    });
  });

  it("is found again from another folder, and named as before from the same", () => {
    const saved = savedInputs({ files: ["site", "/etc/site.json"] }, {}, "/srv/project");
    expect(siteInputsFrom(saved, { token: "secret" })).toEqual({
      files: [{ file: path.resolve("/srv/project/site") }, { file: "/etc/site.json" }],
      supplied: { token: "secret" },
    });
    expect(siteInputsFrom(savedInputs({ files: ["site"] })).files).toEqual([{ file: "site" }]);
  });
});
