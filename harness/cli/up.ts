import { Command, InvalidArgumentError, Option } from "commander";
import { readSite } from "../definition/read-site.ts";
import { SitecarError } from "../errors/index.ts";
import type { SiteDefinition } from "../definition/site-definition.ts";
import { parseStartOptions } from "../schedule/parse-start-options.ts";
import { resolveSchedule } from "../schedule/resolve-schedule.ts";
import { parseDuration } from "../shared/duration.ts";
import { prepareHost } from "../site/host.ts";
import type { RunningSite } from "../site/running-site.ts";
import { startSite } from "../site/start-site.ts";
import type { StopOutcome } from "../site/stop-site.ts";
import { createConsole, formatProgress, seconds, type Console } from "./console.ts";
import { Interrupted, interruptible } from "./interrupt.ts";
import { formatEvent } from "./print-event.ts";
import { collectTicks, formatTicks, untilTicks } from "./ticks.ts";
import { packageVersion } from "./version.ts";

interface UpOptions {
  readonly start: readonly string[];
  readonly untilTicks?: number;
  readonly timeout: number;
  readonly json: boolean;
}

/** `sitecar up`: starts a site and shows what it does until Ctrl-C, or until so many ticks. */
export function upCommand(): Command {
  return new Command("up")
    .description("Start a site and show what it does, until Ctrl-C.")
    .argument("[site]", "a sitecar.json, a spec file, or the folder that holds one", ".")
    .option(
      "--start <container=time>",
      'when a container starts: "dapr=12s", "main=never"; also storage; once for each container',
      (start: string, before: readonly string[]): readonly string[] => [...before, start],
      [],
    )
    .option(
      "--until-ticks <count>",
      "end by itself after so many ticks whose blobs were seen",
      positiveInteger,
    )
    .addOption(
      new Option("--timeout <duration>", "the longest that --until-ticks waits")
        .argParser(duration)
        .default(300_000, "5m"),
    )
    .option("--json", "print one JSON document at the end; everything else goes to standard error", false)
    .action(async (path: string, options: UpOptions) => {
      const interrupt = interruptible();
      try {
        await up(path, options, interrupt.signal);
      } finally {
        interrupt.release();
      }
    });
}

async function up(path: string, options: UpOptions, signal: AbortSignal): Promise<void> {
  const began = performance.now();
  const console = createConsole(options.json);
  const schedule = parseStartOptions(options.start);
  const definition = await readSite(path);
  // The plan checks it again; here it fails before an engine is installed or an image built.
  resolveSchedule(
    schedule,
    definition.siteContainers.map(({ name }) => name),
    definition.storageAccounts.length > 0,
  );
  if (options.untilTicks !== undefined) assertTicks(definition);
  console.note(`sitecar ${packageVersion()}: site "${definition.name}"`);
  let site: RunningSite;
  try {
    site = await bringUp(definition, { console, signal, ...(schedule === undefined ? {} : { schedule }) });
  } catch (error) {
    if (!signal.aborted) throw error;
    console.note("ended before the site was up; nothing is left.");
    if (options.untilTicks !== undefined) throw interrupted();
    return;
  }
  console.note(
    `\n  ${definition.name} is ready after ${seconds(performance.now() - began).trim()}: ${site.url}`,
  );
  console.note(`  record: ${site.runDirectory}\n`);
  let stopped: readonly StopOutcome[] = [];
  let reason: unknown;
  try {
    if (options.untilTicks === undefined) await untilEnd(site, signal);
    else await untilTicks(site, { count: options.untilTicks, timeoutMs: options.timeout, signal });
  } catch (error) {
    reason = error;
  }
  const ticks = collectTicks(site.timeline);
  try {
    console.note(`\n  stopping: SIGTERM to all, SIGKILL after ${site.plan.settings.stopTimeLimitSeconds} s`);
    stopped = await site.stop();
    for (const one of stopped) console.note(`  ${formatStop(one)}`);
  } finally {
    await site[Symbol.asyncDispose]();
  }
  console.note("  everything is removed.\n");
  if (reason === undefined || reason instanceof Interrupted) {
    if (options.json) {
      console.result(
        JSON.stringify(
          {
            site: definition.name,
            run: site.runId,
            url: site.url,
            runDirectory: site.runDirectory,
            ticks,
            stopped,
          },
          undefined,
          2,
        ),
      );
    } else if (ticks.length > 0) console.result(formatTicks(ticks));
  }
  if (reason instanceof Interrupted && options.untilTicks === undefined) return;
  if (reason !== undefined) throw reason instanceof Interrupted ? interrupted() : reason;
}

async function bringUp(
  definition: SiteDefinition,
  {
    console,
    signal,
    schedule,
  }: {
    readonly console: Console;
    readonly signal: AbortSignal;
    readonly schedule?: NonNullable<ReturnType<typeof parseStartOptions>>;
  },
): Promise<RunningSite> {
  const progress = (event: Parameters<typeof formatProgress>[0]): void => console.note(formatProgress(event));
  const host = await prepareHost([definition], { progress, signal });
  const { engine, images, removed } = host;
  console.note(`  engine   ${engine.version}, API ${engine.apiVersion} (${engine.origin})`);
  console.note(`  images   ${images.decision.source}: ${images.decision.reason}`);
  if (removed.length > 0) console.note(`  removed  ${removed.length} things that a dead run had left`);
  const site = await startSite(definition, {
    host,
    signal,
    ...(schedule === undefined ? {} : { schedule }),
    onTimeline: (timeline) => {
      timeline.subscribe((event) => {
        const line = formatEvent(event);
        if (line !== undefined) console.note(line);
      });
    },
  });
  console.note("  the harness adds to the site as deployed:");
  for (const { subject, what } of site.plan.differences) console.note(`    ${subject}: ${what}`);
  return site;
}

/** Until the user ends it, or the run ends by itself: the engine goes away, or a container that nobody stopped. */
async function untilEnd(site: RunningSite, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const end = (): void => {
      const reason: unknown = site.signal.reason;
      if (reason instanceof Interrupted) resolve();
      else reject(reason);
    };
    site.signal.addEventListener("abort", end, { once: true });
    if (site.signal.aborted || signal.aborted) end();
  });
}

function assertTicks(definition: SiteDefinition): void {
  if (definition.daprSidecars.length > 0) return;
  throw new SitecarError("USAGE", {
    message: `--until-ticks counts the ticks of a Dapr binding, and the site "${definition.name}" names no Dapr sidecar.`,
    remedy: "name it in the site's daprSidecars, or leave --until-ticks out.",
  });
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

function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError("it must be a whole number from 1 up.");
  return value;
}

function duration(text: string): number {
  const value = parseDuration(text);
  if (value === undefined || value <= 0) throw new InvalidArgumentError("write a duration: 800ms, 90s, 5m.");
  return value;
}
