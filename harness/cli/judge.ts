import { Command } from "commander";
import { judgeRun, type JudgeOptions } from "./judge/judge-run.ts";

/** `sitecar judge`: what contracts say of a run that has ended, those that hold too, with what they measured. Starts nothing. */
export function judgeCommand(): Command {
  return new Command("judge")
    .description("Judge a run by contracts: every verdict with its evidence and figures.")
    .argument("[run]", "a run: its id or folder; without it the newest")
    .option("--contracts <module>", "a module with contracts of your own, beside the built-in ones")
    .option("--only <contract>", "judge by this contract alone; repeatable", list, [])
    .option("--without <contract>", "do not judge by this contract; repeatable", list, [])
    .option("--cadence", "also judge the cadence of every cron binding, and show its figures", false)
    .option("--json", "print one JSON document", false)
    .action(async (run: string | undefined, options: JudgeOptions) => {
      process.exitCode = await judgeRun(run, options);
    });
}

function list(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
