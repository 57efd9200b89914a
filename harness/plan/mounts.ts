import type { AppSetting, SiteContainer, VolumeMount } from "../definition/site-definition.ts";
import { SitecarError } from "../errors/index.ts";
import type { PlannedMount } from "./site-plan.ts";

/** Where the site's persistent share is in every container (A5.1). */
const HOME = "/home";
/** What is the platform's there also where the share is off (A5.1). */
const LOG_FILES = "/home/LogFiles";

const STORAGE_SETTING = "WEBSITES_ENABLE_APP_SERVICE_STORAGE";

/** Whether `/home` is the site's share: unless the app setting says `false`, in any case (A5.1). */
export function isHomeShared(appSettings: readonly AppSetting[]): boolean {
  return !appSettings.some(
    ({ name, value }) => name.toUpperCase() === STORAGE_SETTING && value.trim().toLowerCase() === "false",
  );
}

/**
 * What a container sees of the site's shared directories: `/home`, and its `volumeMounts` (A5.2). A sub path under
 * `/home` is the persistent share; where that is off it is a directory of the local volume like any other (a guess).
 * @throws {SitecarError} SPEC_INVALID for paths that leave their place, that are mounted twice, or that are the platform's.
 */
export function planMounts(
  { name, properties }: SiteContainer,
  { homeShared }: { readonly homeShared: boolean },
): readonly PlannedMount[] {
  const platforms: PlannedMount = homeShared
    ? { path: HOME, tree: "home", subPath: "", readOnly: false }
    : { path: LOG_FILES, tree: "logs", subPath: "", readOnly: false };
  const mounts = [platforms];
  for (const mount of properties.volumeMounts ?? []) {
    const planned = planMount(name, mount, homeShared);
    const taken = mounts.find(({ path }) => path === planned.path);
    if (taken !== undefined) throw mountedTwice(name, mount, taken === platforms);
    mounts.push(planned);
  }
  return mounts;
}

function planMount(container: string, mount: VolumeMount, homeShared: boolean): PlannedMount {
  const { volumeSubPath, containerMountPath } = mount;
  if (!containerMountPath.startsWith("/")) {
    throw refused(container, `containerMountPath "${containerMountPath}" is no absolute path.`);
  }
  const path = `/${partsOf(container, "containerMountPath", containerMountPath).join("/")}`;
  if (path === "/") throw refused(container, "containerMountPath is the container's root.");
  const [first, ...rest] = partsOf(container, "volumeSubPath", volumeSubPath);
  const readOnly = mount.readOnly ?? false;
  if (first === "home" && homeShared) return { path, tree: "home", subPath: rest.join("/"), readOnly };
  const subPath = first === undefined ? "" : [first, ...rest].join("/");
  return { path, tree: "local", subPath, readOnly };
}

/** A path's parts, without empty ones and dots: `/a//./b/` and `a/b` are the same directory. */
function partsOf(container: string, property: string, path: string): string[] {
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) throw refused(container, `${property} "${path}" goes up with "..".`);
  if (path.includes("\0")) throw refused(container, `${property} ${JSON.stringify(path)} has a zero byte.`);
  return parts;
}

function mountedTwice(
  container: string,
  { containerMountPath }: VolumeMount,
  byPlatform: boolean,
): SitecarError {
  return refused(
    container,
    byPlatform
      ? `containerMountPath "${containerMountPath}" is where the platform mounts its own.`
      : `containerMountPath "${containerMountPath}" is mounted twice.`,
  );
}

function refused(container: string, what: string): SitecarError {
  return new SitecarError("SPEC_INVALID", {
    message: `a volume mount of the container "${container}" can't be: ${what}`,
    remedy: "mount each sub path of the volume at an absolute path of its own, below / and beside /home.",
  });
}
