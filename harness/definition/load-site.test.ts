import { mkdir } from "node:fs/promises";
import path from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { loadSite } from "./load-site.ts";
import type { LoadedSite } from "./loaded-site.ts";
import { readSite } from "./read-site.ts";
import { SiteFiles } from "./test-support/site-files.ts";

let files: SiteFiles;

beforeEach(async () => {
  files = await SiteFiles.create();
});

afterEach(async () => {
  await files[Symbol.asyncDispose]();
});

const SPEC = [
  { name: "main", properties: { image: "shop/main:1", isMain: true, targetPort: "9000" } },
  { name: "dapr", properties: { image: "shop/dapr:1" } },
];

/** Files in the order in which they are applied, by their names. */
async function load(contents: Readonly<Record<string, unknown>>): Promise<LoadedSite> {
  const named: string[] = [];
  for (const [name, content] of Object.entries(contents)) named.push(await files.put(name, content));
  return await loadSite({ files: named });
}

function messagesOf({ problems }: LoadedSite): string[] {
  return problems.map(({ message }) => message.replaceAll(`${files.directory}/`, ""));
}

describe("several files: later ones win, value by value", () => {
  it("of a container's properties", async () => {
    const change = [{ name: "MAIN", properties: { targetPort: 8080, startUpCommand: "run" } }];
    const { definition, origins } = await load({ "spec.json": SPEC, "change.json": change });
    expect(definition.siteContainers).toEqual([
      {
        name: "main",
        properties: { image: "shop/main:1", isMain: true, targetPort: "8080", startUpCommand: "run" },
      },
      { name: "dapr", properties: { image: "shop/dapr:1", isMain: false } },
    ]);
    const fileOf = (property: string): string =>
      path.basename(origins.exact("siteContainers", "main", property)?.file ?? "");
    expect(["image", "targetPort", "startUpCommand"].map(fileOf)).toEqual([
      "spec.json",
      "change.json",
      "change.json",
    ]);
  });

  it("of app settings and connection strings, whose names have no case", async () => {
    const loaded = await load({
      "spec.json": SPEC,
      "one.json": [
        { name: "Mode", value: "one", slotSetting: true },
        { name: "KEPT", value: "x" },
      ],
      "two.json": { MODE: "two" },
      "strings.json": [{ name: "Main", value: "a", type: "Custom" }],
      "other.json": [{ name: "main", value: "b", type: "MySql" }],
    });
    expect(messagesOf(loaded)).toEqual([]);
    expect(loaded.definition.appSettings).toEqual([
      { name: "MODE", value: "two", slotSetting: true },
      { name: "KEPT", value: "x" },
    ]);
    expect(loaded.definition.connectionStrings).toEqual([{ name: "main", value: "b", type: "MySql" }]);
    expect(loaded.origins.of("appSettings", "MODE")).toMatchObject({ line: 2, column: 3 });
  });

  it("applies the inputs of a site file before its own parts, relative to it", async () => {
    await mkdir(path.join(files.directory, "deploy"));
    await files.put("deploy/spec.json", SPEC);
    const loaded = await load({
      "sitecar.json": {
        name: "shop",
        inputs: ["deploy/spec.json"],
        siteContainers: [{ name: "dapr", properties: { image: "local/dapr:dev" } }],
      },
    });
    expect(messagesOf(loaded)).toEqual([]);
    expect(loaded.definition.siteContainers.map(({ properties }) => properties.image)).toEqual([
      "shop/main:1",
      "local/dapr:dev",
    ]);
    expect(loaded.files.map((file) => path.basename(file))).toEqual(["sitecar.json", "spec.json"]);
  });

  it("ends where inputs lead back", async () => {
    await files.put("a.json", { name: "a", inputs: ["b.json"], siteContainers: SPEC });
    const file = await files.put("b.json", { name: "b", inputs: ["a.json"], siteContainers: [] });
    expect(messagesOf(await loadSite(file))).toEqual(["inputs[0] names a file that leads back to itself."]);
  });

  it("lets a later file bring the image that a Compose file builds", async () => {
    const compose = "services:\n  web:\n    build: .\n    ports: ['8080:80']\n";
    expect(messagesOf(await load({ "compose.yaml": compose }))).toEqual(['services.web has no "image".']);
    const image = [{ name: "web", properties: { image: "shop/web:1" } }];
    const { definition, problems } = await load({ "compose.yaml": compose, "image.json": image });
    expect(problems).toEqual([]);
    expect(definition.siteContainers[0]?.properties).toMatchObject({ image: "shop/web:1", isMain: true });
  });
});

describe("loadSite: what can't be read is a problem like any other", () => {
  it("of every file, and the rest is read all the same", async () => {
    const spec = await files.put("spec.json", SPEC);
    const broken = await files.put("broken.json", "{,}");
    const loaded = await loadSite({ files: [spec, broken, path.join(files.directory, "gone.json")] });
    expect(messagesOf(loaded)).toEqual([
      expect.stringMatching(/^broken\.json is not valid JSON: /),
      "gone.json can't be read (ENOENT).",
    ]);
    expect(loaded.problems[0]?.place).toMatchObject({ line: 1, column: 2 });
    expect(loaded.definition.siteContainers).toHaveLength(2);
  });

  it("where another file names it", async () => {
    const loaded = await load({ "sitecar.json": '{ "name": "x",\n "siteContainers": "nope.json" }' });
    expect(loaded.problems).toEqual([
      expect.objectContaining({ message: expect.stringContaining("nope.json can't be read") as unknown }),
    ]);
    expect(loaded.problems[0]?.place).toMatchObject({ line: 2, column: 20 });
  });
});

describe("readSite of a template", () => {
  const template = {
    $schema: "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
    contentVersion: "1.0.0.0",
    parameters: { tag: { type: "string" } },
    resources: [
      {
        type: "Microsoft.Web/sites",
        apiVersion: "2024-04-01",
        name: "shop",
        properties: { siteConfig: { appSettings: [{ name: "KEY", value: "[listKeys('x', '1').key]" }] } },
      },
      {
        type: "Microsoft.Web/sites/sitecontainers",
        apiVersion: "2024-04-01",
        name: "shop/main",
        properties: { image: "[concat('shop/main:', parameters('tag'))]", isMain: true },
      },
    ],
  };

  it("refuses what only Azure knows, by its path, and takes what is supplied", async () => {
    const file = await files.put("main.json", template);
    const where = "resources[0].properties.siteConfig.appSettings[0].value";
    await expect(readSite({ files: [file], supplied: { tag: "1" } })).rejects.toThrow(where);
    const site = await readSite({ files: [file], supplied: { tag: "1", [where]: "abc" } });
    expect(site.appSettings).toEqual([{ name: "KEY", value: "abc" }]);
    expect(site.siteContainers[0]?.properties.image).toBe("shop/main:1");
    expect((await loadSite({ files: [file], supplied: { tag: "1" } })).unevaluable).toHaveLength(1);
  });

  it("refuses parameters without a template, and supplied values that nothing asks for", async () => {
    const parameters = { contentVersion: "1.0.0.0", parameters: { tag: { value: "1" } } };
    expect(messagesOf(await load({ "spec.json": SPEC, "p.json": parameters }))).toEqual([
      "p.json has parameters of a template that is not among the files.",
    ]);
    const file = await files.put("main.json", template);
    const loaded = await loadSite({ files: [file], supplied: { tag: "1", tga: "2" } });
    expect(messagesOf(loaded)).toEqual(['main.json asks nowhere for the value "tga" that is supplied.']);
  });
});
