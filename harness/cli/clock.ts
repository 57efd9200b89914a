import { Command, Option } from "commander";
import { askClock } from "./clock/ask-clock.ts";
import type { ClockShown, ClockWish, StepWish } from "./clock/clock-wish.ts";
import { allWell, formatVirtualTicks } from "./clock/describe-clock.ts";
import { createConsole } from "./console.ts";
import { EXIT } from "./exit-codes.ts";
import { interruptible } from "./interrupt.ts";
import { wholeFrom } from "./platform-options.ts";

interface ClockOptions {
  readonly run?: string;
  readonly json: boolean;
  readonly await?: "answered" | "started";
  readonly mostTicks?: number;
}

/** `sitecar clock`: shows the virtual clock of a running site, and lets it go on. */
export function clockCommand(): Command {
  const command = new Command("clock").description(
    "Show the virtual clock of a site that `sitecar up --virtual-time` runs, or let it go on.",
  );
  const show = new Command("show").description("What it shows, and when the next tick is due.");
  const advance = new Command("advance")
    .description("Go on by a span, and fire each tick that is due until then.")
    .argument("<span>", "a Go duration (24h, 90s) or one of ISO 8601 (P1D, P1M)");
  const advanceTo = new Command("advance-to")
    .description("Go on to a time, and fire each tick that is due until then.")
    .argument("<time>", "ISO 8601 with its offset: 2026-03-29T01:00:00Z");
  const next = new Command("next").description("Go on to the next tick that is due, and fire it.");
  command.addCommand(
    withOptions(show).action((options: ClockOptions) => run({ do: "show" }, options)),
    { isDefault: true },
  );
  command.addCommand(
    withStepOptions(advance).action((span: string, options: ClockOptions) =>
      run({ do: "advance", span, ...stepOf(options) }, options),
    ),
  );
  command.addCommand(
    withStepOptions(advanceTo).action((time: string, options: ClockOptions) =>
      run({ do: "advance-to", time, ...stepOf(options) }, options),
    ),
  );
  command.addCommand(
    withStepOptions(next).action((options: ClockOptions) => run({ do: "next", ...stepOf(options) }, options)),
  );
  return command;
}

async function run(wish: ClockWish, { run: id, json }: ClockOptions): Promise<void> {
  const interrupt = interruptible();
  try {
    const shown = await askClock(id, wish, interrupt.signal);
    createConsole(json).result(json ? JSON.stringify(shown, undefined, 2) : format(shown));
    if (!allWell(shown.ticks)) process.exitCode = EXIT.broken;
  } finally {
    interrupt.release();
  }
}

function format({ from, now, next, ticks }: ClockShown): string {
  const due =
    next === null ? "nothing is due any more" : `next tick: ${next.component} at ${next.due} (virtual time)`;
  return [
    ...(ticks.length === 0 ? [] : [formatVirtualTicks(ticks), ""]),
    from === undefined ? `virtual time: ${now}` : `virtual time: ${from} → ${now}, ${ticks.length} ticks`,
    due,
  ].join("\n");
}

function stepOf({ await: wait = "answered", mostTicks }: ClockOptions): StepWish {
  return { await: wait, ...(mostTicks === undefined ? {} : { mostTicks }) };
}

function withStepOptions(command: Command): Command {
  return withOptions(command)
    .addOption(mostTicksOption())
    .addOption(
      new Option("--await <what>", "what each tick waits for before the next one is fired")
        .choices(["answered", "started"])
        .default("answered"),
    );
}

function withOptions(command: Command): Command {
  return command
    .option("--run <id>", "a run of .sitecar/runs; without it the newest")
    .option("--json", "print one JSON document", false);
}

/** Also of `sitecar up`. */
export function mostTicksOption(): Option {
  return new Option(
    "--most-ticks <count>",
    "more ticks at once are refused, before the first of them (default: 10000)",
  ).argParser(wholeFrom(1));
}
