import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Engine } from "../engine/engine.ts";
import { lockFile } from "../file-lock.ts";
import type { PreparedImage } from "../prepared-image.ts";
import { identify } from "../../shared/process-identity.ts";
import { HASH_LABEL, IMAGE_LABEL, localImage, tagImage } from "./engine-images.ts";
import type { Step, StepOutcome, Steps } from "./steps.ts";

/** Everything that making an image takes. */
export interface Workshop {
  readonly engine: Engine;
  readonly steps: Steps;
  /** The engine's architecture in Go's and Debian's words: `amd64` or `arm64`. */
  readonly architecture: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly cacheDirectory: string;
}

/** An image that is made here, identified by a hash over all that decides what comes out. */
export interface MadeImage {
  /** Last part of `sitecar/<name>:<hash>`. */
  readonly name: string;
  readonly hash: string;
  readonly requested: string;
  readonly origin: "stand-in" | "built";
  readonly reason: string;
  /** Its daprd follows virtual time. */
  readonly virtualTime?: true;
}

/**
 * The image, from the engine when it has one with this hash, else made. Of several processes one makes it and the
 * others wait. The final tag is given last, so that it never names something half-made.
 *
 * @param make builds with the labels given and hands back the image's id
 */
export function makeImage(
  workshop: Workshop,
  image: MadeImage,
  make: (step: Step, labels: Readonly<Record<string, string>>) => Promise<string>,
): Promise<PreparedImage> {
  const reference = referenceOf(image);
  return workshop.steps.run(`image ${image.name}`, async (step): Promise<StepOutcome<PreparedImage>> => {
    const before = await findMade(workshop, image);
    if (before !== undefined) return { value: before, detail: reference, state: "cached" };
    await using held = new AsyncDisposableStack();
    held.use(
      await lockFile(`image-${image.name}-${image.hash}`, {
        directory: join(workshop.cacheDirectory, "locks"),
        signal: step.signal,
        onWait: ({ pid }) => step.say(`waiting for process ${pid}, which makes the same image`),
      }),
    );
    const meanwhile = await findMade(workshop, image);
    if (meanwhile !== undefined) return { value: meanwhile, detail: reference, state: "cached" };
    const id = await make(step, { [IMAGE_LABEL]: image.name, [HASH_LABEL]: image.hash });
    step.signal.throwIfAborted();
    await tagImage(workshop.engine, id, reference);
    return { value: prepared(image, { id, digests: [] }), detail: `${image.reason} → ${reference}` };
  });
}

/** The image when the engine already has it. */
export async function findMade(workshop: Workshop, image: MadeImage): Promise<PreparedImage | undefined> {
  const found = await localImage(workshop.engine, referenceOf(image));
  return found && prepared(image, found);
}

/** A directory for half-done work, gone when the scope is left; what dead processes left goes first. */
export async function workDirectory(
  workshop: Workshop,
  name: string,
): Promise<AsyncDisposable & { readonly path: string }> {
  const parent = join(workshop.cacheDirectory, "work");
  await mkdir(parent, { recursive: true });
  for (const left of await readdir(parent)) {
    const pid = Number.parseInt(left, 10);
    if (Number.isNaN(pid) || identify(pid) === undefined) await removeTree(join(parent, left));
  }
  const path = await mkdtemp(join(parent, `${process.pid}-${name}-`));
  return { path, [Symbol.asyncDispose]: () => removeTree(path) };
}

function removeTree(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true, maxRetries: 3 });
}

function referenceOf({ name, hash }: MadeImage): string {
  return `sitecar/${name}:${hash}`;
}

function prepared(
  image: MadeImage,
  { id, digests }: { readonly id: string; readonly digests: readonly string[] },
): PreparedImage {
  const { requested, origin, reason, virtualTime } = image;
  return {
    requested,
    reference: referenceOf(image),
    id,
    origin,
    reason,
    digests,
    ...(virtualTime === undefined ? {} : { virtualTime }),
  };
}
