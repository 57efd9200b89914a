import { cp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { PreparedImage } from "../../prepared-image.ts";
import { VIRTUAL_TIME_LABEL } from "../engine-images.ts";
import type { MadeImage, Workshop } from "../workshop.ts";
import { buildDaprd, daprdHash } from "./daprd.ts";
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
  const hash = await daprdHash(workshop, { version, contents, recipes: ["daprd", "daprd-virtual-time"] });
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
  return await buildDaprd(workshop, await daprdVirtualTimeRecipe(workshop, version), {
    version,
    // It tells its version in its log and its metadata: nobody is to take it for the released one.
    variant: {
      version: `${version}-virtual-time`,
      adapt: async (run, source) => putClockIn(run, { source, architecture: workshop.architecture }),
    },
    labels: { [VIRTUAL_TIME_LABEL]: `daprd ${version}` },
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
