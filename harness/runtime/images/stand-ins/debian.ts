import { createReadStream } from "node:fs";
import { access } from "node:fs/promises";
import { join } from "node:path";
import type { PreparedImage } from "../../prepared-image.ts";
import { installPackages } from "../../host-packages.ts";
import { runOnHost } from "../../host-command.ts";
import { contextEntries } from "../build-context.ts";
import { contentHash } from "../content-hash.ts";
import { importOntoEngine } from "../engine-images.ts";
import { UPSTREAM } from "../upstream-images.ts";
import { makeImage, workDirectory, type MadeImage, type Workshop } from "../workshop.ts";
import { recipeDirectory } from "./recipe-files.ts";

const SUITE = "bookworm";

/** Default of `SITECAR_DEBIAN_MIRROR`; it becomes the image's own package source. */
const PUBLIC_MIRROR = "http://deb.debian.org";

/** `debian:bookworm-slim` as mmdebstrap makes it from Debian's archive. */
export async function debianRecipe(workshop: Workshop): Promise<MadeImage> {
  const directory = recipeDirectory("debian");
  const hash = await contentHash({
    values: { recipe: "3", architecture: workshop.architecture, mirror: mirrorOf(workshop) },
    entries: await contextEntries(directory, ["."]),
  });
  return {
    name: "debian",
    hash,
    requested: UPSTREAM.debian,
    origin: "stand-in",
    reason: "stand-in: Debian bookworm's minbase from its package archive, without documentation and locales",
  };
}

export async function makeDebian(workshop: Workshop): Promise<PreparedImage> {
  const image = await debianRecipe(workshop);
  return makeImage(workshop, image, async (step, labels) => {
    const recipe = recipeDirectory("debian");
    await installPackages(["mmdebstrap", "debian-archive-keyring"], {
      unlessCommand: "mmdebstrap",
      purpose: "to make a Debian base image",
      environment: workshop.environment,
      signal: step.signal,
      tail: step.tail,
      say: (detail) => step.say(detail),
    });
    await using work = await workDirectory(workshop, "debian");
    const archive = join(work.path, "root.tar");
    step.say("mmdebstrap unpacks Debian's minbase");
    await runOnHost(
      [
        "mmdebstrap",
        "--variant=minbase",
        // Would take the file away again that the customize hook puts there.
        "--skip=chroot/policy-rc.d",
        ...(await mergedFromTheStart()),
        `--architectures=${workshop.architecture}`,
        `--dpkgopt=${join(recipe, "dpkg.conf")}`,
        `--aptopt=${join(recipe, "apt.conf")}`,
        `--customize-hook=${join(recipe, "customize.sh")}`,
        SUITE,
        archive,
        ...sourcesOf(workshop),
      ],
      {
        environment: { TMPDIR: work.path, LC_ALL: "C.UTF-8" },
        signal: step.signal,
        tail: step.tail,
      },
    );
    step.say("the engine imports the base");
    return await importOntoEngine(workshop.engine, createReadStream(archive), {
      changes: ['CMD ["bash"]', ...Object.entries(labels).map(([name, value]) => `LABEL ${name}=${value}`)],
      signal: step.signal,
    });
  });
}

/**
 * bookworm has /bin, /lib and /sbin inside /usr. Without this hook a package converts them afterwards, and stays in the
 * image with 80 MB of Perl. Later mmdebstraps have no such hook and need none.
 */
async function mergedFromTheStart(): Promise<readonly string[]> {
  const hooks = "/usr/share/mmdebstrap/hooks/merged-usr";
  const there = await access(hooks).then(
    () => true,
    () => false,
  );
  return there ? ["--include=usr-is-merged", `--hook-dir=${hooks}`] : [];
}

function mirrorOf({ environment }: Workshop): string {
  return environment["SITECAR_DEBIAN_MIRROR"] || PUBLIC_MIRROR;
}

function sourcesOf(workshop: Workshop): readonly string[] {
  const mirror = mirrorOf(workshop).replace(/\/+$/, "");
  return [
    `deb ${mirror}/debian ${SUITE} main`,
    `deb ${mirror}/debian ${SUITE}-updates main`,
    `deb ${mirror}/debian-security ${SUITE}-security main`,
  ];
}
