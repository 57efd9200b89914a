import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { SitecarError } from "../errors/index.ts";
import { readSite } from "./read-site.ts";

let directory = "";

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "sitecar-mutations-"));
});

afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
});

const VALID = {
  name: "shop",
  siteContainers: [
    {
      name: "main",
      properties: {
        image: "shop/main:1",
        isMain: true,
        targetPort: "9000",
        environmentVariables: [{ name: "A", value: "B" }],
        volumeMounts: [{ volumeSubPath: "data", containerMountPath: "/data", readOnly: true }],
      },
    },
    { name: "dapr", properties: { image: "shop/dapr:1", authType: "Anonymous" } },
  ],
  appSettings: [{ name: "WEBSITE_WARMUP_PATH", value: "/ready", slotSetting: false }],
  identity: { type: "SystemAssigned" },
  storageAccounts: [{ name: "shopstorage" }],
  builds: { "shop/main:1": { context: ".", dockerfile: "Dockerfile", include: ["."] } },
  daprSidecars: [{ container: "dapr", resourcesPath: "/components" }],
  observedPorts: [2222],
};

const YAML = `name: shop
siteContainers: &list
  - name: main
    properties: { image: "a", isMain: true, targetPort: 80 }
  - name: second
    properties: { image: &x b }
appSettings: { A: *x }
observedPorts: [2222]
`;

/** `read`, or the code of the SitecarError that came out. Anything else is a fault of the reader and thrown. */
async function outcomeOf(name: string, content: string | Uint8Array): Promise<string> {
  const file = path.join(directory, name);
  await writeFile(file, content);
  try {
    await readSite(file);
    return "read";
  } catch (error) {
    if (error instanceof SitecarError && error.remedy !== "") return error.code;
    throw error;
  }
}

const GRACEFUL = /^(?:read|SPEC_INVALID|SPEC_MALFORMED|FILE_NOT_READABLE)$/;

/** Every path to a value inside. */
function pathsOf(value: unknown, prefix: string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [prefix];
  return [prefix, ...Object.entries(value).flatMap(([key, child]) => pathsOf(child, [...prefix, key]))];
}

function replaceAt(value: unknown, [key, ...rest]: string[], replacement: unknown): unknown {
  if (key === undefined) return replacement;
  if (Array.isArray(value)) {
    return value.map((item, index) => (String(index) === key ? replaceAt(item, rest, replacement) : item));
  }
  const record = value as Record<string, unknown>;
  return { ...record, [key]: replaceAt(record[key], rest, replacement) };
}

// Hundreds of small files each: generous, for a machine that is busy with containers.
describe("readSite never fails but by a SitecarError", { timeout: 60_000 }, () => {
  it("when any value is replaced by any other", async () => {
    const names = fc.constantFrom("main", "name", "image", "80", "", "/x", "..", "__proto__", "\0", "a=b");
    const replacement = fc.oneof(fc.jsonValue(), names, fc.dictionary(names, fc.jsonValue()));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...pathsOf(VALID)), replacement, async (where, value) => {
        expect(
          await outcomeOf("sitecar.json", JSON.stringify(replaceAt(VALID, where, value), undefined, 1)),
        ).toMatch(GRACEFUL);
      }),
      { numRuns: 400 },
    );
  });

  it.each([
    ["sitecar.json", JSON.stringify(VALID, undefined, 1)],
    ["sitecar.yaml", YAML],
    ["sitecar.yaml", JSON.stringify(VALID, undefined, 1)],
  ])("when text is cut from, put into and doubled in %s %#", async (name, text) => {
    const position = fc.nat(text.length);
    const piece = fc.oneof(
      fc.constantFrom(
        '"',
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "\n",
        "\t",
        "*x",
        "&x",
        "!!binary",
        "? ",
        "- ",
        "|",
        "#",
        "\uFEFF",
        "---\n",
        "<<: ",
      ),
      fc.string({ unit: "binary", maxLength: 5 }),
    );
    await fc.assert(
      fc.asyncProperty(position, position, piece, async (from, to, inserted) => {
        expect(await outcomeOf(name, text.slice(0, from) + inserted + text.slice(to))).toMatch(GRACEFUL);
      }),
      { numRuns: 400 },
    );
  });

  it("when the file is any bytes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom("a.json", "a.yaml"), fc.uint8Array(), async (name, bytes) => {
        expect(await outcomeOf(name, bytes)).toMatch(GRACEFUL);
      }),
      {
        numRuns: 200,
      },
    );
  });
});
