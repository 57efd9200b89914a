import type { SiteDefinition } from "../definition/site-definition.ts";
import { imageOf } from "../plan/make-plan.ts";
import { connectEngine } from "../runtime/engine/connect-engine.ts";
import type { Engine } from "../runtime/engine/engine.ts";
import { prepareImages, type ImageSet } from "../runtime/images/prepare-images.ts";
import { removeDeadRuns, type Leftover } from "../runtime/leftovers.ts";
import { startReaper } from "../runtime/reaper.ts";
import { StartTimes } from "./start-times.ts";
import { silent, type ProgressSink } from "../shared/progress.ts";

/** A machine on which sites of one definition can be started: an engine that answers, and their images. */
export interface Host {
  readonly engine: Engine;
  readonly images: ImageSet;
  /** Of testcontainers' reaper, where there is one; containers are labelled with it. */
  readonly reaperSession: string | undefined;
  /** What runs of dead processes had left, and is removed now. */
  readonly removed: readonly Leftover[];
  /** How long its engine takes to start a container, as far as it is known. */
  readonly startTimes: StartTimes;
}

export interface PrepareHostOptions {
  /** Images in place of the sites' own, by container name. */
  readonly images?: Readonly<Record<string, string>>;
  readonly progress?: ProgressSink;
  readonly signal?: AbortSignal;
}

/**
 * Finds or installs the engine, removes what dead runs left, and makes or pulls every image that the definitions name.
 * @throws {SitecarError} ENGINE_NOT_FOUND, ENGINE_START_FAILED, ENGINE_TOO_OLD, IMAGE_NOT_FOUND, IMAGE_BUILD_FAILED, NO_SPACE
 */
export async function prepareHost(
  definitions: readonly SiteDefinition[],
  options: PrepareHostOptions = {},
): Promise<Host> {
  const progress = options.progress ?? silent;
  const common = { progress, ...(options.signal === undefined ? {} : { signal: options.signal }) };
  const engine = await connectEngine(common);
  const removed = await removeDeadRuns(engine);
  const images = await prepareImages(engine, {
    ...common,
    images: [
      ...new Set(
        definitions.flatMap(({ siteContainers }) =>
          siteContainers.map((container) => imageOf(container, options.images)),
        ),
      ),
    ],
    builds: Object.assign({}, ...definitions.map(({ builds }) => builds)),
  });
  const reaperSession = await startReaper(images.decision);
  return { engine, images, removed, reaperSession, startTimes: new StartTimes() };
}
