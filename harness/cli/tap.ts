import { writeFile } from "node:fs/promises";
import { styleText } from "node:util";
import { Command } from "commander";
import { SitecarError } from "../errors/index.ts";
import { delay } from "../shared/clock.ts";
import { packageVersion } from "../shared/package-version.ts";
import type { TimelineEvent } from "../timeline/events.ts";
import { RunReader } from "../timeline/run-reader.ts";
import { describeExchange, describeGap, type ExchangeLine } from "../wire/describe-exchange.ts";
import { exchangesOf, seenExchange } from "../wire/exchange.ts";
import { toHar } from "../wire/har.ts";
import { notTapped } from "../wire/not-tapped.ts";
import { createConsole } from "./console.ts";
import { interruptible } from "./interrupt.ts";

interface TapOptions {
  readonly run?: string;
  readonly json: boolean;
  readonly har?: string;
}

const LOOK_AGAIN_MS = 200;
const WIDTHS = { at: 14, who: 28, what: 56, outcome: 12 } as const;

/** `sitecar tap`: the exchanges on the loopback of a run that was started with `--tap`. */
export function tapCommand(): Command {
  return new Command("tap")
    .description("Show the HTTP and gRPC exchanges of a run that was started with --tap, until it ends.")
    .argument("[site]", "the newest run of this site; without it of any")
    .option("--run <id>", "a run of .sitecar/runs; it may have ended")
    .option("--json", "one JSON document a line: every exchange, and what was not seen", false)
    .option("--har <file>", "write all of them as an HTTP archive (HAR 1.2) when the run ends, or at Ctrl-C")
    .action(async (site: string | undefined, options: TapOptions) => {
      const interrupt = interruptible();
      try {
        await tap(site, options, interrupt.signal);
      } finally {
        interrupt.release();
      }
    });
}

async function tap(site: string | undefined, options: TapOptions, signal: AbortSignal): Promise<void> {
  const { json, har } = options;
  const reader =
    site === undefined || options.run !== undefined
      ? await RunReader.find(options.run)
      : await RunReader.findOfSite(site);
  const console = createConsole(false);
  const all: TimelineEvent[] = [];
  let isTapped = false;
  for (;;) {
    // Asked before the read: what was seen until the run's end is then in it.
    const goesOn = await reader.goesOn();
    const events = await reader.events();
    if (har !== undefined) all.push(...events);
    isTapped ||= events.some(({ type }) => type === "tap.began");
    if (!isTapped && hasBegun(events)) throw notTapped(reader.id, "run the site with `sitecar up --tap`.");
    for (const event of events) {
      const line = json ? jsonOf(event) : lineOf(event);
      if (line !== undefined) console.result(line);
    }
    if (!goesOn || signal.aborted) break;
    await delay(LOOK_AGAIN_MS, signal).catch(() => undefined);
  }
  if (!isTapped) throw notTapped(reader.id, "run the site with `sitecar up --tap`.");
  if (har !== undefined) await writeHar(har, all);
}

/** The tap is there before anything of the site is started. */
function hasBegun(events: readonly TimelineEvent[]): boolean {
  return events.some(({ type }) => type === "schedule.began");
}

function jsonOf(event: TimelineEvent): string | undefined {
  switch (event.type) {
    case "exchange":
    case "exchange.open":
      return JSON.stringify({ type: event.type, ...seenExchange(event) });
    case "tap.gap":
      return JSON.stringify({ type: event.type, wall: event.wall, tMs: event.tMs, ...event.gap });
    default:
      return undefined;
  }
}

function lineOf(event: TimelineEvent): string | undefined {
  switch (event.type) {
    case "exchange":
    case "exchange.open":
      return formatLine(describeExchange(seenExchange(event)), event.instance);
    case "tap.gap":
      return styleText("yellow", `not seen: ${describeGap(event.gap)}`);
    default:
      return undefined;
  }
}

/** Columns that stay where they are from line to line; what is longer than its column pushes the rest of its line. */
function formatLine(line: ExchangeLine, instance: string | undefined): string {
  const { at, who, what, outcome, took, size, isBad } = line;
  const where = instance === undefined || instance === "0-1" ? "" : `[${instance}] `;
  return [
    styleText("dim", at.padStart(WIDTHS.at)),
    `${where}${who}`.padEnd(WIDTHS.who),
    what.padEnd(WIDTHS.what),
    styleText(isBad ? "red" : "green", outcome.padEnd(WIDTHS.outcome)),
    took.padStart(12),
    size,
  ]
    .join("  ")
    .trimEnd();
}

async function writeHar(file: string, events: readonly TimelineEvent[]): Promise<void> {
  try {
    await writeFile(file, `${JSON.stringify(toHar(exchangesOf(events), packageVersion()), undefined, 2)}\n`);
  } catch (error) {
    throw new SitecarError("USAGE", {
      message: `the HTTP archive can't be written to ${file}.`,
      observations: [{ label: "system", value: error instanceof Error ? error.message : String(error) }],
      remedy: "name a file in a folder that is there and that may be written to.",
      cause: error,
    });
  }
}
