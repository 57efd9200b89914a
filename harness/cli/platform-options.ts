import { InvalidArgumentError, Option, type Command } from "commander";
import type { StartSiteOptions } from "../site/start-site.ts";

/** What of the platform a user may say on the command line. */
export interface PlatformOptions {
  readonly instances?: number;
  readonly publicPort?: number;
  readonly platformClock?: number;
  readonly retryStarts: boolean;
}

/** Adds them to a command that starts a site. */
export function addPlatformOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--instances <count>",
        "workers, each a full set of containers (default: what the site's files say)",
      ).argParser(wholeFrom(1)),
    )
    .addOption(
      new Option("--public-port <port>", "the front end's port on 127.0.0.1 (default: a free one)").argParser(
        port,
      ),
    )
    .addOption(
      new Option(
        "--platform-clock <factor>",
        "how much faster the platform's long times run: start limit, Blocked, health check, idle limit; for example 10x",
      ).argParser(factor),
    )
    .option(
      "--retry-starts",
      "try a failed start again, Blocked after three failures, as the platform does",
      false,
    );
}

/** As `startSite` takes them. */
export function platformStartOptions(
  options: PlatformOptions,
): Pick<StartSiteOptions, "instances" | "publicPort" | "settings"> {
  const { instances, publicPort, platformClock, retryStarts } = options;
  return {
    ...(instances === undefined ? {} : { instances }),
    ...(publicPort === undefined ? {} : { publicPort }),
    settings: {
      ...(platformClock === undefined ? {} : { platformClock }),
      ...(retryStarts ? { onStartFailure: "retry" as const } : {}),
    },
  };
}

/** Whole numbers from `least` up. */
export function wholeFrom(least: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least) return value;
    throw new InvalidArgumentError(`it must be a whole number from ${least} up.`);
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
