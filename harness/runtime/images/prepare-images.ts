import { SitecarError } from "../../errors/index.ts";
import { silent } from "../../shared/progress.ts";
import { cacheDirectory } from "../cache-directory.ts";
import type { Engine } from "../engine/engine.ts";
import { engineError } from "../engine/engine-error.ts";
import type { PreparedImage } from "../prepared-image.ts";
import { localImage } from "./engine-images.ts";
import type { ImageDecision, ImageSet, PrepareImagesOptions } from "./image-set.ts";
import { PLATFORM_IMAGE, platformBuild } from "./platform-build.ts";
import { STAND_IN_MAIN_IMAGE } from "../../plan/stand-in-main.ts";
import { decideSource } from "./registry-decision.ts";
import { makeSiteImage, upstreamOf } from "./site-image.ts";
import { standInMainBuild } from "./stand-in-main-build.ts";
import { Steps } from "./steps.ts";
import { standInFor, UPSTREAM } from "./upstream-images.ts";
import { standInRecipe, UpstreamResolver } from "./upstream-resolver.ts";
import { findMade, type Workshop } from "./workshop.ts";

/**
 * Puts every image that a site needs onto the engine: pulled, built from its Dockerfile, or a stand-in made from
 * package registries where no image registry answers. What is there already is used; when all is, nothing but the
 * engine is asked.
 *
 * @throws SitecarError `IMAGE_NOT_FOUND`, `IMAGE_BUILD_FAILED`, `FILE_NOT_READABLE`, `NO_SPACE`, `ENGINE_GONE`,
 * `USAGE` (a wrong `SITECAR_IMAGES`), `RUN_STOPPED` (`signal` aborted)
 */
export async function prepareImages(engine: Engine, options: PrepareImagesOptions): Promise<ImageSet> {
  const progress = options.progress ?? silent;
  const steps = new Steps(progress, options.signal);
  return steps.settle(prepare(engine, options, steps));
}

async function prepare(engine: Engine, options: PrepareImagesOptions, steps: Steps): Promise<ImageSet> {
  const environment = options.environment ?? process.env;
  const workshop: Workshop = {
    engine,
    steps,
    architecture: await architectureOf(engine),
    environment,
    cacheDirectory: cacheDirectory(environment),
  };
  const builds: PrepareImagesOptions["builds"] = {
    ...options.builds,
    [PLATFORM_IMAGE]: platformBuild,
    [STAND_IN_MAIN_IMAGE]: standInMainBuild,
  };
  const images = [...new Set(options.images)];
  const virtualTime = options.virtualTime ?? false;
  const decision = await decide(workshop, images, builds, virtualTime);
  const upstream = new UpstreamResolver(workshop, decision, virtualTime);
  const prepareOne = (requested: string): Promise<PreparedImage> => {
    const build = builds[requested];
    return build === undefined
      ? upstream.prepare(requested)
      : makeSiteImage(workshop, requested, build, (reference) => upstream.prepare(reference));
  };
  const [platform, storage, ...requested] = await Promise.all(
    [PLATFORM_IMAGE, UPSTREAM.azurite, ...images].map(prepareOne),
  );
  if (platform === undefined || storage === undefined)
    throw new TypeError("unreachable: both were asked for");
  return imageSet({ platform, storage, requested, decision });
}

/** Looks only at what this run needs: the storage emulator, and what the Dockerfiles and the site name. */
async function decide(
  workshop: Workshop,
  images: readonly string[],
  builds: PrepareImagesOptions["builds"],
  virtualTime: boolean,
): Promise<ImageDecision> {
  const needed = new Set<string>([UPSTREAM.azurite]);
  for (const image of [PLATFORM_IMAGE, ...images]) {
    const build = builds[image];
    const upstream =
      build === undefined ? [image] : (await upstreamOf(build)).map((argument) => argument.upstream);
    for (const reference of upstream) {
      const standIn = standInFor(reference);
      // The one for virtual time is made here in any case.
      if (standIn !== undefined && !(virtualTime && standIn.kind === "daprd")) needed.add(reference);
    }
  }
  const { engine, environment, steps } = workshop;
  return steps.run("image source", async (step) => {
    step.say("finding out where upstream images come from");
    const value = await decideSource(engine, {
      environment,
      probe: UPSTREAM.debian,
      signal: step.signal,
      upstreamIsThere: () => every(needed, async (reference) => await localImage(engine, reference)),
      standInsAreThere: () =>
        every(needed, async (reference) => {
          const standIn = standInFor(reference);
          return standIn && (await findMade(workshop, await standInRecipe(workshop, standIn)));
        }),
    });
    return { value, detail: `${value.source}: ${value.reason}` };
  });
}

async function every<T>(items: Iterable<T>, look: (item: T) => Promise<unknown>): Promise<boolean> {
  const found = await Promise.all([...items].map(look));
  return found.every((item) => item !== undefined);
}

async function architectureOf(engine: Engine): Promise<string> {
  try {
    return (await engine.docker.version()).Arch;
  } catch (error) {
    throw engineError(error, "ask for its architecture");
  }
}

function imageSet(parts: {
  readonly platform: PreparedImage;
  readonly storage: PreparedImage;
  readonly requested: readonly PreparedImage[];
  readonly decision: ImageDecision;
}): ImageSet {
  return {
    ...parts,
    of(requested) {
      const found = parts.requested.find((image) => image.requested === requested);
      if (found !== undefined) return found;
      throw new SitecarError("IMAGE_NOT_FOUND", {
        message: `the image ${requested} was not among those prepared.`,
        observations: [
          { label: "prepared", value: parts.requested.map((image) => image.requested).join(", ") },
        ],
        remedy: "name every container's image when the images are prepared.",
      });
    },
  };
}

export type { ImageDecision, ImageSet, PrepareImagesOptions } from "./image-set.ts";
