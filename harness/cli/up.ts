import { Command, InvalidArgumentError, Option } from "commander";
import { readSite } from "../definition/read-site.ts";
import { SitecarError } from "../errors/index.ts";
import type { SiteDefinition } from "../definition/site-definition.ts";
import { formatMemory } from "../plan/app-service-plans.ts";
import { describeFault } from "../faults/inject.ts";
import type { Judgement } from "../contracts/contract.ts";
import { checkContainerNames } from "../plan/make-plan.ts";
import { imagesWithStandIn } from "../plan/stand-in-main.ts";
import type { Difference, PlannedResources } from "../plan/site-plan.ts";
import { describeSchedule } from "../schedule/describe-schedule.ts";
import { parseDuration } from "../shared/duration.ts";
import { prepareHost } from "../site/host.ts";
import type { RunningSite } from "../site/running-site.ts";
import { startSite, type StartSiteOptions } from "../site/start-site.ts";
import type { StopOutcome } from "../site/stop-site.ts";
import { createConsole, formatProgress, seconds, type Console } from "./console.ts";
import { EXIT } from "./exit-codes.ts";
import { interruptible } from "./interrupt.ts";
import {
  addPlatformOptions,
  platformStartOptions,
  standInOption,
  startInputsOf,
  withPlan,
  wholeFrom,
  type PlatformOptions,
} from "./platform-options.ts";
import { formatEvent } from "./print-event.ts";
import {
  addImageOption,
  addSiteArguments,
  siteInputsOf,
  type ImageOptions,
  type SiteOptions,
} from "./site-arguments.ts";
import { addScheduleOptions, scheduleOf, type ScheduleOptions } from "./schedule-options.ts";
import { findingsOfRun, formatJudgement } from "./run-findings.ts";
import { savedInputs } from "../timeline/saved-inputs.ts";
import { collectTicks, formatTicks, untilTicks, type TickRow } from "./ticks.ts";
import {
  addVirtualTimeOptions,
  advanceOnce,
  formatVirtualResult,
  offerClock,
  someVirtualTickFailed,
  virtualResult,
  virtualTimeOf,
  type VirtualTimeCommandOptions,
} from "./up-virtual-time.ts";
import { packageVersion } from "../shared/package-version.ts";

interface UpOptions
  extends PlatformOptions, SiteOptions, ImageOptions, ScheduleOptions, VirtualTimeCommandOptions {
  readonly untilTicks?: number;
  readonly timeout: number;
  readonly json: boolean;
}

/** `sitecar up`: starts a site and shows what it does until Ctrl-C, or until so many ticks. */
export function upCommand(): Command {
  const command = new Command("up")
    .description("Start a site and show what it does, until Ctrl-C.")
    .option("--until-ticks <count>", "end by itself after so many ticks whose blobs were seen", wholeFrom(1))
    .addOption(
      new Option("--timeout <duration>", "the longest that --until-ticks waits")
        .argParser(duration)
        .default(300_000, "5m"),
    )
    .option("--json", "print one JSON document at the end; everything else goes to standard error", false)
    .action(async (files: readonly string[], options: UpOptions) => {
      const interrupt = interruptible();
      try {
        await up(files, options, interrupt.signal);
      } finally {
        interrupt.release();
      }
    });
  return addVirtualTimeOptions(
    addPlatformOptions(addScheduleOptions(addImageOption(addSiteArguments(command)))),
  );
}

