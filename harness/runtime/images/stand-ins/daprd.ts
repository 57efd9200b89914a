import { chmod, cp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { PreparedImage } from "../../prepared-image.ts";
import { contextEntries, tarOf } from "../build-context.ts";
import { contentHash } from "../content-hash.ts";
import { buildOnEngine } from "../engine-images.ts";
import type { Step } from "../steps.ts";
import { makeImage, workDirectory, type MadeImage, type Workshop } from "../workshop.ts";
import { daprdContents, type DaprdContents } from "./daprd-components.ts";
import { copyModule, goFor, type RunGo } from "./go-module.ts";
import { recipeDirectory } from "./recipe-files.ts";

/** `daprio/daprd:<version>` as compiled from its Go module; `SITECAR_DAPRD=full` for every stable component. */
export async function daprdRecipe(workshop: Workshop, version: string): Promise<MadeImage> {
  const contents = await daprdContents(workshop.environment["SITECAR_DAPRD"]);
  const hash = await contentHash({
    values: {
      recipe: "1",
      version,
      architecture: workshop.architecture,
      tag: contents.tag,
      contents: contents.description,
    },
    entries: await contextEntries(recipeDirectory("daprd"), ["."]),
  });
  return {
    name: "daprd",
    hash,
    requested: `daprio/daprd:${version}`,
    origin: "stand-in",
    reason: `stand-in: daprd ${version} compiled from its unmodified Go module with these components: ${contents.description}`,
  };
}

export async function makeDaprd(workshop: Workshop, version: string): Promise<PreparedImage> {
  const image = await daprdRecipe(workshop, version);
  return makeImage(workshop, image, async (step, labels) => {
    const contents = await daprdContents(workshop.environment["SITECAR_DAPRD"]);
    await using work = await workDirectory(workshop, "daprd");
    const recipe = recipeDirectory("daprd");
    const built = join(work.path, "image");
    await cp(join(recipe, "rootfs"), join(built, "rootfs"), { recursive: true });
    await cp(join(recipe, "Dockerfile"), join(built, "Dockerfile"));
    await compileDaprd(workshop, {
      step,
      version,
      contents,
      work: work.path,
      output: join(built, "daprd"),
    });
    step.say("the engine builds the daprd image");
    return await buildOnEngine(workshop.engine, {
      context: tarOf(await contextEntries(built, ["Dockerfile", "rootfs", "daprd"])),
      dockerfile: "Dockerfile",
      buildArguments: {},
      labels: { ...labels, "sitecar.daprd.components": contents.description },
      signal: step.signal,
      onOutput: (text) => step.output(text),
    });
  });
}

export interface DaprdCompilation {
  readonly step: Step;
  readonly version: string;
  readonly contents: DaprdContents;
  readonly work: string;
  readonly output: string;
  /** A daprd of another kind: what it calls itself instead of its version, and what is done to the source before it is compiled. */
  readonly variant?: {
    readonly version: string;
    readonly adapt: (run: RunGo, source: string) => Promise<void>;
  };
}

/** Compiles with dapr's own go.mod, go.sum and replacements. */
export async function compileDaprd(
  workshop: Workshop,
  { step, version, contents, work, output, variant }: DaprdCompilation,
): Promise<void> {
  const run = await goFor(workshop, step);
  const source = join(work, "source");
  step.say(`go fetches dapr ${version}`);
  await copyModule(run, { module: `github.com/dapr/dapr@v${version}`, work, source });
  const components = join(source, "cmd/daprd/components");
  for (const file of await readdir(components)) {
    if (!contents.keeps(file)) await rm(join(components, file));
  }
  await variant?.adapt(run, source);
  step.say(`go compiles daprd ${variant?.version ?? version} (${contents.description})`);
  await run(
    source,
    "build",
    "-v",
    "-mod=mod",
    "-trimpath",
    "-tags",
    contents.tag,
    "-ldflags",
    `-s -w -X github.com/dapr/dapr/pkg/buildinfo.version=${variant?.version ?? version}`,
    "-o",
    output,
    "./cmd/daprd",
  );
  await chmod(output, 0o755);
}
