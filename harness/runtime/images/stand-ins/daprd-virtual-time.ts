import { cp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { PreparedImage } from "../../prepared-image.ts";
import { contextEntries, tarOf } from "../build-context.ts";
import { contentHash } from "../content-hash.ts";
import { buildOnEngine, VIRTUAL_TIME_LABEL } from "../engine-images.ts";
import { makeImage, workDirectory, type MadeImage, type Workshop } from "../workshop.ts";
import { compileDaprd } from "./daprd.ts";
import { daprdContents } from "./daprd-components.ts";
import type { RunGo } from "./go-module.ts";
import { recipeDirectory } from "./recipe-files.ts";

/** Its Go package in dapr's source, which also is the name of its directory here. */
const PACKAGE = "virtualtime";

/** Dapr's own file; in 1.14.4 it had the other name. */
const REGISTERS_CRON = /^bindings?_cron\.go$/;

/** What takes the place of `daprio/daprd:<version>` where cron follows virtual time, and says so itself. */
export async function daprdVirtualTimeRecipe(workshop: Workshop, version: string): Promise<MadeImage> {
  const contents = await daprdContents(workshop.environment["SITECAR_DAPRD"]);
  const hash = await contentHash({
    values: {
      recipe: "1",
      version,
      architecture: workshop.architecture,
      tag: contents.tag,
      contents: contents.description,
    },
    entries: [
      ...(await contextEntries(recipeDirectory("daprd"), ["."])),
      ...(await contextEntries(recipeDirectory("daprd-virtual-time"), ["."])),
    ],
  });
  return {
    name: "daprd-virtual-time",
    hash,
    requested: `daprio/daprd:${version}`,
    origin: "stand-in",
    reason: `virtual time: daprd ${version} compiled from its Go module with a cron binding that follows sitecar's clock, and these components: ${contents.description}`,
    virtualTime: true,
  };
}

export async function makeDaprdVirtualTime(workshop: Workshop, version: string): Promise<PreparedImage> {
  const image = await daprdVirtualTimeRecipe(workshop, version);
  return makeImage(workshop, image, async (step, labels) => {
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
      // It tells its version in its log and its metadata: nobody is to take it for the released one.
      variant: {
        version: `${version}-virtual-time`,
        adapt: async (run, source) => putClockIn(run, { source, architecture: workshop.architecture }),
      },
    });
    step.say("the engine builds the image of daprd for virtual time");
    return await buildOnEngine(workshop.engine, {
      context: tarOf(await contextEntries(built, ["Dockerfile", "rootfs", "daprd"])),
      dockerfile: "Dockerfile",
      buildArguments: {},
      labels: {
        ...labels,
        [VIRTUAL_TIME_LABEL]: `daprd ${version}`,
        "sitecar.daprd.components": contents.description,
      },
      signal: step.signal,
      onOutput: (text) => step.output(text),
    });
  });
}

/** The clock's package, tested with the very cron that it is compiled with; and the one file that registers cron. */
async function putClockIn(
  run: RunGo,
  { source, architecture }: { readonly source: string; readonly architecture: string },
): Promise<void> {
  const recipe = recipeDirectory("daprd-virtual-time");
  await cp(join(recipe, PACKAGE), join(source, "cmd/daprd", PACKAGE), { recursive: true });
  const components = join(source, "cmd/daprd/components");
  for (const file of await readdir(components))
    if (REGISTERS_CRON.test(file)) await rm(join(components, file));
  await cp(join(recipe, "bindings_cron.go"), join(components, "bindings_cron.go"));
  // What is compiled for another machine can't be run on this one.
  const own = process.platform === "linux" && architecture === (process.arch === "x64" ? "amd64" : "arm64");
  await run(source, own ? "test" : "vet", "-mod=mod", "-trimpath", `./cmd/daprd/${PACKAGE}`);
}
