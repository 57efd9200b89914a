import { parseArgsStringToArgv } from "string-argv";

import type { SiteContainer, SiteDefinition } from "../definition/site-definition.ts";
import { SitecarError } from "../errors/index.ts";
import { resolveSchedule } from "../schedule/resolve-schedule.ts";
import type { ScheduleInput } from "../schedule/schedule.ts";
import { didYouMean } from "../shared/nearest.ts";
import { planResources } from "./app-service-plans.ts";
import { environmentOf, explainEnvironment } from "./environment.ts";
import { planIdentity, type IdentityService } from "./identity.ts";
import { isHomeShared, planMounts } from "./mounts.ts";
import type { PlatformSettings } from "./platform-settings.ts";
import { resolveSettings } from "./resolve-settings.ts";
import type {
  ContainerPlan,
  Difference,
  InstanceResources,
  PlannedFile,
  PlannedIdentity,
  PlannedResources,
  SitePlan,
} from "./site-plan.ts";
import { imageDifferences, imageOf } from "./container-image.ts";
import { imagesWithStandIn, planStandIn, type StandInMain } from "./stand-in-main.ts";
import { trustAdditions, type PlannedTrust } from "./trust.ts";
import {
  clockEnvironment,
  planVirtualTime,
  virtualTimeDifferences,
  type PlannedVirtualTime,
} from "./virtual-time.ts";

/** Main's port when it names none (A2.5, a guess). */
const DEFAULT_MAIN_PORT = 80;

/** Below it no container engine starts a container. */
const LEAST_MEMORY = 6 * 1024 ** 2;

export interface PlanOptions {
  readonly runId: string;
  /** 64 hex digits. */
  readonly instanceId: string;
  /** How the site's identities are served; `null`: not served, whatever the definition says. */
  readonly identity: IdentityService | null;
  /** The run's certificate authority; `null`: none, for a run without TLS of our own. */
  readonly trust: PlannedTrust | null;
  /** Default: all at 0; storage is up before. */
  readonly schedule?: ScheduleInput;
  /** Files placed over a container's image, by container name; each is listed as a difference. */
  readonly files?: Readonly<Record<string, readonly PlannedFile[]>>;
  /** Images in place of the site's own, by container name; each is listed as a difference. */
  readonly images?: Readonly<Record<string, string>>;
  /** The harness's own program in the place of a container; listed as a difference. */
  readonly standIn?: StandInMain;
  /** Wins over the site's app settings. */
  readonly settings?: Partial<PlatformSettings>;
  /** What an instance has, whatever the site's App Service plan is. Default: the plan's; without one no limits (A3.10). */
  readonly resources?: InstanceResources;
  /** Cron follows virtual time from then on. Default: it goes by this machine's clock. */
  readonly virtualTimeFrom?: Date;
}

/**
 * Everything about one run that can be decided before the engine is asked. Pure: same input, same plan; ids come in.
 * @throws {SitecarError} SPEC_INVALID for a site without exactly one main container or with platform settings out of
 *   range, SCHEDULE_UNKNOWN_CONTAINER, SCHEDULE_INVALID, PLAN_UNKNOWN, CONTAINER_UNKNOWN for files, an
 *   image or a stand-in of a container the site has not; USAGE for a stand-in without a port; VIRTUAL_TIME_NOT_POSSIBLE for a
 *   site without a Dapr sidecar.
 */
