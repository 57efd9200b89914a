import { chmod, cp, mkdir, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import type { PreparedImage } from "../../prepared-image.ts";
import { contextEntries, tarOf } from "../build-context.ts";
import { contentHash } from "../content-hash.ts";
import { buildOnEngine } from "../engine-images.ts";
import { proxyArguments } from "../proxy-arguments.ts";
import { UPSTREAM } from "../upstream-images.ts";
import { makeImage, workDirectory, type MadeImage, type Workshop } from "../workshop.ts";
import { debianRecipe } from "./debian.ts";
import { installLockedPackages, npmCpu } from "./npm-packages.ts";
import { recipeDirectory } from "./recipe-files.ts";

/** `node:24-bookworm-slim` as made from the npm packages of Node and npm on the Debian base. */
export async function nodeRecipe(workshop: Workshop): Promise<MadeImage> {
  const debian = await debianRecipe(workshop);
  const hash = await contentHash({
    values: { recipe: "1", architecture: workshop.architecture, debian: debian.hash },
    entries: await contextEntries(recipeDirectory("node"), ["."]),
  });
  return {
    name: "node",
    hash,
    requested: UPSTREAM.node,
    origin: "stand-in",
    reason: `stand-in: Node ${await nodeVersion(workshop)} and npm from npm packages on the Debian stand-in, without yarn`,
  };
}

/** Makes the Node image. Fetching the packages needs no base, so it goes on while `base` is still being made. */
export async function makeNode(
  workshop: Workshop,
  base: () => Promise<PreparedImage>,
): Promise<PreparedImage> {
  const image = await nodeRecipe(workshop);
  return makeImage(workshop, image, async (step, labels) => {
    const debianComing = base();
    const recipe = recipeDirectory("node");
    await using work = await workDirectory(workshop, "node");
    step.say("npm fetches Node and npm");
    const cpu = npmCpu(workshop.architecture);
    await installLockedPackages(recipe, work.path, { step, cpu });
    const local = join(work.path, "rootfs/usr/local");
    await mkdir(join(local, "bin"), { recursive: true });
    await mkdir(join(local, "lib/node_modules"), { recursive: true });
    await rename(join(work.path, `node_modules/node-linux-${cpu}/bin/node`), join(local, "bin/node"));
    await rename(join(work.path, "node_modules/npm"), join(local, "lib/node_modules/npm"));
    await cp(join(recipe, "docker-entrypoint.sh"), join(local, "bin/docker-entrypoint.sh"));
    await cp(join(recipe, "Dockerfile"), join(work.path, "Dockerfile"));
    await chmod(join(local, "bin/node"), 0o755);
    step.say("waiting for the Debian base");
    const debian = await debianComing;
    step.say("the engine builds the Node image");
    return await buildOnEngine(workshop.engine, {
      context: tarOf(await contextEntries(work.path, ["Dockerfile", "rootfs"])),
      dockerfile: "Dockerfile",
      buildArguments: {
        ...proxyArguments(workshop.environment),
        DEBIAN_IMAGE: debian.reference,
        NODE_VERSION: await nodeVersion(workshop),
      },
      labels,
      signal: step.signal,
      onOutput: (text) => step.output(text),
    });
  });
}

async function nodeVersion(workshop: Workshop): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(recipeDirectory("node"), "package.json"), "utf8"));
  const name = `node-linux-${npmCpu(workshop.architecture)}`;
  const version =
    typeof manifest === "object" && manifest !== null && "optionalDependencies" in manifest
      ? Object.entries(manifest.optionalDependencies ?? {}).find(([dependency]) => dependency === name)?.[1]
      : undefined;
  if (typeof version !== "string") throw new Error(`the Node recipe pins no ${name}`);
  return version;
}
