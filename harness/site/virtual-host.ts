import type { SiteDefinition } from "../definition/site-definition.ts";
import { SitecarError } from "../errors/index.ts";
import { imageOf } from "../plan/container-image.ts";
import { upstreamOf } from "../runtime/images/site-image.ts";
import { standInFor } from "../runtime/images/upstream-images.ts";
import type { Host } from "./host.ts";

/**
 * Each Dapr sidecar runs a daprd that the one for virtual time can take the place of: it is Dapr's own image at a released
 * version, or is built here from a Dockerfile that takes that image as an argument.
 * @param images in place of the sites' own, by container name
 * @throws {SitecarError} VIRTUAL_TIME_NOT_POSSIBLE, FILE_NOT_READABLE
 */
export async function checkReplaceable(
  definitions: readonly SiteDefinition[],
  images: Readonly<Record<string, string>> = {},
): Promise<void> {
  for (const { siteContainers, daprSidecars, builds } of definitions) {
    for (const container of siteContainers) {
      if (!daprSidecars.some((sidecar) => sidecar.container === container.name)) continue;
      const image = imageOf(container, images);
      const build = builds[image];
      const upstream =
        build === undefined ? [image] : (await upstreamOf(build)).map((argument) => argument.upstream);
      if (upstream.some((reference) => standInFor(reference)?.kind === "daprd")) continue;
      throw new SitecarError("VIRTUAL_TIME_NOT_POSSIBLE", {
        message: `the daprd of the container "${container.name}" can't be replaced by the one whose cron follows virtual time.`,
        observations: [
          { label: "image", value: image },
          ...(build === undefined
            ? []
            : [
                {
                  label: "Dockerfile",
                  value: `${build.dockerfile} takes: ${upstream.join(", ") || "no image"}`,
                },
              ]),
        ],
        remedy:
          "use daprio/daprd:<released version>, or say in the site's `builds` how the image is built from a Dockerfile with `ARG DAPRD_IMAGE=daprio/daprd:<version>`; or run the site without virtual time.",
      });
    }
  }
}

/** A host's daprds follow virtual time, or none of them does. @throws {SitecarError} USAGE where the run wants the other. */
export function checkHostTime({ virtualTime }: Pick<Host, "virtualTime">, wanted: boolean): void {
  if (virtualTime === wanted) return;
  throw new SitecarError("USAGE", {
    message: wanted
      ? "the run is to have virtual time, and its host was not prepared for it."
      : "the host was prepared for virtual time, and the run is to have none.",
    remedy: `prepare it with \`prepareHost(sites, { virtualTime: ${wanted} })\`.`,
  });
}
