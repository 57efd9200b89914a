import { Command } from "commander";
import { SitecarError } from "../errors/index.ts";
import { delay } from "../shared/clock.ts";
import { didYouMean } from "../shared/nearest.ts";
import { RunReader, type LoggedLine } from "../timeline/run-reader.ts";
import { createConsole } from "./console.ts";
import { interruptible } from "./interrupt.ts";

interface LogsOptions {
  readonly follow: boolean;
  readonly run?: string;
}

const LOOK_AGAIN_MS = 200;

/** `sitecar logs`: what the containers of a run print, and the platform's own lines. */
export function logsCommand(): Command {
  return new Command("logs")
    .description("Show what the containers of a run print, and what the platform says of them.")
    .argument("[container]", "only this one: a container's name, or platform for the platform's own lines")
    .option("-f, --follow", "go on until the run ends, or Ctrl-C", false)
    .option("--run <id>", "a run of .sitecar/runs; without it the newest")
    .action(async (container: string | undefined, options: LogsOptions) => {
      const interrupt = interruptible();
      try {
        await logs(container, options, interrupt.signal);
      } finally {
        interrupt.release();
      }
    });
}

async function logs(
  container: string | undefined,
  { follow, run }: LogsOptions,
  signal: AbortSignal,
): Promise<void> {
  const console = createConsole(false);
  const reader = await RunReader.find(run);
  if (container !== undefined) await assertKnown(reader, container);
  for (;;) {
    // Asked before the read: what was printed until the run's end is then in it.
    const goesOn = follow && (await reader.goesOn());
    const lines = await reader.read(container);
    if (lines.length > 0) console.result(lines.map((line) => format(line, container)).join("\n"));
    if (!goesOn || signal.aborted) return;
    await delay(LOOK_AGAIN_MS, signal).catch(() => undefined);
  }
}

async function assertKnown(reader: RunReader, container: string): Promise<void> {
  const known = await reader.sources();
  if (known.some((source) => source === container || source.startsWith(`${container}.`))) return;
  throw new SitecarError("CONTAINER_UNKNOWN", {
    message: `the run ${reader.id} has no container "${container}".${didYouMean(container, known)}`,
    observations: [{ label: "known", value: known.join(", ") }],
    remedy: "name one of these, or none for all.",
  });
}

/** Whose line it is, where there may be several. */
function format({ source, wall, text }: LoggedLine, only: string | undefined): string {
  return source === only ? `${wall} ${text}` : `${wall} ${source.padEnd(10)} | ${text}`;
}
