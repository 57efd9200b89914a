import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { lint } from "./lint.ts";
import { loadContext } from "./load-context.ts";
import { formatReport, LINT_FORMATS } from "./output/format.ts";
import { CRON_COMPONENT } from "./test-support/cron-component.ts";

/** How often each property is tried; more, for a night, by `SITECAR_FUZZ_RUNS=20000`. */
const RUNS = Number(process.env["SITECAR_FUZZ_RUNS"] ?? 150);
/** The same inputs at every run, unless more are asked for: then others each time, and a failure tells its seed. */
const PARAMETERS = {
  numRuns: RUNS,
  ...(process.env["SITECAR_FUZZ_RUNS"] === undefined ? { seed: 20_261_124 } : {}),
};

const FIXTURES = path.join(import.meta.dirname, "..", "..", "fixtures", "lint");

let directory = "";
let seeds: { readonly name: string; readonly bytes: Buffer }[] = [];

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "sitecar-fuzz-"));
  const folders = await readdir(FIXTURES, { withFileTypes: true });
  const found = folders
    .filter((entry) => entry.isDirectory())
    .map(async ({ name: folder }) => {
      const names = await readdir(path.join(FIXTURES, folder));
      const files = names.filter((name) => /\.(?:json|ya?ml)$/.test(name));
      return await Promise.all(
        files.map(async (name) => ({ name, bytes: await readFile(path.join(FIXTURES, folder, name)) })),
      );
    });
  seeds = [...(await Promise.all(found)).flat(), { name: "batch.yaml", bytes: Buffer.from(CRON_COMPONENT) }];
});

afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
});

/** Lints a file of these bytes: no rule fails, every finding has a place in a file, and every format can be written. */
async function faultsOf(name: string, bytes: Uint8Array): Promise<unknown> {
  const file = path.join(directory, name);
  await writeFile(file, bytes);
  const report = lint(await loadContext({ files: [file] }));
  for (const { place, message, remedy } of report.findings) {
    expect(place.line).toBeGreaterThan(0);
    expect(place.column).toBeGreaterThan(0);
    expect(message).not.toBe("");
    expect(remedy).not.toBe("");
  }
  for (const format of LINT_FORMATS) expect(formatReport(report, format, directory)).toBeTypeOf("string");
  return report.faults;
}

/** One change of bytes: flipped, cut off, cut out, doubled, put in. */
const mutation = fc.oneof(
  fc.record({ kind: fc.constant("flip" as const), at: fc.nat(), bit: fc.nat(7) }),
  fc.record({ kind: fc.constant("truncate" as const), at: fc.nat() }),
  fc.record({ kind: fc.constant("cut" as const), at: fc.nat(), length: fc.nat(80) }),
  fc.record({ kind: fc.constant("double" as const), at: fc.nat(), length: fc.nat(200) }),
  fc.record({
    kind: fc.constant("insert" as const),
    at: fc.nat(),
    text: fc.constantFrom(
      "\0",
      "\uFEFF",
      "__proto__",
      "constructor",
      '"toString":',
      "1e999",
      "-0",
      "99999999999999999999",
      "[[[[[[[[",
      "{{",
      "}",
      "]",
      "\n---\n",
      "&a *a",
      "<<: *a",
      "!!binary x",
      "\t",
      "\r",
      "${",
      "'",
      '"',
      "null",
      "# sitecar-disable SC001",
      "\uD83D\uDE00",
      "\u2028",
    ),
  }),
);

type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

function mutate(bytes: Buffer, change: Mutation): Buffer {
  const at = bytes.length === 0 ? 0 : change.at % bytes.length;
  switch (change.kind) {
    case "flip": {
      const copy = Buffer.from(bytes);
      copy[at] = (copy[at] ?? 0) ^ (1 << change.bit);
      return copy;
    }
    case "truncate":
      return bytes.subarray(0, at);
    case "cut":
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + change.length)]);
    case "double":
      return Buffer.concat([bytes.subarray(0, at + change.length), bytes.subarray(at)]);
    case "insert":
      break;
  }
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(change.text), bytes.subarray(at)]);
}

