import { stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { Command } from "commander";
import { SITE_FILES } from "../definition/inputs/recognise.ts";
import { loadSite } from "../definition/load-site.ts";
import { describePath, describePlace } from "../definition/problems.ts";
import { SitecarError } from "../errors/index.ts";
import { createConsole, type Console } from "./console.ts";
import { composeConfiguration, isEmpty } from "./init/compose-configuration.ts";
import { survey } from "./init/survey.ts";

interface InitOptions {
  readonly force: boolean;
}

/** `sitecar init`: writes a site file from what a directory has. It asks nothing, and starts nothing. */
export function initCommand(): Command {
  return new Command("init")
    .description(
      "Write a sitecar.json from what a directory has: spec, ARM, Compose, settings, Dapr components, Dockerfiles.",
    )
    .argument("[directory]", "where to look, and where sitecar.json is written", ".")
    .option("--force", "overwrite a site file that is there", false)
    .action(async (directory: string, options: InitOptions) => {
      await init(path.resolve(directory), options, createConsole(false));
    });
}

export async function init(directory: string, { force }: InitOptions, console: Console): Promise<void> {
  await checkDirectory(directory, force);
  const found = await survey(directory);
  if (isEmpty(found)) {
    throw new SitecarError("USAGE", {
      message: `${describePath(directory)} has nothing that names a site's containers.`,
      remedy:
        "go where a spec file, an ARM template (`az bicep build`), a Compose file or a Dockerfile is, or save `az webapp sitecontainers list -o json` there.",
    });
  }
  const { content, found: seen, guessed, missing } = await composeConfiguration(directory, found);
  const file = path.join(directory, SITE_FILES[0]);
  await writeFile(file, `${JSON.stringify(content, undefined, 2)}\n`, { flag: force ? "w" : "wx" });
  list(console, "found", seen);
  list(console, "guessed", guessed);
  list(console, "still to fill in", missing);
  const { problems } = await loadSite(file);
  list(
    console,
    "to mend before it can run",
    problems.map(({ place, message }) => `${describePlace(place)} ${message}`),
  );
  console.result(`wrote ${describePath(file)}; see what it says with: sitecar show ${describePath(file)}`);
}

async function checkDirectory(directory: string, force: boolean): Promise<void> {
  const isDirectory = await stat(directory).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  if (!isDirectory) {
    throw new SitecarError("USAGE", {
      message: `${describePath(directory)} is no directory.`,
      remedy: "name the directory that has the site's files.",
    });
  }
  for (const name of force ? [] : SITE_FILES) {
    const there = await stat(path.join(directory, name)).then(
      () => true,
      () => false,
    );
    if (there) {
      throw new SitecarError("USAGE", {
        message: `${describePath(path.join(directory, name))} is there already.`,
        remedy: "add --force to write it anew, or change it by hand.",
      });
    }
  }
}

function list(console: Console, title: string, lines: readonly string[]): void {
  if (lines.length === 0) return;
  console.result(`${title}:\n${lines.map((line) => `  ${line}`).join("\n")}\n`);
}
