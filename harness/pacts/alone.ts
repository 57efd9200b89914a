import type { SiteContainer, SiteDefinition } from "../definition/site-definition.ts";
import { SitecarError } from "../errors/index.ts";
import type { PlannedFile } from "../plan/site-plan.ts";
import { STAND_IN_MAIN_IMAGE } from "../plan/stand-in-main.ts";
import type { StartSiteOptions } from "../site/start-site.ts";
import type { RecordedFrom } from "./pact-file.ts";
import { RELAY_PATH, RELAY_PORT, RELAY_PROGRAM } from "./relay-program.ts";

/** A site of which one side is real, and a relay stands in the other's place. */
export interface SideAlone {
  readonly definition: SiteDefinition;
  readonly options: Pick<StartSiteOptions, "files" | "images" | "schedule">;
}

const RELAY_FILE: PlannedFile = { path: RELAY_PATH, content: RELAY_PROGRAM, mode: 0o644 };
/** So much later than its sidecar, which is a relay and up at once, main starts: mains look for it every few seconds. */
const MAIN_LATER_MS = 1000;

/** The site's main without a daprd, and so without storage. `image`: in the place of its own. */
export function mainAlone(
  site: SiteDefinition,
  { main, sidecar, daprPort = 3500 }: RecordedFrom,
  image: string | undefined,
): SideAlone {
  const container = containerOf(site, main);
  return {
    definition: {
      ...site,
      siteContainers: [container, relay(sidecar, daprPort)],
      daprSidecars: [],
      storageAccounts: [],
      observedPorts: [RELAY_PORT],
    },
    options: {
      files: { [sidecar]: [RELAY_FILE] },
      schedule: { [main]: MAIN_LATER_MS },
      ...(image === undefined ? {} : { images: { [main]: image } }),
    },
  };
}

export interface SidecarAloneOptions {
  /** Of daprd; its own image with the site's component files is then run. */
  readonly version?: string;
  /** In the place of the site's sidecar; it holds its components itself. */
  readonly image?: string;
  /** The component files to be placed, for a `version`, or over an image's own. */
  readonly components: readonly PlannedFile[];
}

/** Where components lie when daprd's own image is run. */
export const COMPONENTS_PATH = "/components";

/** The site's sidecar with its storage and identity, and without its main. */
export function sidecarAlone(
  site: SiteDefinition,
  from: RecordedFrom,
  { version, image, components }: SidecarAloneOptions,
): SideAlone {
  const { main, sidecar, appPort = 9000, appId = main } = from;
  const known = containerOf(site, sidecar);
  const bare: SiteContainer = {
    name: sidecar,
    properties: {
      image: `daprio/daprd:${version}`,
      isMain: false,
      startUpCommand: `/daprd --app-id ${appId} --app-port ${appPort} --resources-path ${COMPONENTS_PATH} --log-as-json`,
    },
  };
  return {
    definition: {
      ...site,
      siteContainers: [relay(main, appPort, true), version === undefined ? known : bare],
      daprSidecars: [],
      observedPorts: [RELAY_PORT],
    },
    options: {
      files: { [main]: [RELAY_FILE], [sidecar]: components },
      ...(image === undefined ? {} : { images: { [sidecar]: image } }),
    },
  };
}

function relay(name: string, port: number, isMain = false): SiteContainer {
  return {
    name,
    properties: {
      image: STAND_IN_MAIN_IMAGE,
      isMain,
      ...(isMain ? { targetPort: String(port) } : {}),
      startUpCommand: `node ${RELAY_PATH} ${port} ${RELAY_PORT}`,
    },
  };
}

function containerOf({ name, siteContainers }: SiteDefinition, wanted: string): SiteContainer {
  const found = siteContainers.find((container) => container.name === wanted);
  if (found !== undefined) return found;
  throw new SitecarError("CONTAINER_UNKNOWN", {
    message: `the site "${name}" has no container "${wanted}", which the contract was recorded with.`,
    observations: [{ label: "known", value: siteContainers.map((one) => one.name).join(", ") }],
    remedy: "name the site that the contract was recorded from, or record it anew.",
  });
}