export function makePlan(definition: SiteDefinition, options: PlanOptions): SitePlan {
  checkMode(definition);
  const main = findMain(definition);
  const mainPort = portOf(main) ?? DEFAULT_MAIN_PORT;
  const names = definition.siteContainers.map(({ name }) => name);
  checkContainerNames("files are given", options.files ?? {}, names);
  checkContainerNames("an image is given", options.images ?? {}, names);
  checkContainerNames("a stand-in is asked", imagesWithStandIn({}, options.standIn) ?? {}, names);
  const identity = options.identity && planIdentity(definition.identity, options.identity);
  const resources = resourcesOf(definition, options);
  const virtualTime =
    options.virtualTimeFrom &&
    planVirtualTime(options.virtualTimeFrom, definition.daprSidecars, [
      ...publishedPorts(definition, mainPort),
      ...definition.siteContainers.flatMap((container) => portOf(container) ?? []),
    ]);
  const planned = definition.siteContainers.map((container) =>
    planContainer(container, { definition, options, identity, mainPort, virtualTime }),
  );
  const settings = resolveSettings(definition, options.settings);
  return {
    site: definition.name,
    runId: options.runId,
    instanceId: options.instanceId,
    containers: planned.map(({ plan }) => plan),
    mainContainer: main.name,
    mainPort,
    publishedPorts: publishedPorts(definition, mainPort),
    identity,
    storageAccounts: definition.storageAccounts.map(({ name }) => name),
    // Where component files lie on this machine is lint's to know, no part of a run.
    daprSidecars: definition.daprSidecars.map(
      ({ container, resourcesPath, httpPort, grpcPort, metricsPort }) => ({
        container,
        resourcesPath,
        httpPort,
        grpcPort,
        metricsPort,
      }),
    ),
    schedule: resolveSchedule(options.schedule, names, definition.storageAccounts.length > 0),
    settings,
    ...(resources === undefined ? {} : { resources }),
    ...(virtualTime === undefined ? {} : { virtualTime }),
    differences: [
      ...(virtualTime === undefined ? [] : virtualTimeDifferences(virtualTime)),
      ...platformDifferences(settings),
      ...namespaceDifferences(definition, options),
      ...planned.flatMap(({ differences }) => differences),
    ],
  };
}

interface PlanContext {
  readonly definition: SiteDefinition;
  readonly options: PlanOptions;
  readonly identity: PlannedIdentity | null;
  readonly mainPort: number;
  readonly virtualTime: PlannedVirtualTime | undefined;
}

function planContainer(
  container: SiteContainer,
  context: PlanContext,
): { readonly plan: ContainerPlan; readonly differences: readonly Difference[] } {
  const { name, properties } = container;
  const { instanceId } = context.options;
  const variables = explainEnvironment(container, { ...context, instanceId });
  const own = environmentOf(variables);
  const secretVariables = variables.flatMap(({ name: variable, secret }) =>
    secret === true ? [variable] : [],
  );
  const trust = context.options.trust === null ? undefined : trustAdditions(name, own);
  const placed = context.options.files?.[name] ?? [];
  const targetPort = portOf(container);
  const startUpWords = parseArgsStringToArgv(properties.startUpCommand ?? "");
  const { standIn } = context.options;
  const stood =
    standIn?.container === name
      ? planStandIn(container, standIn, targetPort ?? (properties.isMain ? context.mainPort : undefined))
      : undefined;
  const plan: ContainerPlan = {
    name,
    isMain: properties.isMain,
    image: imageOf(container, imagesWithStandIn(context.options.images, standIn)),
    environment: { ...own, ...trust?.environment, ...clockEnvironment(name, context.virtualTime) },
    ...(secretVariables.length === 0 ? {} : { secretVariables }),
    // A1.4 joins entrypoint and command into one text, so the text stands for both.
    ...(startUpWords.length === 0 || stood !== undefined ? {} : { entrypoint: startUpWords, command: [] }),
    ...(targetPort === undefined ? {} : { targetPort }),
    files: placed,
    mounts: [
      ...planMounts(container, { homeShared: isHomeShared(context.definition.appSettings) }),
      ...(trust === undefined ? [] : [trust.mount]),
    ],
    ...(stood === undefined ? {} : { standIn: stood.standIn }),
  };
  const placedDifferences = placed.map(({ path }) => ({
    subject: name,
    what: `file ${path} placed over the image's`,
    why: "the caller of this run asked for it",
  }));
  return {
    plan,
    differences: [
      ...(stood === undefined ? imageDifferences(container, plan.image) : [stood.difference]),
      ...(trust?.differences ?? []),
      ...placedDifferences,
    ],
  };
}