async function up(files: readonly string[], options: UpOptions, signal: AbortSignal): Promise<void> {
  const began = performance.now();
  const console = createConsole(options.json);
  const inputs = siteInputsOf(files, options, ".");
  const definition = withPlan(await readSite(inputs), options.plan);
  // The plan checks these again; here they fail before an engine is installed or an image built.
  const names = definition.siteContainers.map(({ name }) => name);
  const schedule = await scheduleOf(options, definition);
  checkContainerNames("an image is given", options.image, names);
  if (options.untilTicks !== undefined) assertTicks(definition);
  const virtualTime = virtualTimeOf(options);
  console.note(`sitecar ${packageVersion()}: site "${definition.name}"`);
  let site: RunningSite;
  try {
    site = await begin(definition, {
      console,
      signal,
      start: {
        ...platformStartOptions(options),
        ...standInOption(definition, options),
        ...(virtualTime === undefined ? {} : { virtualTime }),
        images: options.image,
        inputs: savedInputs(inputs, startInputsOf(options)),
        ...(schedule === undefined ? {} : { schedule }),
      },
    });
  } catch (error) {
    if (!signal.aborted) throw error;
    console.note("  ended before the site was created; nothing is left.");
    if (options.untilTicks !== undefined) throw interrupted();
    return;
  }
  let failure: unknown;
  try {
    await site.untilReady();
    console.note(`\n  ready after ${seconds(performance.now() - began).trim()}\n`);
    await using _ = await offerClock(site, { console, signal });
    if (options.advance !== undefined) await advanceOnce(site, options, { console, signal });
    else if (options.untilTicks === undefined) await untilEnd(site);
    else await untilTicks(site, { count: options.untilTicks, timeoutMs: options.timeout, signal });
  } catch (error) {
    failure = error;
  }
  const interruptedByUser = signal.aborted;
  const ticks = collectTicks(site.timeline);
  const { stopped, failures } = await end(site, console);
  // What ended the run is the error to tell; what went wrong on the way out stands beside it.
  const [first, ...later] = failure === undefined || interruptedByUser ? failures : [failure, ...failures];
  for (const error of later) console.note(`  ${messageOf(error).replaceAll("\n", "\n  ")}`);
  if (first !== undefined) throw first;
  const findings = findingsOfRun(site.timeline);
  report(site, { ticks, stopped, findings, json: options.json, console });
  // Who ends an endless run has seen enough; one that ends by itself is a check, and this is its verdict.
  const isCheck = options.untilTicks !== undefined || options.advance !== undefined;
  if (isCheck && (findings.length > 0 || someVirtualTickFailed(site))) process.exitCode = EXIT.broken;
  if (interruptedByUser && isCheck) throw interrupted();
}

/** Stops the site as the platform does, and removes everything of it, whether or not it could be stopped. */
async function end(
  site: RunningSite,
  console: Console,
): Promise<{ readonly stopped: readonly StopOutcome[]; readonly failures: readonly unknown[] }> {
  console.note(`\n  stopping: SIGTERM to all, SIGKILL after ${site.plan.settings.stopTimeLimitSeconds} s`);
  let stopped: readonly StopOutcome[] = [];
  const failures: unknown[] = [];
  try {
    stopped = (await site.conclude()).stopped ?? [];
    for (const one of stopped) console.note(`  ${formatStop(one)}`);
  } catch (error) {
    failures.push(error);
  }
  try {
    await site[Symbol.asyncDispose]();
  } catch (error) {
    failures.push(error);
  }
  return { stopped, failures };
}

function report(
  site: RunningSite,
  {
    ticks,
    stopped,
    findings,
    json,
    console,
  }: {
    readonly ticks: readonly TickRow[];
    readonly stopped: readonly StopOutcome[];
    readonly findings: readonly Judgement[];
    readonly json: boolean;
    readonly console: Console;
  },
): void {
  console.note("  everything is removed.\n");
  if (json) {
    const { url, runDirectory } = site;
    const document = {
      site: site.definition.name,
      run: site.runId,
      url,
      runDirectory,
      ...virtualResult(site),
      ticks,
      stopped,
      findings,
    };
    console.result(JSON.stringify(document, undefined, 2));
    return;
  }
  const virtual = formatVirtualResult(site);
  if (virtual !== undefined) console.result(virtual);
  else if (ticks.length > 0) console.result(formatTicks(ticks));
  for (const finding of findings) console.result(`\n${formatJudgement(finding)}`);
}

