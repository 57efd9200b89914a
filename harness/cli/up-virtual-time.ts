import { Option, type Command } from "commander";
import { SitecarError } from "../errors/index.ts";
import { beginOfVirtualTime, type VirtualTimeOptions } from "../plan/virtual-time.ts";
import type { RunningSite } from "../site/running-site.ts";
import type { EventOf } from "../timeline/events.ts";
import { serveClock } from "./clock/clock-service.ts";
import type { TickLine } from "./clock/clock-wish.ts";
import { allWell, formatVirtualTicks } from "./clock/describe-clock.ts";
import { mostTicksOption } from "./clock.ts";
import type { Console } from "./console.ts";

/** What of virtual time a user may say of `sitecar up`. */
export interface VirtualTimeCommandOptions {
  /** A text: when it begins. */
  readonly virtualTime?: true | string;
  readonly advance?: string;
  readonly mostTicks?: number;
  readonly untilTicks?: number;
}

export function addVirtualTimeOptions(command: Command): Command {
  return command
    .option(
      "--virtual-time [start]",
      "cron follows a clock that goes on when it is told to, by `sitecar clock` or --advance; from then on, for example 2026-03-28T00:00:00Z (default: now)",
    )
    .addOption(
      new Option(
        "--advance <span>",
        "when the site is ready let its virtual clock go on by so much (24h, P1M), and end",
      ),
    )
    .addOption(mostTicksOption());
}

/** @throws {SitecarError} USAGE */
export function virtualTimeOf({
  virtualTime,
  advance,
  mostTicks,
  untilTicks,
}: VirtualTimeCommandOptions): VirtualTimeOptions | undefined {
  if (virtualTime === undefined) {
    if (advance === undefined && mostTicks === undefined) return undefined;
    throw usage(
      `${advance === undefined ? "--most-ticks" : "--advance"} is the virtual clock's, and the run has none.`,
      "add --virtual-time.",
    );
  }
  if (advance !== undefined && untilTicks !== undefined) {
    throw usage("--advance and --until-ticks each say when the run ends.", "leave one of them out.");
  }
  const options = virtualTime === true ? {} : { from: virtualTime };
  // The start checks it again; here it fails before an engine is installed or an image built.
  beginOfVirtualTime(options, new Date());
  return options;
}

/** Goes on by what `--advance` says. @throws {SitecarError} as `SiteClock.advance`. */
export async function advanceOnce(
  { clock }: RunningSite,
  { advance = "0s", mostTicks }: VirtualTimeCommandOptions,
  { console, signal }: { readonly console: Console; readonly signal: AbortSignal },
): Promise<void> {
  const began = performance.now();
  const { from, to } = await clock.advance(advance, {
    signal,
    ...(mostTicks === undefined ? {} : { mostTicks }),
  });
  const took = ((performance.now() - began) / 1000).toFixed(1);
  console.note(`\n  virtual time went on from ${from.toISOString()} to ${to.toISOString()} in ${took} s`);
}

/** Lets `sitecar clock` step it, as long as this is not disposed; nothing where the run has no virtual time. */
export async function offerClock(
  { clock, plan, runDirectory, runId }: RunningSite,
  { console, signal }: { readonly console: Console; readonly signal: AbortSignal },
): Promise<AsyncDisposable> {
  if (plan.virtualTime === undefined) return { [Symbol.asyncDispose]: () => Promise.resolve() };
  const service = await serveClock(clock, { runDirectory, signal });
  console.note(
    `  virtual time: ${clock.now().toISOString()}; no tick comes until its clock goes on: sitecar clock advance 24h --run ${runId}\n`,
  );
  return service;
}

/** For the JSON document. */
export function virtualResult({ clock, plan, timeline }: RunningSite): object {
  if (plan.virtualTime === undefined) return {};
  const { from } = plan.virtualTime;
  return {
    virtualTime: { from, to: clock.now().toISOString() },
    virtualTicks: timeline.of("virtual.tick").map(lineOf),
  };
}

/** A table of the ticks of virtual time; `undefined`: the run had none, or no virtual time. */
export function formatVirtualResult({ timeline }: RunningSite): string | undefined {
  const ticks = timeline.of("virtual.tick").map(lineOf);
  return ticks.length === 0 ? undefined : formatVirtualTicks(ticks);
}

export function someVirtualTickFailed({ timeline }: RunningSite): boolean {
  return !allWell(timeline.of("virtual.tick"));
}

function lineOf({
  due,
  instance = "",
  container,
  component,
  outcome,
  latencyMs,
  detail,
}: EventOf<"virtual.tick">): TickLine {
  return {
    due,
    instance,
    container,
    component,
    outcome,
    latencyMs,
    ...(detail === undefined ? {} : { detail }),
  };
}

function usage(message: string, remedy: string): SitecarError {
  return new SitecarError("USAGE", { message, remedy });
}
