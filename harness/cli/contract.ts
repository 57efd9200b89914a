import { Command, InvalidArgumentError, Option } from "commander";
import { parseDuration } from "../shared/duration.ts";
import { runRecord, type RecordOptions } from "./contract/run-record.ts";
import { runVerify, type VerifyOptions } from "./contract/run-verify.ts";
import { interruptible } from "./interrupt.ts";
import { wholeFrom } from "./platform-options.ts";
import { addImageOption, addSiteArguments, pair } from "./site-arguments.ts";

/** `sitecar contract`: the contract between main and its Dapr sidecar as files, in Pact's form. */
export function contractCommand(): Command {
  return new Command("contract")
    .description("The contract of the wire between main and its Dapr sidecar: record it, verify it.")
    .addCommand(recordCommand())
    .addCommand(verifyCommand());
}

function recordCommand(): Command {
  const command = new Command("record")
    .description("Run a site with the tap, or take a run that was tapped, and write its contracts.")
    .option("--out <folder>", "where the two files go", "contracts")
    .option("--run <run>", "a run that was made with the tap, its id or folder, in place of a new one")
    .option("--ticks <count>", "how many ticks a new run goes on for", wholeFrom(2), 3)
    .addOption(
      new Option(
        "--for <duration>",
        "how long a new run goes on after it is ready, in place of --ticks",
      ).argParser(durationOf),
    )
    .option("--main <container>", "the container that daprd calls (default: the site's main)")
    .option("--sidecar <container>", "the container of daprd (default: the site's Dapr sidecar)")
    .option("--json", "print one JSON document; everything else goes to standard error", false)
    .action(async (files: readonly string[], options: RecordOptions) => {
      const interrupt = interruptible();
      try {
        process.exitCode = await runRecord(files, options, interrupt.signal);
      } finally {
        interrupt.release();
      }
    });
  return addImageOption(addSiteArguments(command)).exitOverride().showHelpAfterError();
}

function verifyCommand(): Command {
  return new Command("verify")
    .description(
      "Hold a main, or a sidecar, against recorded contracts, and say field by field what changed.",
    )
    .argument("<contracts...>", "the two files of a recording, or their folder")
    .option(
      "--main [what]",
      "a main: an image, a URL; without either the site's own image, run without daprd",
    )
    .addOption(
      new Option(
        "--sidecar [what]",
        "a sidecar: twin, a version of daprd, an image, a URL; without either the site's own image; repeatable",
      ).argParser((what: string, before: unknown) => [...(Array.isArray(before) ? before : []), what]),
    )
    .option("--site <folder>", "the site whose containers are run", ".")
    .option("--tick-every <duration>", "a sidecar's cron bindings at this interval, to be done sooner: 1s")
    .option(
      "--sidecar-port <port>",
      "where a main at a URL finds its sidecar (default: the recorded one)",
      wholeFrom(1),
    )
    .option(
      "--app-port <port>",
      "where a sidecar at a URL finds its main; without it, it is not looked at",
      wholeFrom(1),
    )
    .option(
      "--header <name=value>",
      "in place of a recorded header, as a token that was masked; repeatable",
      pair,
      {},
    )
    .option("--json", "print one JSON document; everything else goes to standard error", false)
    .action(async (contracts: readonly string[], options: VerifyOptions) => {
      const interrupt = interruptible();
      try {
        process.exitCode = await runVerify(contracts, options, interrupt.signal);
      } finally {
        interrupt.release();
      }
    })
    .exitOverride()
    .showHelpAfterError();
}

function durationOf(text: string): number {
  const value = parseDuration(text);
  if (value === undefined || value <= 0) throw new InvalidArgumentError("write a duration: 800ms, 90s, 5m.");
  return value;
}
