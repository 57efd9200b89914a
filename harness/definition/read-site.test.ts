import { mkdir } from "node:fs/promises";
import path from "node:path";

import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { readSite } from "./read-site.ts";
import { SiteFiles } from "./test-support/site-files.ts";

let files: SiteFiles;

beforeEach(async () => {
  files = await SiteFiles.create();
});

afterEach(async () => {
  await files[Symbol.asyncDispose]();
});

const MAIN = { name: "main", properties: { image: "shop/main:1", isMain: true, targetPort: "9000" } };
const DAPR = { name: "dapr", properties: { image: "shop/dapr:1" } };
const SITE = { name: "shop", siteContainers: [MAIN, DAPR] };

describe("readSite", () => {
  it("reads a site of several files, paths relative to the file that has them", async () => {
    await mkdir(path.join(files.directory, "image"));
    await files.put("image/Dockerfile", "FROM scratch");
    await files.put("containers.json", [MAIN, DAPR]);
    await files.put("settings.json", [{ name: "A", value: "1", slotSetting: true }]);
    await files.put("sitecar.json", {
      name: "shop",
      siteContainers: "./containers.json",
      appSettings: "settings.json",
      identity: { type: "SystemAssigned" },
      storageAccounts: [{ name: "shopstorage" }],
      builds: {
        "shop/main:1": {
          context: "image",
          dockerfile: "Dockerfile",
          include: ["."],
          prepare: ["npm", "run", "x"],
        },
      },
      daprSidecars: [{ container: "dapr", resourcesPath: "/components", grpcPort: 50_002 }],
      observedPorts: [2222],
    });
    expect(await readSite(files.directory)).toEqual({
      name: "shop",
      siteContainers: [MAIN, { name: "dapr", properties: { image: "shop/dapr:1", isMain: false } }],
      appSettings: [{ name: "A", value: "1", slotSetting: true }],
      identity: { type: "SystemAssigned" },
      storageAccounts: [{ name: "shopstorage" }],
      builds: {
        "shop/main:1": {
          context: path.join(files.directory, "image"),
          dockerfile: "Dockerfile",
          include: ["."],
          prepare: ["npm", "run", "x"],
        },
      },
      daprSidecars: [
        {
          container: "dapr",
          resourcesPath: "/components",
          httpPort: 3500,
          grpcPort: 50_002,
          metricsPort: 9090,
        },
      ],
      observedPorts: [2222],
    });
  });

  it("reads the example of this repository", async () => {
    const site = await readSite(new URL("../../fixtures/sites/example", import.meta.url).pathname);
    expect(site.siteContainers.map(({ name }) => name)).toEqual(["main", "dapr"]);
    expect(site.daprSidecars).toEqual([
      expect.objectContaining({ container: "dapr", httpPort: 3500, grpcPort: 50_001, metricsPort: 9090 }),
    ]);
    expect(Object.keys(site.builds)).toEqual(site.siteContainers.map(({ properties }) => properties.image));
  });

  it("takes a bare spec file with defaults", async () => {
    const site = await readSite(await files.put("sitecontainers.json", [MAIN]));
    expect(site).toMatchObject({ siteContainers: [MAIN], appSettings: [], identity: { type: "None" } });
    expect(site.name).toMatch(/^sitecar-definition-/);
  });

  it("reads keys of the spec in any case (A1.14), null as absent, and a port as a number (A1.3)", async () => {
    const properties = { IMAGE: "x", ismain: true, TargetPort: 8080, startUpCommand: null };
    const site = await readSite(await files.put("spec.json", [{ Name: "web", Properties: properties }]));
    expect(site.siteContainers).toEqual([
      { name: "web", properties: { image: "x", isMain: true, targetPort: "8080" } },
    ]);
  });

  it("reads YAML, with anchors, and app settings as an object whose values are kept as written", async () => {
    const file = await files.put(
      "sitecar.yaml",
      [
        "name: shop",
        "siteContainers:",
        "  - name: main",
        "    properties: { image: &image 'shop/main:1', isMain: true }",
        "  - { name: second, properties: { image: *image } }",
        "appSettings: { PORT: 0080, DEBUG: true, EMPTY: , TEXT: 'a=b' }",
      ].join("\n"),
    );
    const site = await readSite(file);
    expect(site.siteContainers[1]?.properties.image).toBe("shop/main:1");
    expect(site.appSettings).toEqual([
      { name: "PORT", value: "0080" },
      { name: "DEBUG", value: "true" },
      { name: "EMPTY", value: "" },
      { name: "TEXT", value: "a=b" },
    ]);
  });

  it("reads what PowerShell writes: UTF-16 with a mark", async () => {
    const text = Buffer.from(`\uFEFF${JSON.stringify({ ...SITE, appSettings: { A: "ä€" } })}`, "utf16le");
    const site = await readSite(await files.put("sitecar.json", text));
    expect(site.appSettings).toEqual([{ name: "A", value: "ä€" }]);
  });

  it("reads the values of app settings exactly, whatever they hold", { timeout: 60_000 }, async () => {
    const value = fc.string({ unit: "binary" }).filter((text) => !text.includes("\0") && text.isWellFormed());
    await fc.assert(
      fc.asyncProperty(fc.array(value), async (values) => {
        const appSettings = values.map((text, index) => ({ name: `S${index}`, value: text }));
        expect(
          (await readSite(await files.put("sitecar.json", { ...SITE, appSettings }))).appSettings,
        ).toEqual(appSettings);
      }),
    );
  });
});

describe("readSite: a file that can't be read", () => {
  it("names what can be given", async () => {
    expect(await files.failureOf(path.join(files.directory, "nowhere"))).toMatch(
      /^FILE_NOT_READABLE: nowhere can't be read \(ENOENT\)\.\nFix: name a sitecar\.json/,
    );
    expect(await files.failureOf(files.directory)).toMatch(/^FILE_NOT_READABLE: .*without sitecar\.json/);
  });

  it("shows where another file names it", async () => {
    const file = await files.put("sitecar.json", '{ "name": "x",\n  "siteContainers": "nope.json" }');
    expect(await files.failureOf(file)).toMatch(
      /^FILE_NOT_READABLE: nope\.json can't be read \(ENOENT\)\.\n {2}named at {3}sitecar\.json:2:21\n +"siteContainers": "nope\.json" \}\n +\^\nFix: correct the path /,
    );
  });
});

describe("readSite: malformed text", () => {
  it.each([
    [
      "sitecar.json",
      '{ "name": "x",\n  "siteContainers": [],\n}',
      /JSON[^]*sitecar\.json:3:1 [^]*\n +}\n +\^\nFix/,
    ],
    ["sitecar.json", "{ name: x }", /JSON[^]*:1:3 /],
    ["sitecar.json", '{ "a": 1, "a": 2 }', /JSON[^]*:1:11 .*unique/],
    ["sitecar.json", "", /JSON[^]*:1:1 .*Unexpected end/],
    ["sitecar.yaml", "name: [x\nsiteContainers: 1", /YAML[^]*sitecar\.yaml:2:1 /],
    ["sitecar.yaml", "a: 1\n---\nb: 2", /YAML[^]*:2:1 /],
    ["sitecar.yaml", Buffer.from([0x61, 0xc3, 0x28]), /YAML[^]*not utf-8/],
    ["deep.json", "[".repeat(200_000), /JSON/],
  ])("%s %#", async (name, text, expected) => {
    const message = await files.failureOf(await files.put(name, text));
    expect(message).toMatch(/^SPEC_MALFORMED: /);
    expect(message).toMatch(expected);
  });
});
