import { readdir } from "node:fs/promises";
import path from "node:path";

import { describe, expect, it } from "vitest";

import { lint } from "./lint.ts";
import { loadContext } from "./load-context.ts";
import { reportPath } from "./output/report-path.ts";
import { SITE_RULES } from "./site/rules.ts";

const FIXTURES = path.join(import.meta.dirname, "..", "..", "fixtures", "lint");
const EXAMPLE = path.join(FIXTURES, "..", "sites", "example");

/** A folder's files as they would be named on a command line, or its site file alone. */
async function inputsOf(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter(
    (name) => !name.startsWith("expected") && name !== "components",
  );
  const siteFile = names.find((name) => name.startsWith("sitecar."));
  return (siteFile === undefined ? names.toSorted() : [siteFile]).map((name) => path.join(folder, name));
}

/** Every finding in a line, and what it says. */
async function findingsOf(folder: string, files: readonly string[]): Promise<string> {
  const { findings, faults } = lint(await loadContext({ files }), { rules: SITE_RULES });
  expect(faults).toEqual([]);
  const lines = findings.map(
    ({ rule, severity, place, message }) =>
      `${reportPath(place.file, folder)}:${place.line}:${place.column} ${severity} ${rule}\n  ${message.replaceAll(`${folder}/`, "").replaceAll(`${path.relative(process.cwd(), folder)}/`, "")}`,
  );
  return `${lines.join("\n")}\n`;
}

describe("material like that of the field", async () => {
  const folders = (await readdir(FIXTURES, { withFileTypes: true })).filter(
    (entry) => entry.isDirectory() && entry.name !== "dapr",
  );

  it.each(folders.map(({ name }) => name))("%s: what is expected, and nothing else", async (name) => {
    const folder = path.join(FIXTURES, name);
    await expect(await findingsOf(folder, await inputsOf(folder))).toMatchFileSnapshot(
      path.join(folder, "expected.txt"),
    );
  });

  it("the example site: main's port, and the route that is public", async () => {
    const components = path.join(EXAMPLE, "..", "..", "components");
    expect(await findingsOf(EXAMPLE, [EXAMPLE, components])).toBe(
      [
        "sitecontainers.json:3:13 warning SC036",
        '  /.internal/batch, which the binding "batch" calls, is reachable from the internet: "main" gets every request.',
        "sitecontainers.json:7:21 warning SC015",
        '  "main" listens on 9000; only 80 and 8080 are documented for main.',
        "",
      ].join("\n"),
    );
  });
});
