import { readComponentFile, type DaprComponent } from "../dapr/component-files.ts";
import { withCronInterval } from "../dapr/cron-interval.ts";
import type { SiteDefinition } from "../definition/site-definition.ts";
import { SitecarError } from "../errors/index.ts";
import type { PlannedFile } from "../plan/site-plan.ts";
import { Deadline, poll } from "../shared/clock.ts";
import type { ProgressSink } from "../shared/progress.ts";
import type { RunningSite } from "../site/running-site.ts";
import { startSite } from "../site/start-site.ts";
import { COMPONENTS_PATH, mainAlone, sidecarAlone, type SideAlone } from "./alone.ts";
import type { ActualRequest } from "./pact-file.ts";
import { PlayedSide } from "./played-side.ts";
import type { PactPair } from "./read-pair.ts";
import { RelayLink } from "./relay-link.ts";
import { RELAY_PORT } from "./relay-program.ts";
import { readComponentTexts } from "./component-texts.ts";
import { shortestBetweenTicks } from "./tick-spacing.ts";
import type { EventOf } from "../timeline/events.ts";
import type { Ask, Verification } from "./verification.ts";
import { verifyMain } from "./verify-main.ts";
import { untilAsked, verifySidecar } from "./verify-sidecar.ts";

export interface VerifyContainersOptions {
  readonly site: SiteDefinition;
  readonly pacts: PactPair;
  readonly headers?: Readonly<Record<string, string>>;
  readonly runsDirectory?: string;
  readonly progress?: ProgressSink;
  readonly signal?: AbortSignal;
}

/** How long daprd may take until it is up: longer than it tries to reach its storage. */
const API_MS = 60_000;
/** Between daprd's API and its first question to main lies what it needs to find main. */
const SETTLE_MS = 5_000;

/**
 * Runs a main alone, a relay in its sidecar's place, and holds it against the contracts.
 * @param image in the place of the site's own.
 * @throws {SitecarError} what `startSite` throws: a main that never answers is WARM_UP_TIMED_OUT.
 */
export async function verifyMainContainer(
  image: string | undefined,
  { site, pacts, headers, ...start }: VerifyContainersOptions,
): Promise<Verification> {
  const from = pacts.toMain.metadata.sitecar;
  const alone = mainAlone(site, from, image);
  const sidecar = new PlayedSide(pacts.toSidecar);
  return await withLink(alone, sidecar, start, async (link) =>
    verifyMain({
      against: image ?? imageOf(site, from.main),
      toMain: pacts.toMain,
      ask: link.ask(from.appPort ?? 9000),
      sidecar,
      ...(headers === undefined ? {} : { headers }),
    }),
  );
}

export interface VerifiedSidecar {
  /** Of daprd: its own image is run with the site's component files. */
  readonly version?: string;
  /** In the place of the site's sidecar. Neither: the site's own. */
  readonly image?: string;
  /** Every cron binding at this interval, a Go duration, to be done sooner. */
  readonly tickEvery?: string;
  /** Component files beside those that the site names; one of the same file name takes its place. */
  readonly components?: readonly PlannedFile[];
}

/**
 * Runs a sidecar with its storage and identity, a relay in main's place, and holds it against the contracts.
 * @throws {SitecarError} what `startSite` throws; CONTAINER_EXITED_DURING_START, WAIT_TIMED_OUT where daprd's API does not come
 * up; USAGE where the site does not name its component files.
 */
export async function verifySidecarContainer(
  sidecar: VerifiedSidecar,
  { site, pacts, headers, ...start }: VerifyContainersOptions,
): Promise<Verification> {
  const from = pacts.toMain.metadata.sitecar;
  const components = await placedComponents(site, from.sidecar, sidecar);
  const alone = sidecarAlone(site, from, { ...sidecar, components });
  const main = new PlayedSide(pacts.toMain);
  const parsed = components.flatMap(
    ({ path, content }) => readComponentFile(path, Buffer.from(content)).components,
  );
  return await withLink(alone, main, start, async (link, running) => {
    const { signal } = running;
    const ask = link.ask(from.daprPort ?? 3500);
    await untilApi(ask, running, from.sidecar);
    return await verifySidecar({
      against:
        sidecar.version === undefined
          ? (sidecar.image ?? imageOf(site, from.sidecar))
          : `daprd ${sidecar.version}`,
      toSidecar: pacts.toSidecar,
      ask,
      main,
      ...(headers === undefined ? {} : { headers }),
      shortestMs: (binding) => shortestBetweenTicks(parsed, binding),
      untilAsked: () => untilAsked(main, signal, waitFor(parsed)),
      isPlatforms,
    });
  });
}

