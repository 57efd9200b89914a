import type { ImageBuild } from "../../definition/site-definition.ts";
import { silent } from "../../shared/progress.ts";
import { cacheDirectory } from "../cache-directory.ts";
import type { Engine } from "../engine/engine.ts";
import { engineError } from "../engine/engine-error.ts";
import { findCommand, installObstacle } from "../host-packages.ts";
import { localImage } from "../images/engine-images.ts";
import type { ImageDecision } from "../images/image-set.ts";
import { PLATFORM_IMAGE, platformBuild } from "../images/platform-build.ts";
import { decideSource } from "../images/registry-decision.ts";
import { upstreamOf } from "../images/site-image.ts";
import { Steps } from "../images/steps.ts";
import { PIP } from "../images/stand-ins/envoy.ts";
import { standInFor, UPSTREAM } from "../images/upstream-images.ts";
import { standInRecipe } from "../images/upstream-resolver.ts";
import { findMade, type Workshop } from "../images/workshop.ts";

/** Where a site's images would come from if it were started now. */
export interface ImageSurvey {
  readonly decision: ImageDecision;
  /** Upstream images, by their public names, that are there already, as themselves or as stand-ins. */
  readonly present: readonly string[];
  /** Those that have to be pulled or made first. */
  readonly missing: readonly string[];
  /** Why a missing one can't be had on this machine. */
  readonly obstacles: readonly ImageObstacle[];
}

export interface ImageObstacle {
  readonly image: string;
  readonly why: string;
}

export interface SurveyOptions {
  readonly images: readonly string[];
  readonly builds: Readonly<Record<string, ImageBuild>>;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/**
 * Looks, and makes nothing. The registry is asked only when the engine has not everything already.
 * @throws {SitecarError} USAGE for a wrong `SITECAR_IMAGES`, FILE_NOT_READABLE for a Dockerfile, ENGINE_GONE
 */
export async function surveyImages(engine: Engine, options: SurveyOptions): Promise<ImageSurvey> {
  const workshop = await lookingWorkshop(engine, options);
  const needed = await neededImages(options);
  const pulled = await presentAmong(needed, async (image) => await localImage(engine, image));
  const standIns = await presentAmong(needed, async (image) => {
    const standIn = standInFor(image);
    return standIn && (await findMade(workshop, await standInRecipe(workshop, standIn)));
  });
  const replaceable = needed.filter((image) => standInFor(image) !== undefined);
  const decision = await decideSource(engine, {
    environment: options.environment,
    probe: UPSTREAM.debian,
    signal: options.signal,
    upstreamIsThere: () => Promise.resolve(replaceable.every((image) => pulled.has(image))),
    standInsAreThere: () => Promise.resolve(replaceable.every((image) => standIns.has(image))),
  });
  const there = (image: string): boolean =>
    (decision.source === "stand-in" && standIns.has(image)) ||
    (pulled.has(image) && (decision.source === "registry" || standInFor(image) === undefined));
  const missing = needed.filter((image) => !there(image));
  const base = standInFor(UPSTREAM.debian);
  const baseIsMade =
    base !== undefined && (await findMade(workshop, await standInRecipe(workshop, base))) !== undefined;
  const obstacles =
    decision.source === "registry"
      ? []
      : await Promise.all(missing.map((image) => obstacleOf(image, { ...options, baseIsMade })));
  return {
    decision,
    present: needed.filter(there),
    missing,
    obstacles: obstacles.filter((obstacle) => obstacle !== undefined),
  };
}

async function lookingWorkshop(engine: Engine, { environment, signal }: SurveyOptions): Promise<Workshop> {
  try {
    return {
      engine,
      steps: new Steps(silent, signal),
      architecture: (await engine.docker.version()).Arch,
      environment,
      cacheDirectory: cacheDirectory(environment),
    };
  } catch (error) {
    throw engineError(error, "ask for its architecture");
  }
}

/** What the storage emulator, the platform and the site's images are, or are built from. */
async function neededImages({ images, builds }: SurveyOptions): Promise<readonly string[]> {
  const needed = new Set<string>([UPSTREAM.azurite]);
  for (const build of [platformBuild, ...images.map((image) => builds[image])]) {
    for (const { upstream } of build === undefined ? [] : await upstreamOf(build)) needed.add(upstream);
  }
  for (const image of images) if (image !== PLATFORM_IMAGE && builds[image] === undefined) needed.add(image);
  return [...needed];
}

async function presentAmong(
  images: readonly string[],
  look: (image: string) => Promise<unknown>,
): Promise<ReadonlySet<string>> {
  const found = await Promise.all(images.map(look));
  return new Set(images.filter((_, index) => found[index] !== undefined));
}

async function obstacleOf(
  image: string,
  { environment, baseIsMade }: SurveyOptions & { readonly baseIsMade: boolean },
): Promise<ImageObstacle | undefined> {
  const standIn = standInFor(image);
  if (standIn === undefined) {
    return { image, why: "it is not on the engine, no registry answers, and no stand-in is known" };
  }
  if (standIn.kind === "daprd" || standIn.kind === "toxiproxy") {
    if ((await findCommand("go", environment)) !== undefined || toolchainIsServed()) return undefined;
    const platform = `${process.platform}-${process.arch}`;
    return { image, why: `Go is not on the PATH, and none is served for ${platform}` };
  }
  // All others stand on the Debian base.
  const commands = [
    ...(baseIsMade ? [] : ["mmdebstrap"]),
    ...(standIn.kind === "envoy" ? [PIP.command] : []),
  ];
  const found = await Promise.all(commands.map((command) => findCommand(command, environment)));
  const absent = commands.find((_, index) => found[index] === undefined);
  const why = absent && (await installObstacle(environment));
  return why === undefined ? undefined : { image, why: `${absent} is not installed, and ${why}` };
}

/** Platforms for which a pinned Go toolchain is fetched from the module proxy. */
function toolchainIsServed(): boolean {
  return process.platform === "linux" && (process.arch === "x64" || process.arch === "arm64");
}
