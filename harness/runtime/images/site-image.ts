import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ImageBuild } from "../../definition/site-definition.ts";
import { SitecarError } from "../../errors/index.ts";
import { lockFile } from "../file-lock.ts";
import { runOnHost } from "../host-command.ts";
import type { PreparedImage } from "../prepared-image.ts";
import { contextEntries, tarOf } from "./build-context.ts";
import { contentHash } from "./content-hash.ts";
import { imageArguments, type ImageArgument } from "./dockerfile-arguments.ts";
import { buildOnEngine, VIRTUAL_TIME_LABEL } from "./engine-images.ts";
import { proxyArguments } from "./proxy-arguments.ts";
import { makeImage, type MadeImage, type Workshop } from "./workshop.ts";

/** The upstream images that a build's Dockerfile is made from. */
export async function upstreamOf(build: ImageBuild): Promise<readonly ImageArgument[]> {
  return imageArguments(await readDockerfile(build));
}

/**
 * Builds an image from its Dockerfile, unless the engine has it with the same files, the same upstream images and the
 * same Dockerfile.
 *
 * @param upstream gives the prepared image for an upstream's public name
 */
export async function makeSiteImage(
  workshop: Workshop,
  requested: string,
  build: ImageBuild,
  upstream: (reference: string) => Promise<PreparedImage>,
): Promise<PreparedImage> {
  const name = localName(requested);
  // Two processes must not bundle into the same directory while one of them reads it.
  await using held = new AsyncDisposableStack();
  held.use(
    await lockFile(`context-${name}`, {
      directory: join(workshop.cacheDirectory, "locks"),
      signal: workshop.steps.signal,
    }),
  );
  await prepareContext(workshop, name, build);
  const coming = (await upstreamOf(build)).map(async (argument) => ({
    argument,
    image: await upstream(argument.upstream),
  }));
  const bases = await Promise.all(coming);
  const entries = await contextEntries(build.context, [...new Set([build.dockerfile, ...build.include])]);
  const hash = await contentHash({
    values: {
      recipe: "1",
      dockerfile: build.dockerfile,
      ...Object.fromEntries(bases.map(({ argument, image }) => [`argument ${argument.name}`, image.id])),
    },
    entries,
  });
  const virtual = bases.find((base) => base.image.virtualTime === true);
  const image: MadeImage = {
    name: virtual === undefined ? name : `${name}-virtual-time`,
    hash,
    requested,
    origin: "built",
    reason: `built from ${build.dockerfile}${virtual === undefined ? "" : `, with ${virtual.argument.name} for virtual time`}`,
    ...(virtual === undefined ? {} : { virtualTime: true }),
  };
  return await makeImage(workshop, image, (step, labels) => {
    step.say(`the engine builds ${requested}`);
    return buildOnEngine(workshop.engine, {
      context: tarOf(entries),
      dockerfile: build.dockerfile,
      buildArguments: {
        ...proxyArguments(workshop.environment),
        ...Object.fromEntries(bases.map(({ argument, image: base }) => [argument.name, base.reference])),
      },
      labels: {
        ...labels,
        ...(virtual === undefined ? {} : { [VIRTUAL_TIME_LABEL]: virtual.argument.upstream }),
      },
      signal: step.signal,
      onOutput: (text) => step.output(text),
    });
  });
}

async function prepareContext(workshop: Workshop, name: string, build: ImageBuild): Promise<void> {
  const [file, ...args] = build.prepare ?? [];
  if (file === undefined) return;
  await workshop.steps.run(`prepare ${name}`, async (step) => {
    step.say([file, ...args].join(" "));
    await runOnHost([file, ...args], { cwd: build.context, signal: step.signal, tail: step.tail });
    return { value: undefined, detail: `files of ${name} are ready` };
  });
}

async function readDockerfile(build: ImageBuild): Promise<string> {
  const path = join(build.context, build.dockerfile);
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new SitecarError("FILE_NOT_READABLE", {
      message: `the Dockerfile ${path} can't be read.`,
      observations: [{ label: "system", value: error instanceof Error ? error.message : String(error) }],
      remedy: "correct the build's `context` or `dockerfile`.",
      cause: error,
    });
  }
}

/** `registry.example/team/app:1` → `app`: the last part of the name, in the characters that the engine allows. */
function localName(requested: string): string {
  const path = requested.replace(/@.*$/, "").replace(/:[^/]*$/, "");
  const last = path.split("/").at(-1) ?? "";
  return (
    last
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, "-")
      .replaceAll(/^-|-$/g, "") || "image"
  );
}