// Hundreds of small files each: generous, for a machine that is busy with containers.
describe("lint survives", { timeout: 60_000 + RUNS * 200 }, () => {
  it("files that a few changes have damaged", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.array(mutation, { minLength: 1, maxLength: 4 }),
        async (which, changes) => {
          const seed = seeds[which % seeds.length];
          if (seed === undefined) throw new RangeError("no fixtures");
          expect(await faultsOf(seed.name, changes.reduce(mutate, seed.bytes))).toEqual([]);
        },
      ),
      PARAMETERS,
    );
  });

  it("any bytes under any name", async () => {
    const name = fc.constantFrom(
      "a.json",
      "a.yaml",
      "sitecar.json",
      "sitecar.yaml",
      ".env",
      "compose.yaml",
      "noext",
    );
    await fc.assert(
      fc.asyncProperty(name, fc.uint8Array({ maxLength: 200 }), async (file, bytes) => {
        expect(await faultsOf(file, bytes)).toEqual([]);
      }),
      PARAMETERS,
    );
  });

  it("a site file whose parts are anything", async () => {
    const key = fc.constantFrom(
      "name",
      "value",
      "properties",
      "image",
      "isMain",
      "targetPort",
      "environmentVariables",
      "volumeMounts",
      "container",
      "__proto__",
      "constructor",
      "sku",
      "type",
      "",
    );
    const { tree } = fc.letrec((tie) => ({
      leaf: fc.oneof(
        fc.string(),
        fc.constantFrom("main", "80", "/home/x", "\0", "@Microsoft.KeyVault("),
        fc.integer(),
        fc.double(),
        fc.boolean(),
        fc.constant(null),
      ),
      tree: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        tie("leaf"),
        fc.array(tie("tree"), { maxLength: 3 }),
        fc.dictionary(key, tie("tree"), { maxKeys: 4 }),
      ),
    }));
    const part = fc.constantFrom(
      "siteContainers",
      "appSettings",
      "connectionStrings",
      "siteConfig",
      "identity",
      "serverFarm",
      "daprSidecars",
      "keyVaultSecrets",
      "inputs",
      "observedPorts",
      "builds",
    );
    await fc.assert(
      fc.asyncProperty(fc.dictionary(part, tree, { maxKeys: 5 }), async (site) => {
        expect(
          await faultsOf("sitecar.json", Buffer.from(JSON.stringify({ name: "shop", ...site }))),
        ).toEqual([]);
      }),
      PARAMETERS,
    );
  });

  it.each([
    ["nested deep", "[".repeat(20_000), "a.json"],
    ["nested deep, as a site", `{"siteContainers":${"[".repeat(5000)}${"]".repeat(5000)}}`, "sitecar.json"],
    [
      "aliases that multiply",
      `a: &a [x,x,x,x]\n${Array.from({ length: 20 }, (_, index) => `b${index}: &b${index} [${index === 0 ? "*a,*a" : `*b${index - 1},*b${index - 1}`}]`).join("\n")}\nsiteContainers: *b19\n`,
      "sitecar.yaml",
    ],
    ["an alias of itself", "siteContainers: &a [*a]\n", "sitecar.yaml"],
    ["UTF-16 with a mark", "\uFEFF[]", "utf16.json"],
    ["a million blanks", " ".repeat(1_000_000), "a.yaml"],
    [
      "one line of a megabyte",
      `{"siteContainers":[{"name":"a","properties":{"image":"${"x".repeat(1_000_000)}","targetPort":"nope"}}]}`,
      "sitecar.json",
    ],
    [
      "a setting of a hundred kilobytes",
      `{"name":"a","siteContainers":[],"appSettings":{"A_TOKEN":"${"aaaa@:".repeat(20_000)}"}}`,
      "sitecar.json",
    ],
    [
      "a regular expression's worst case",
      `{"name":"a","siteContainers":[],"appSettings":{"X":"${"@Microsoft.KeyVault(".repeat(2000)}","Y":"://${"a:".repeat(20_000)}"}}`,
      "sitecar.json",
    ],
  ])("%s", async (_, text, name) => {
    const bytes = Buffer.from(text, name.startsWith("utf16") ? "utf16le" : "utf8");
    expect(await faultsOf(name, bytes)).toEqual([]);
  });

  it("a folder that is empty, and one of odd files", async () => {
    const folder = path.join(directory, "odd");
    await mkdir(folder);
    await writeFile(path.join(folder, "a.yaml"), "\0\u0001");
    await writeFile(path.join(folder, "b.yaml"), "apiVersion: dapr.io/v1alpha1\n\tkind: [");
    const { faults } = lint(await loadContext({ files: [folder] }));
    expect(faults).toEqual([]);
  });
});
