import { InvalidArgumentError, Option, type Command } from "commander";
import type { SiteDefinition } from "../definition/site-definition.ts";
import { planResources } from "../plan/app-service-plans.ts";
import type { StartSiteOptions } from "../site/start-site.ts";
import type { StartInputs } from "../timeline/saved-inputs.ts";
import type { ImageOptions } from "./site-arguments.ts";

/** What of the platform a user may say on the command line. */
export interface PlatformOptions {
  readonly instances?: number;
  readonly publicPort?: number;
  readonly platformClock?: number;
  readonly home?: string;
  readonly retryStarts: boolean;
  readonly plan?: string;
  /** A text: the output binding that it writes a blob to for each tick. */
  readonly standInMain: boolean | string;
  readonly tap: boolean;
}

/** What stays the same however often a site is started. */
export type InstanceOptions = Pick<PlatformOptions, "instances" | "platformClock" | "plan">;

/** Adds them to a command that starts a site many times. */
export function addInstanceOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--instances <count>",
        "workers, each a full set of containers (default: what the site's files say)",
      ).argParser(wholeFrom(1)),
    )
    .addOption(
      new Option(
        "--platform-clock <factor>",
        "how much faster the platform's long times run: start limit, Blocked, health check, idle limit; for example 10x",
      ).argParser(factor),
    )
    .option("--plan <size>", "the App Service plan's size that all containers share: B1, P1v3, …");
}

/** Adds them to a command that starts a site. */
export function addPlatformOptions(command: Command): Command {
  return addInstanceOptions(command)
    .addOption(
      new Option("--public-port <port>", "the front end's port on 127.0.0.1 (default: a free one)").argParser(
        port,
      ),
    )
    .option(
      "--home <name>",
      "a /home that outlives the run, made when it is not there; keep: the one of the site's name (default: an empty one)",
    )
    .option(
      "--stand-in-main [binding]",
      "sitecar's own program in main's place: answers 200 on its port and misbehaves as faults tell it; with the name of an output binding it creates a blob for each tick",
      false,
    )
    .option("--tap", "see and record every HTTP and gRPC exchange on the loopback: `sitecar tap`", false)
    .option(
      "--retry-starts",
      "try a failed start again, Blocked after three failures, as the platform does",
      false,
    );
}

/** The plan of the command line wins over the site's own. @throws {SitecarError} PLAN_UNKNOWN, also for the site's own */
export function withPlan(definition: SiteDefinition, size: string | undefined): SiteDefinition {
  const { serverFarm: own } = definition;
  const serverFarm = size === undefined ? own : { ...own, sku: { ...own?.sku, name: size } };
  if (serverFarm === undefined) return definition;
  // The plan checks it again; here it fails before an engine is installed or an image built.
  planResources(serverFarm);
  return { ...definition, serverFarm };
}

/** As `startSite` takes them. */
export function platformStartOptions(
  options: InstanceOptions & Partial<PlatformOptions>,
): Pick<StartSiteOptions, "instances" | "publicPort" | "home" | "settings" | "tap"> {
  const { instances, publicPort, platformClock, home, retryStarts, tap } = options;
  return {
    ...(instances === undefined ? {} : { instances }),
    ...(publicPort === undefined ? {} : { publicPort }),
    ...(home === undefined ? {} : { home }),
    ...(tap === true ? { tap } : {}),
    settings: {
      ...(platformClock === undefined ? {} : { platformClock }),
      ...(retryStarts === true ? { onStartFailure: "retry" as const } : {}),
    },
  };
}

/** What of the command line a run is saved with, beside what its site was read from. */
export function startInputsOf({
  instances,
  plan,
  platformClock,
  image,
}: InstanceOptions & ImageOptions): StartInputs {
  return {
    images: image,
    ...(instances === undefined ? {} : { instances }),
    ...(plan === undefined ? {} : { plan }),
    ...(platformClock === undefined ? {} : { platformClock }),
  };
}

/** Whole numbers from `least` up, or to `most`. */
export function wholeFrom(least: number, most = Infinity): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    const to = most === Infinity ? "up" : `to ${most}`;
    throw new InvalidArgumentError(`it must be a whole number from ${least} ${to}.`);
  };
}

function port(text: string): number {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 1 && value <= 65_535) return value;
  throw new InvalidArgumentError("it must be a port from 1 to 65535.");
}

/** `10x`, `10`, `2.5x`. */
function factor(text: string): number {
  const value = /^(?<number>\d{1,6}(?:\.\d{1,3})?)x?$/.exec(text)?.groups?.["number"];
  if (value !== undefined && Number(value) >= 1) return Number(value);
  throw new InvalidArgumentError("write a factor from 1 up, for example 10x.");
}

/** The stand-in main, if it was asked for. */
export function standInOption(
  { siteContainers }: SiteDefinition,
  { standInMain }: Pick<PlatformOptions, "standInMain">,
): Pick<StartSiteOptions, "standIn"> {
  const main = siteContainers.find(({ properties }) => properties.isMain);
  if (standInMain === false || main === undefined) return {};
  const container = main.name;
  if (standInMain === true) return { standIn: { container } };
  return { standIn: { container, writes: { binding: standInMain, client: "sdk", connects: "lazily" } } };
}
