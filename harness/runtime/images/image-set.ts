import type { ImageBuild } from "../../definition/site-definition.ts";
import type { ProgressSink } from "../../shared/progress.ts";
import type { PreparedImage } from "../prepared-image.ts";

/** Where upstream images come from in this run, and why. */
export interface ImageDecision {
  readonly source: "registry" | "stand-in";
  /** One sentence for the user. */
  readonly reason: string;
}

/** Every image that a run needs, on the engine and ready. */
export interface ImageSet {
  /**
   * The image for a name that was asked for.
   * @throws SitecarError `IMAGE_NOT_FOUND` for a name that was not among those prepared
   */
  of(requested: string): PreparedImage;
  /** All that were asked for, in that order. */
  readonly requested: readonly PreparedImage[];
  /** The platform container's image. */
  readonly platform: PreparedImage;
  /** The storage emulator's image (Azurite). */
  readonly storage: PreparedImage;
  readonly decision: ImageDecision;
}

export interface PrepareImagesOptions {
  /** Image names as the site's containers have them. */
  readonly images: readonly string[];
  /** How the images that are not pulled are built. */
  readonly builds: Readonly<Record<string, ImageBuild>>;
  /** daprd is the one whose cron follows virtual time. Default false. */
  readonly virtualTime?: boolean | undefined;
  /** Default: nothing is told. */
  readonly progress?: ProgressSink | undefined;
  readonly signal?: AbortSignal | undefined;
  /**
   * Read: `SITECAR_IMAGES` (`registry` or `stand-in`), `SITECAR_DAPRD` (`full`), `SITECAR_DEBIAN_MIRROR`,
   * `SITECAR_CACHE_DIR`, proxy and Go variables. Default `process.env`.
   */
  readonly environment?: NodeJS.ProcessEnv | undefined;
}
