import type { SiteDefinition } from "../definition/site-definition.ts";
import { imageOf } from "../plan/container-image.ts";
import { connectEngine } from "../runtime/engine/connect-engine.ts";
import type { Engine } from "../runtime/engine/engine.ts";
import { prepareImages, type ImageSet } from "../runtime/images/prepare-images.ts";
import { removeDeadRuns, type Leftover } from "../runtime/leftovers.ts";
import { startReaper } from "../runtime/reaper.ts";
import { StartTimes } from "./start-times.ts";
import { silent, type ProgressSink } from "../shared/progress.ts";
import { checkReplaceable } from "./virtual-host.ts";

/** A machine on which sites of one definition can be started: an engine that answers, and their images. */
export interface Host {
  readonly engine: Engine;
  readonly images: ImageSet;
  /** Of testcontainers' reaper, where there is one; containers are labelled with it. */
  readonly reaperSession: string | undefined;
  /** What runs of dead processes had left, and is removed now. */
  readonly removed: readonly Leftover[];
  /** Its daprds are those whose cron follows virtual time. */
  readonly virtualTime: boolean;
  /** How long its engine takes to start a container, as far as it is known. */
  readonly startTimes: StartTimes;
}

export interface PrepareHostOptions {
  /** Images in place of the sites' own, by container name. */
  readonly images?: Readonly<Record<string, string>>;
  /** daprd is built here, with a cron that follows virtual time. Default false. */
  readonly virtualTime?: boolean;
  readonly progress?: ProgressSink;
  readonly signal?: AbortSignal;
}

/**
 * Finds or installs the engine, removes what dead runs left, and makes or pulls every image that the definitions name.
 * @throws {SitecarError} ENGINE_NOT_FOUND, ENGINE_START_FAILED, ENGINE_TOO_OLD, IMAGE_NOT_FOUND, IMAGE_BUILD_FAILED, NO_SPACE;
 *   VIRTUAL_TIME_NOT_POSSIBLE for a site with a daprd that can't be replaced
 */
export async function prepareHost(
  definitions: readonly SiteDefinition[],
  options: PrepareHostOptions = {},
): Promise<Host> {
  const progress = options.progress ?? silent;
  const virtualTime = options.virtualTime ?? false;
  if (virtualTime) await checkReplaceable(definitions, options.images);
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
    virtualTime,
  });
  const reaperSession = await startReaper(images.decision);
  return { engine, images, removed, reaperSession, virtualTime, startTimes: new StartTimes() };
}
