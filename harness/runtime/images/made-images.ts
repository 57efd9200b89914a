import type { Engine } from "../engine/engine.ts";
import { engineError } from "../engine/engine-error.ts";
import { HASH_LABEL, IMAGE_LABEL } from "./engine-images.ts";

/** An image on the engine that sitecar made. */
export interface MadeImageOnEngine {
  readonly name: string;
  readonly id: string;
  readonly tags: readonly string[];
  readonly bytes: number;
  readonly createdAt: string;
}

/** Every image that sitecar made and that is still on the engine, newest first. */
export async function listMadeImages(engine: Engine): Promise<readonly MadeImageOnEngine[]> {
  try {
    const images = await engine.docker.listImages({ filters: { label: [HASH_LABEL] } });
    return images
      .toSorted((a, b) => b.Created - a.Created)
      .map((image) => ({
        name: image.Labels?.[IMAGE_LABEL] ?? "",
        id: image.Id,
        tags: image.RepoTags ?? [],
        bytes: image.Size,
        createdAt: new Date(image.Created * 1000).toISOString(),
      }));
  } catch (error) {
    throw engineError(error, "list images");
  }
}

/** Removes them, those first that others are built from last. @throws {SitecarError} ENGINE_REFUSED while one is in use. */
export async function removeMadeImages(engine: Engine, images: readonly MadeImageOnEngine[]): Promise<void> {
  for (const image of images) {
    try {
      for (const tag of image.tags) await engine.docker.getImage(tag).remove();
      if (image.tags.length === 0) await engine.docker.getImage(image.id).remove();
    } catch (error) {
      throw engineError(error, `remove image ${image.tags[0] ?? image.id}`);
    }
  }
}
