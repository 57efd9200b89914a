import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { isComponentFileName } from "../dapr/component-files.ts";
import type { SiteDefinition } from "../definition/site-definition.ts";
import { SitecarError } from "../errors/index.ts";
import type { PlannedFile } from "../plan/site-plan.ts";

/**
 * The component files that a site names for a sidecar, to be placed.
 * @throws {SitecarError} USAGE where it names none, FILE_NOT_READABLE
 */
export async function readComponentTexts(
  site: SiteDefinition,
  container: string,
): Promise<readonly PlannedFile[]> {
  const places = componentPlaces(site, container);
  try {
    const files = await Promise.all(places.map(filesAt));
    return await Promise.all(
      files.flat().map(async (file) => ({ path: file, content: await readFile(file, "utf8"), mode: 0o644 })),
    );
  } catch (error) {
    throw new SitecarError("FILE_NOT_READABLE", {
      message: `the component files of "${container}" can't be read.`,
      observations: [{ label: "system", value: error instanceof Error ? error.message : String(error) }],
      remedy: "correct the site's `daprSidecars[].componentFiles`.",
      cause: error,
    });
  }
}

/**
 * Where a site says that a sidecar's component files lie: files and folders.
 * @throws {SitecarError} USAGE where it does not say.
 */
export function componentPlaces(site: SiteDefinition, container: string): readonly string[] {
  const places = site.daprSidecars.find((one) => one.container === container)?.componentFiles ?? [];
  if (places.length > 0) return places;
  throw new SitecarError("USAGE", {
    message: `the site "${site.name}" does not say where the component files of "${container}" lie.`,
    remedy: "name them in the site's `daprSidecars[].componentFiles`.",
  });
}

async function filesAt(place: string): Promise<readonly string[]> {
  if (!(await stat(place)).isDirectory()) return [place];
  const names = await readdir(place);
  return names.filter(isComponentFileName).map((name) => path.join(place, name));
}
