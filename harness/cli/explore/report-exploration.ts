import { mkdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { SitecarError } from "../../errors/index.ts";
import type { Exploration } from "../../lab/exploration.ts";
import { reportPage } from "../../lab/report/report-page.ts";
import { verdictOf } from "../../lab/verdict-of.ts";
import { createConsole } from "../console.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { formatExploration, outputWidth } from "./print-exploration.ts";

export interface ReportOptions {
  /** Where `report.html` is written; made when it is not there. */
  readonly directory: string;
  readonly json: boolean;
}

/**
 * Writes the page, prints the result, and says what the exit code is.
 * @throws {SitecarError} RUN_DIRECTORY_FAILED.
 */
export async function reportExploration(
  exploration: Exploration,
  { directory, json }: ReportOptions,
): Promise<ExitCode> {
  const file = path.join(directory, "report.html");
  await writePage(file, reportPage(exploration, path.resolve(directory)));
  const console = createConsole(json);
  console.note(
    `\n${formatExploration(exploration, { width: outputWidth(process.stdout.columns), reportFile: file })}`,
  );
  if (json) console.result(JSON.stringify(exploration, undefined, 2));
  return EXIT[verdictOf(exploration)];
}

/** Writes beside and renames: whoever has the page open never sees half of it. */
async function writePage(file: string, page: string): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true });
    // It quotes what containers print: for its owner, as the runs' folders are.
    await writeFile(`${file}.new`, page, { mode: 0o600 });
    await rename(`${file}.new`, file);
  } catch (error) {
    throw new SitecarError("RUN_DIRECTORY_FAILED", {
      message: "the report can't be written.",
      observations: [
        { label: "path", value: file },
        { label: "answer", value: error instanceof Error ? error.message : String(error) },
      ],
      remedy: "name another folder by --report, or make this one writable.",
      cause: error,
    });
  }
}
