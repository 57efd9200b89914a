/**
 * `npm run fidelity` writes the tables of docs/fidelity.md from docs/fidelity.yaml; with `-- --check` it only says whether
 * they are up to date. Either fails when a fact is missing or a test that it names is gone.
 */
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { format, resolveConfig } from "prettier";
import { readFacts } from "./fidelity/facts.ts";
import { problemsOf } from "./fidelity/problems.ts";
import { summary, withTables } from "./fidelity/tables.ts";

const ROOT = path.join(import.meta.dirname, "..");
const DATA = path.join(ROOT, "docs", "fidelity.yaml");
const PAGE = path.join(ROOT, "docs", "fidelity.md");

async function main(check: boolean): Promise<readonly string[]> {
  const { sections, problems: unreadable } = readFacts(await readFile(DATA, "utf8"));
  if (unreadable.length > 0) return unreadable;
  const problems = await problemsOf(sections, readText);
  if (problems.length > 0) return problems;
  const page = await readFile(PAGE, "utf8");
  const made = withTables(page, sections);
  if (made === undefined) return ["docs/fidelity.md: the marks between which the tables stand are gone"];
  const formatted = await format(made, { ...(await resolveConfig(PAGE)), filepath: PAGE });
  if (formatted !== page) {
    if (check)
      return ["docs/fidelity.md: the tables are not those of docs/fidelity.yaml; run `npm run fidelity`"];
    await writeFile(PAGE, formatted);
  }
  process.stdout.write(`${summary(sections)}\n`);
  return [];
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(path.join(ROOT, file), "utf8");
  } catch {
    return undefined;
  }
}

const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
const problems = await main(values.check);
if (problems.length > 0) {
  process.stderr.write(
    `docs/fidelity.yaml and what it names do not agree:\n${problems.map((one) => `  ${one}\n`).join("")}`,
  );
  process.exitCode = 1;
}
