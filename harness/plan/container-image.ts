import type { SiteContainer } from "../definition/site-definition.ts";
import type { Difference } from "./site-plan.ts";

/** The image that a container runs: the one given in place of its own, if there is one. */
export function imageOf(
  { name, properties }: SiteContainer,
  images: Readonly<Record<string, string>> = {},
): string {
  return Object.hasOwn(images, name) ? (images[name] ?? properties.image) : properties.image;
}

export function imageDifferences({ name, properties }: SiteContainer, image: string): Difference[] {
  if (image === properties.image) return [];
  return [
    {
      subject: name,
      what: `image ${properties.image} replaced by ${image}`,
      why: "the caller of this run asked for it",
    },
  ];
}