/** What the platform does otherwise than Azure's, because the caller asked for it. */
function platformDifferences({ platformClock }: PlatformSettings): Difference[] {
  if (platformClock === 1) return [];
  return [
    {
      subject: "platform",
      what: `its long times (start limit, Blocked, health check, idle limit) run ${platformClock} times faster`,
      why: "the caller of this run asked for it",
    },
  ];
}

function namespaceDifferences(definition: SiteDefinition, options: PlanOptions): Difference[] {
  const differences: Difference[] = definition.storageAccounts.map(({ name }) => ({
    subject: "namespace",
    what: `${name}.blob.core.windows.net is the storage emulator`,
    why: "the site's own URL reaches it without a change to the site",
  }));
  if (definition.identity.type !== "None" && options.identity === null) {
    differences.push({
      subject: "namespace",
      what: "the site's identity is not served and its variables are not set",
      why: "the caller of this run asked for it",
    });
  }
  return differences;
}

/** The plan's own size is no difference from the deployment; another one is told by the sku `custom`. */
function resourcesOf(definition: SiteDefinition, options: PlanOptions): PlannedResources | undefined {
  if (options.resources !== undefined) {
    const { cpus, memoryBytes } = options.resources;
    if (cpus > 0 && Number.isFinite(cpus) && memoryBytes >= LEAST_MEMORY && Number.isFinite(memoryBytes)) {
      return { sku: "custom", cpus, memoryBytes };
    }
    throw new SitecarError("SPEC_INVALID", {
      message: `an instance can't have ${cpus} cores and ${memoryBytes} bytes of memory.`,
      remedy: `give more than 0 cores and at least ${LEAST_MEMORY} bytes.`,
    });
  }
  return definition.serverFarm === undefined ? undefined : planResources(definition.serverFarm);
}

function publishedPorts(definition: SiteDefinition, mainPort: number): number[] {
  const dapr = definition.daprSidecars.flatMap(({ httpPort, grpcPort, metricsPort }) => [
    httpPort,
    grpcPort,
    metricsPort,
  ]);
  return [...new Set([mainPort, ...dapr, ...definition.observedPorts])];
}

/** With another mode the platform ignores every site container (A1.11): a run of them would prove nothing. */
function checkMode({ name, siteConfig }: SiteDefinition): void {
  const mode = siteConfig?.linuxFxVersion;
  if (mode === undefined || mode === "" || mode.toLowerCase() === "sitecontainers") return;
  throw new SitecarError("SPEC_INVALID", {
    message: `linuxFxVersion of the site "${name}" is ${JSON.stringify(mode)}; App Service then ignores its site containers (A1.11).`,
    remedy: 'set siteConfig.linuxFxVersion to "sitecontainers".',
  });
}

function findMain(definition: SiteDefinition): SiteContainer {
  const mains = definition.siteContainers.filter(({ properties }) => properties.isMain);
  const [main] = mains;
  if (main !== undefined && mains.length === 1) return main;
  throw new SitecarError("SPEC_INVALID", {
    message: `the site "${definition.name}" has ${mains.length} main containers; it must have one (A1.2).`,
    observations: [
      {
        label: "containers",
        value: definition.siteContainers
          .map(({ name, properties }) => `${name} isMain=${properties.isMain}`)
          .join("\n"),
      },
    ],
    remedy: "set isMain: true on exactly one container.",
  });
}

function portOf({ name, properties }: SiteContainer): number | undefined {
  if (properties.targetPort === undefined) return undefined;
  const port = Number(properties.targetPort);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new SitecarError("SPEC_INVALID", {
    message: `targetPort of the container "${name}" must be a whole number from 1 to 65535, found ${JSON.stringify(properties.targetPort)}.`,
    remedy: 'write a port, for example "8080".',
  });
}

/** @throws {SitecarError} CONTAINER_UNKNOWN. @param what begins the message: "files are given". */
export function checkContainerNames(
  what: string,
  given: Readonly<Record<string, unknown>>,
  names: readonly string[],
): void {
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw new SitecarError("CONTAINER_UNKNOWN", {
    message: `${what} for the container "${unknown}", which the site has not.${didYouMean(unknown, names)}`,
    observations: [{ label: "known", value: names.join(", ") }],
    remedy: "use the name of one of the site's containers.",
  });
}
