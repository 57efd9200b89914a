import { chmod, cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { PreparedImage } from "../../prepared-image.ts";
import { contextEntries, tarOf } from "../build-context.ts";
import { contentHash } from "../content-hash.ts";
import { buildOnEngine } from "../engine-images.ts";
import { UPSTREAM } from "../upstream-images.ts";
import { makeImage, workDirectory, type MadeImage, type Workshop } from "../workshop.ts";
import { copyModule, goFor } from "./go-module.ts";
import { recipeDirectory } from "./recipe-files.ts";

/** `ghcr.io/shopify/toxiproxy:<version>` as compiled from its Go module: the server alone, without the command line's client. */
export async function toxiproxyRecipe(workshop: Workshop, version: string): Promise<MadeImage> {
  const hash = await contentHash({
    values: { recipe: "1", version, architecture: workshop.architecture },
    entries: await contextEntries(recipeDirectory("toxiproxy"), ["."]),
  });
  return {
    name: "toxiproxy",
    hash,
    requested: UPSTREAM.toxiproxy,
    origin: "stand-in",
    reason: `stand-in: Toxiproxy ${version} compiled from its unmodified Go module`,
  };
}

export async function makeToxiproxy(workshop: Workshop, version: string): Promise<PreparedImage> {
  const image = await toxiproxyRecipe(workshop, version);
  return makeImage(workshop, image, async (step, labels) => {
    await using work = await workDirectory(workshop, "toxiproxy");
    const built = join(work.path, "image");
    await mkdir(built);
    await cp(join(recipeDirectory("toxiproxy"), "Dockerfile"), join(built, "Dockerfile"));
    await compile(workshop, { version, work: work.path, output: join(built, "toxiproxy") }, step);
    step.say("the engine builds the Toxiproxy image");
    return await buildOnEngine(workshop.engine, {
      context: tarOf(await contextEntries(built, ["Dockerfile", "toxiproxy"])),
      dockerfile: "Dockerfile",
      buildArguments: {},
      labels,
      signal: step.signal,
      onOutput: (text) => step.output(text),
    });
  });
}

async function compile(
  workshop: Workshop,
  { version, work, output }: { readonly version: string; readonly work: string; readonly output: string },
  step: Parameters<typeof goFor>[1],
): Promise<void> {
  const run = await goFor(workshop, step);
  const source = join(work, "source");
  step.say(`go fetches Toxiproxy ${version}`);
  await copyModule(run, { module: `github.com/Shopify/toxiproxy/v2@v${version}`, work, source });
  step.say(`go compiles Toxiproxy ${version}`);
  await run(
    source,
    "build",
    "-mod=mod",
    "-trimpath",
    "-ldflags",
    `-s -w -X github.com/Shopify/toxiproxy/v2.Version=${version}`,
    "-o",
    output,
    "./cmd/server",
  );
  await chmod(output, 0o755);
}
