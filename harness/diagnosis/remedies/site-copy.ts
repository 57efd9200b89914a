import type { SiteDefinition } from "../../definition/site-definition.ts";
import { SitecarError } from "../../errors/index.ts";
import type { PlannedFile } from "../../plan/site-plan.ts";

/** A file as it lies in a container before its first start. */
export interface FoundFile {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
  /** For example `0o755`. */
  readonly mode: number;
}

/** The site's containers before their first start; nothing in them runs. */
export interface ContainerContents {
  /** The command that starts it: the image's entrypoint and command. */
  command(container: string): Promise<readonly string[]>;
  /** Regular files below a path, or the file itself. Missing: none. */
  files(container: string, path: string): Promise<readonly FoundFile[]>;
}

/** A copy of a site under change: files stand over the images', by container. */
export interface SiteCopy {
  readonly definition: SiteDefinition;
  readonly files: Readonly<Record<string, readonly PlannedFile[]>>;
}

/** The file as it stands: what is placed over the image's wins. */
export async function readFileOf(
  { files }: SiteCopy,
  contents: ContainerContents,
  container: string,
  path: string,
): Promise<FoundFile | undefined> {
  const placed = files[container]?.findLast((file) => file.path === path);
  if (placed !== undefined) return { path, text: placed.content, mode: placed.mode };
  return (await contents.files(container, path)).find((file) => file.path === path);
}

/** Puts a file over the image's, in place of one that was put there before. */
export function withFile(copy: SiteCopy, container: string, { path, text, mode }: FoundFile): SiteCopy {
  const others = (copy.files[container] ?? []).filter((file) => file.path !== path);
  return {
    ...copy,
    files: { ...copy.files, [container]: [...others, { path, content: text, mode }] },
  };
}

/** Changes one container's properties. @throws {SitecarError} REMEDY_NOT_APPLICABLE for one the site has not. */
export function withProperties(
  copy: SiteCopy,
  container: string,
  change: Partial<SiteDefinition["siteContainers"][number]["properties"]>,
): SiteCopy {
  propertiesOf(copy, container);
  const { definition } = copy;
  return {
    ...copy,
    definition: {
      ...definition,
      siteContainers: definition.siteContainers.map((one) =>
        one.name === container ? { ...one, properties: { ...one.properties, ...change } } : one,
      ),
    },
  };
}

/** @throws {SitecarError} REMEDY_NOT_APPLICABLE for a container that the site has not. */
export function propertiesOf(
  { definition }: SiteCopy,
  container: string,
): SiteDefinition["siteContainers"][number]["properties"] {
  const found = definition.siteContainers.find(({ name }) => name === container);
  if (found !== undefined) return found.properties;
  throw notApplicable(
    `the site has no container "${container}"`,
    "name the files of the site that the run was of.",
  );
}

export function withAppSetting(copy: SiteCopy, name: string, value: string): SiteCopy {
  const others = copy.definition.appSettings.filter((setting) => setting.name !== name);
  return {
    ...copy,
    definition: { ...copy.definition, appSettings: [...others, { name, value }] },
  };
}

/** @param why goes into the message: `the entrypoint is no shell script`. */
export function notApplicable(why: string, remedy: string): SitecarError {
  return new SitecarError("REMEDY_NOT_APPLICABLE", {
    message: `the remedy can't be tried by itself: ${why}.`,
    remedy,
  });
}
