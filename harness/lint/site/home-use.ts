import type { LoadedSite } from "../../definition/loaded-site.ts";
import type { Place } from "../../definition/problems.ts";
import { placeOf } from "./site-view.ts";

/** A use of the persistent share `/home` (A5.1). */
export interface HomeUse {
  readonly place: Place;
  /** For a sentence: `a volume of "main"`. */
  readonly what: string;
  readonly path: string;
}

/** Where the site relies on `/home`. `/home/LogFiles` is the platform's, also while storage is off (A5.1). */
export function homeUses(site: LoadedSite): HomeUse[] {
  const uses: HomeUse[] = [];
  const add = (place: Place, what: string, path: string): void => {
    if (!/^\/home\/LogFiles(?:\/|$)/i.test(path)) uses.push({ place, what, path });
  };
  for (const { name, properties } of site.definition.siteContainers) {
    for (const [index, { volumeSubPath }] of (properties.volumeMounts ?? []).entries()) {
      if (!isPersistent(volumeSubPath)) continue;
      add(
        placeOf(site, "siteContainers", name, "volumeMounts", String(index)),
        `a volume of "${name}"`,
        volumeSubPath,
      );
    }
    for (const [, path = ""] of (properties.startUpCommand ?? "").matchAll(
      /(?<=^|[\s"'=:;&|(])(\/home\/[^\s"';&|)]*)/g,
    )) {
      add(placeOf(site, "siteContainers", name, "startUpCommand"), `the start-up command of "${name}"`, path);
    }
  }
  for (const { container, resourcesPath } of site.definition.daprSidecars) {
    if (!isPersistent(resourcesPath)) continue;
    add(
      placeOf(site, "siteContainers", container),
      `daprd's resources path in "${container}"`,
      resourcesPath,
    );
  }
  return uses;
}

/** Whether a path is on the persistent share. */
export function isPersistent(path: string): boolean {
  return /^\/?home(?:\/|$)/.test(path);
}