/** Prepares the machine, creates the site and begins its schedule; shows what happens from then on. */
async function begin(
  definition: SiteDefinition,
  {
    console,
    signal,
    start,
  }: {
    readonly console: Console;
    readonly signal: AbortSignal;
    readonly start: StartSiteOptions;
  },
): Promise<RunningSite> {
  const progress = (event: Parameters<typeof formatProgress>[0]): void => console.note(formatProgress(event));
  const images = imagesWithStandIn(start.images, start.standIn) ?? {};
  const virtualTime = start.virtualTime !== undefined;
  const host = await prepareHost([definition], { progress, signal, images, virtualTime });
  const { engine, removed } = host;
  console.note(`  engine   ${engine.version}, API ${engine.apiVersion} (${engine.origin})`);
  console.note(`  images   ${host.images.decision.source}: ${host.images.decision.reason}`);
  if (removed.length > 0) console.note(`  removed  ${removed.length} things that a dead run had left`);
  const site = await startSite(definition, {
    ...start,
    host,
    signal,
    until: "scheduled",
    onTimeline: (timeline) => {
      timeline.subscribe((event) => {
        const line = formatEvent(event);
        if (line !== undefined) console.note(line);
      });
    },
  });
  console.note(`\n  ${definition.name}: ${site.url} (the front end: holds requests until main is warm)`);
  console.note(`  record: ${site.runDirectory}`);
  const { resources, schedule } = site.plan;
  if (start.schedule !== undefined) {
    console.note(`  schedule: ${describeSchedule(schedule, { describeFault })}`);
  }
  if (resources !== undefined) console.note(`  plan ${formatResources(resources)}`);
  console.note("  the harness adds to the site as deployed:");
  for (const line of formatDifferences(site.plan.differences)) console.note(`    ${line}`);
  console.note("");
  return site;
}

/** Until the user ends it, or the run ends by itself: the engine goes away. Rejects with what ended it. */
async function untilEnd(site: RunningSite): Promise<never> {
  return await new Promise((_resolve, reject) => {
    const onAbort = (): void => reject(site.signal.reason);
    if (site.signal.aborted) onAbort();
    else site.signal.addEventListener("abort", onAbort, { once: true });
  });
}

function formatResources({ sku, cpus, memoryBytes }: PlannedResources): string {
  return `${sku}: ${cpus} ${cpus === 1 ? "core" : "cores"} and ${formatMemory(memoryBytes)} for all containers together`;
}

/** One line for what is the same in several containers. */
function formatDifferences(differences: readonly Difference[]): readonly string[] {
  return [...Map.groupBy(differences, ({ what }) => what)].map(
    ([what, same]) => `${same.map(({ subject }) => subject).join(", ")}: ${what}`,
  );
}

function assertTicks(definition: SiteDefinition): void {
  if (definition.daprSidecars.length > 0) return;
  throw new SitecarError("USAGE", {
    message: `--until-ticks counts the ticks of a Dapr binding, and the site "${definition.name}" names no Dapr sidecar.`,
    remedy: "name it in the site's daprSidecars, or leave --until-ticks out.",
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function interrupted(): SitecarError {
  return new SitecarError("RUN_STOPPED", {
    message: "the command was ended before all ticks were seen.",
    remedy: "let it run on, or ask for fewer ticks.",
  });
}

function formatStop({ container, exitCode, afterMs, killed }: StopOutcome): string {
  const how = killed ? "killed at the end of the grace" : "ended by itself";
  return `${container.padEnd(10)} exit ${String(exitCode).padStart(3)} after ${seconds(afterMs)}  ${how}`;
}

function duration(text: string): number {
  const value = parseDuration(text);
  if (value === undefined || value <= 0) throw new InvalidArgumentError("write a duration: 800ms, 90s, 5m.");
  return value;
}