async function withLink(
  { definition, options }: SideAlone,
  side: PlayedSide,
  start: Pick<VerifyContainersOptions, "runsDirectory" | "progress" | "signal">,
  verify: (link: RelayLink, site: RunningSite) => Promise<Verification>,
): Promise<Verification> {
  // A side that ends is told; the platform would start everything again meanwhile.
  const settings = { onContainerExitAfterStart: "leave" } as const;
  await using site = await startSite(definition, { ...start, ...options, settings, until: "scheduled" });
  await using link = new RelayLink(site.publishedPort(RELAY_PORT), side);
  await site.untilReady();
  return await verify(link, site);
}

/** The component files of the site, as they are placed for a daprd that has none of its own, or to shorten its schedules. */
async function placedComponents(
  site: SiteDefinition,
  container: string,
  { version, tickEvery, components = [] }: VerifiedSidecar,
): Promise<readonly PlannedFile[]> {
  const sidecar = site.daprSidecars.find((one) => one.container === container);
  const directory = version === undefined ? (sidecar?.resourcesPath ?? COMPONENTS_PATH) : COMPONENTS_PATH;
  const own = new Map(
    [...(await readComponentTexts(site, container)), ...components].map((file) => [
      baseName(file.path),
      file,
    ]),
  );
  return [...own].map(([name, { content, mode }]) => ({
    path: `${directory}/${name}`,
    content: tickEvery === undefined ? content : withCronInterval(content, tickEvery).text,
    mode,
  }));
}

async function untilApi(ask: Ask, site: RunningSite, sidecar: string): Promise<void> {
  const health: ActualRequest = {
    method: "GET",
    // Not /outbound: daprd has found its main, as it had when it was asked what is stated.
    path: "/v1.0/healthz",
    headers: [],
    body: Buffer.alloc(0),
  };
  let ended: EventOf<"container.exited"> | undefined;
  const up = await poll(
    async () => {
      ended = site.timeline.of("container.exited").find(({ container }) => container === sidecar);
      return ended !== undefined || (await ask(health)).status === 204 ? true : undefined;
    },
    { deadline: Deadline.in(API_MS), signal: site.signal },
  );
  const remedy = `read its last lines in ${site.runDirectory}/logs/${sidecar}.log`;
  if (ended !== undefined) {
    throw new SitecarError("CONTAINER_EXITED_DURING_START", {
      message: `the sidecar "${sidecar}" ended with exit code ${ended.exitCode} before its API was up.`,
      remedy,
    });
  }
  if (up.met) return;
  throw new SitecarError("WAIT_TIMED_OUT", {
    message: `the API of the sidecar "${sidecar}" did not come up within ${API_MS / 1000} s.`,
    observations: [
      {
        label: "last",
        value:
          up.lastFailure instanceof Error
            ? up.lastFailure.message
            : `${health.path} answered, but not with 204`,
      },
    ],
    remedy,
  });
}

function baseName(file: string): string {
  return file.slice(file.lastIndexOf("/") + 1);
}

/** Three times the longest interval: the first tick comes after one, and what is late is to be seen as such. */
function waitFor(components: readonly DaprComponent[]): number | undefined {
  const intervals = components.flatMap(({ name }) => shortestBetweenTicks(components, name) ?? []);
  return intervals.length === 0 ? undefined : Math.max(...intervals) * 3 + SETTLE_MS;
}

/** App Service's pings of main (A2.6). */
function isPlatforms({ headers }: ActualRequest): boolean {
  return headers.some(
    ([name, value]) => name.toLowerCase() === "user-agent" && value.startsWith("HealthCheck/"),
  );
}

function imageOf({ siteContainers }: SiteDefinition, container: string): string {
  return siteContainers.find(({ name }) => name === container)?.properties.image ?? container;
}
