import { SitecarError } from "../../errors/index.ts";
import { Deadline } from "../../shared/clock.ts";
import type { Engine } from "../engine/engine.ts";
import type { ImageDecision } from "./image-set.ts";

/** How long the engine may take to say whether a registry answers. */
const PROBE_BUDGET_MS = 15_000;

export interface DecideSourceOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** An upstream image; its registry is the one that is asked. */
  readonly probe: string;
  /** True when the engine holds every upstream image that is needed. */
  readonly upstreamIsThere: () => Promise<boolean>;
  /** True when the engine holds every stand-in that is needed. */
  readonly standInsAreThere: () => Promise<boolean>;
  readonly signal: AbortSignal;
}

/**
 * Decides for a whole run whether upstream images are pulled or made from packages. `SITECAR_IMAGES` has the first
 * word; then what the engine already has, so that a warm start asks nobody; then the registry itself.
 *
 * @throws SitecarError `USAGE` when `SITECAR_IMAGES` holds another word
 */
export async function decideSource(engine: Engine, options: DecideSourceOptions): Promise<ImageDecision> {
  const forced = options.environment["SITECAR_IMAGES"];
  if (forced === "registry" || forced === "stand-in") {
    return { source: forced, reason: `SITECAR_IMAGES=${forced} says so` };
  }
  if (forced) {
    throw new SitecarError("USAGE", {
      message: `SITECAR_IMAGES is "${forced}".`,
      remedy: 'set it to "registry" or "stand-in", or leave it out.',
    });
  }
  if (await options.upstreamIsThere()) {
    return { source: "registry", reason: "the engine has the upstream images" };
  }
  if (await options.standInsAreThere()) {
    return { source: "stand-in", reason: "the engine has stand-ins from an earlier run" };
  }
  const obstacle = await registryObstacle(engine, options.probe, options.signal);
  return obstacle === undefined
    ? { source: "registry", reason: "the registry answers" }
    : { source: "stand-in", reason: `no registry: ${obstacle}` };
}

/** Asks the registry for the image through the engine, as a pull would. */
async function registryObstacle(
  engine: Engine,
  reference: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const deadline = Deadline.in(PROBE_BUDGET_MS);
  try {
    await engine.docker
      .getImage(reference)
      .distribution({ abortSignal: AbortSignal.any([signal, deadline.signal()]) });
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (deadline.passed) return `it did not answer within ${PROBE_BUDGET_MS / 1000} s`;
    return oneLine(error);
  }
}

function oneLine(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return words.replaceAll(/\s+/g, " ").trim();
}
