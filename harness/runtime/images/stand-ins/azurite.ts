import { cp } from "node:fs/promises";
import { join } from "node:path";
import type { PreparedImage } from "../../prepared-image.ts";
import { runOnHost } from "../../host-command.ts";
import { contextEntries, tarOf } from "../build-context.ts";
import { contentHash } from "../content-hash.ts";
import { buildOnEngine } from "../engine-images.ts";
import { proxyArguments } from "../proxy-arguments.ts";
import { UPSTREAM } from "../upstream-images.ts";
import { makeImage, workDirectory, type MadeImage, type Workshop } from "../workshop.ts";
import { installLockedPackages, npmCpu } from "./npm-packages.ts";
import { nodeRecipe } from "./node.ts";
import { recipeDirectory } from "./recipe-files.ts";

/** Packages that Azurite's dependencies try to load and that it does not have as an npm package either. */
const ABSENT = ["pg", "pg-hstore", "sqlite3", "@azure/functions-core"];

/** The Azurite image as made from the npm package of the same version on the Node base. */
export async function azuriteRecipe(workshop: Workshop): Promise<MadeImage> {
  const node = await nodeRecipe(workshop);
  const hash = await contentHash({
    values: { recipe: "1", node: node.hash, absent: ABSENT.join(",") },
    entries: await contextEntries(recipeDirectory("azurite"), ["."]),
  });
  return {
    name: "azurite",
    hash,
    requested: UPSTREAM.azurite,
    origin: "stand-in",
    reason: `stand-in: the npm package azurite ${UPSTREAM.azurite.split(":").at(-1)} in one file on the Node image`,
  };
}

/** Makes the Azurite image. Fetching and bundling need no base, so they go on while `base` is still being made. */
export async function makeAzurite(
  workshop: Workshop,
  base: () => Promise<PreparedImage>,
): Promise<PreparedImage> {
  const image = await azuriteRecipe(workshop);
  return makeImage(workshop, image, async (step, labels) => {
    const nodeComing = base();
    const recipe = recipeDirectory("azurite");
    await using work = await workDirectory(workshop, "azurite");
    step.say("npm fetches Azurite");
    // The bundler runs on this machine, so its package is the machine's, whatever the engine's architecture.
    await installLockedPackages(recipe, work.path, { step, cpu: npmCpu(process.arch) });
    step.say("esbuild puts Azurite into one file");
    const built = join(work.path, "image");
    await runOnHost(
      [
        "esbuild",
        "node_modules/azurite/dist/src/azurite.js",
        "--bundle",
        "--platform=node",
        "--target=node24",
        "--keep-names",
        "--log-level=error",
        "--outfile=image/azurite.js",
        ...ABSENT.map((name) => `--external:${name}`),
      ],
      { cwd: work.path, signal: step.signal, tail: step.tail },
    );
    await cp(join(work.path, "node_modules/azurite/package.json"), join(built, "package.json"));
    await cp(join(recipe, "Dockerfile"), join(built, "Dockerfile"));
    step.say("waiting for the Node base");
    const node = await nodeComing;
    step.say("the engine builds the Azurite image");
    return await buildOnEngine(workshop.engine, {
      context: tarOf(await contextEntries(built, ["Dockerfile", "azurite.js", "package.json"])),
      dockerfile: "Dockerfile",
      buildArguments: { ...proxyArguments(workshop.environment), NODE_IMAGE: node.reference },
      labels,
      signal: step.signal,
      onOutput: (text) => step.output(text),
    });
  });
}
