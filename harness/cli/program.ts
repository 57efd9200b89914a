import { Command, CommanderError } from "commander";
import { SitecarError } from "../errors/index.ts";
import { clockCommand } from "./clock.ts";
import { contractCommand } from "./contract.ts";
import { doctorCommand } from "./doctor.ts";
import { explainCommand } from "./explain.ts";
import { exploreCommand } from "./explore.ts";
import { EXIT, exitCodeOf } from "./exit-codes.ts";
import { faultsCommand } from "./faults.ts";
import { imagesCommand } from "./images.ts";
import { initCommand } from "./init.ts";
import { judgeCommand } from "./judge.ts";
import { lintCommand } from "./lint.ts";
import { logsCommand } from "./logs.ts";
import { mergeCommand } from "./merge.ts";
import { replayCommand } from "./replay.ts";
import { pruneCommand } from "./prune.ts";
import { showCommand } from "./show.ts";
import { twinCommand } from "./twin.ts";
import { tapCommand } from "./tap.ts";
import { upCommand } from "./up.ts";
import { packageVersion } from "../shared/package-version.ts";

/** Parses the command line, runs the command, and sets the exit code. */
export async function runProgram(): Promise<void> {
  const program = new Command("sitecar")
    .description("Runs an Azure App Service (Linux) site on this machine as it is deployed.")
    .version(packageVersion())
    .exitOverride()
    .showHelpAfterError();

  for (const command of [
    upCommand(),
    exploreCommand(),
    mergeCommand(),
    replayCommand(),
    judgeCommand(),
    explainCommand(),
    contractCommand(),
    initCommand(),
    showCommand(),
    lintCommand(),
    faultsCommand(),
    clockCommand(),
    twinCommand(),
    logsCommand(),
    tapCommand(),
    doctorCommand(),
    imagesCommand(),
    pruneCommand(),
  ]) {
    program.addCommand(command.exitOverride().showHelpAfterError());
  }

  try {
    await program.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      // commander has printed what is wrong, or the help that was asked for.
      process.exitCode = error.exitCode === 0 ? EXIT.held : EXIT.usage;
    } else {
      process.stderr.write(`${error instanceof SitecarError ? error.message : describeFault(error)}\n`);
      process.exitCode = exitCodeOf(error);
    }
  }
}

/** Not one of ours: a fault of the harness, shown whole. */
function describeFault(error: unknown): string {
  return `sitecar failed in a way it does not know:\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
