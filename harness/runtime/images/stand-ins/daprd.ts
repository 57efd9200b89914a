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
  const hash = await daprdHash(workshop, { version, contents, recipes: ["daprd"] });
  return {
    name: "daprd",
    hash,
    requested: `daprio/daprd:${version}`,
    origin: "stand-in",
    reason: `stand-in: daprd ${version} compiled from its unmodified Go module with these components: ${contents.description}`,
  };
}

export async function makeDaprd(workshop: Workshop, version: string): Promise<PreparedImage> {
  return await buildDaprd(workshop, await daprdRecipe(workshop, version), { version });
}

/** Of what a daprd is compiled from: the recipes' folders, and what is asked of them. */
export async function daprdHash(
  { architecture }: Workshop,
  {
    version,
    contents,
    recipes,
  }: {
    readonly version: string;
    readonly contents: DaprdContents;
    readonly recipes: readonly Parameters<typeof recipeDirectory>[0][];
  },
): Promise<string> {
  const entries = await Promise.all(recipes.map((name) => contextEntries(recipeDirectory(name), ["."])));
  return await contentHash({
    values: { recipe: "1", version, architecture, tag: contents.tag, contents: contents.description },
    entries: entries.flat(),
  });
}

/** Compiles a daprd, and has the engine make the image of it. */
export async function buildDaprd(
  workshop: Workshop,
  image: MadeImage,
  {
    version,
    variant,
    labels: own = {},
  }: Pick<DaprdCompilation, "version" | "variant"> & { readonly labels?: Readonly<Record<string, string>> },
): Promise<PreparedImage> {
  return await makeImage(workshop, image, async (step, labels) => {
    const contents = await daprdContents(workshop.environment["SITECAR_DAPRD"]);
    await using work = await workDirectory(workshop, image.name);
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
      ...(variant === undefined ? {} : { variant }),
    });
    step.say(`the engine builds the ${image.name} image`);
    return await buildOnEngine(workshop.engine, {
      context: tarOf(await contextEntries(built, ["Dockerfile", "rootfs", "daprd"])),
      dockerfile: "Dockerfile",
      buildArguments: {},
      labels: { ...labels, ...own, "sitecar.daprd.components": contents.description },
      signal: step.signal,
      onOutput: (text) => step.output(text),
    });
  });
}

interface DaprdCompilation {
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
async function compileDaprd(
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
