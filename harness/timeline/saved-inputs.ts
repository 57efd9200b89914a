import path from "node:path";
import type { SiteInput, SiteInputs } from "../definition/inputs/input-kind.ts";

/**
 * What a site was read from and how it was started, as it is saved with a run, so that the run can be made again. Values that
 * were given beside the files are named only: they may be secrets.
 */
export interface SavedInputs {
  /** Absolute; relative files are from there. */
  readonly workingDirectory: string;
  readonly files: readonly SiteInput[];
  readonly site?: string;
  readonly slot?: string;
  readonly mainService?: string;
  /** Names of what `--set` gave. Absent: none. */
  readonly supplied?: readonly string[];
  /** By container. */
  readonly images?: Readonly<Record<string, string>>;
  readonly instances?: number;
  /** The App Service plan's size. */
  readonly plan?: string;
  readonly platformClock?: number;
  /** Cron bindings are shortened to this. */
  readonly tickEvery?: string;
}

/** What of {@link SavedInputs} says how a site is started, not what it is read from. */
export type StartInputs = Pick<SavedInputs, "images" | "instances" | "plan" | "platformClock" | "tickEvery">;

/** @param workingDirectory default the process's own */
export function savedInputs(
  { files, supplied, site, slot, mainService }: SiteInputs,
  start: StartInputs = {},
  workingDirectory = process.cwd(),
): SavedInputs {
  const names = Object.keys(supplied ?? {});
  const images = Object.keys(start.images ?? {}).length > 0;
  const { images: given, ...rest } = start;
  return {
    workingDirectory,
    files: files.map((input) => (typeof input === "string" ? { file: input } : input)),
    ...(site === undefined ? {} : { site }),
    ...(slot === undefined ? {} : { slot }),
    ...(mainService === undefined ? {} : { mainService }),
    ...(names.length === 0 ? {} : { supplied: names }),
    ...(images && given !== undefined ? { images: given } : {}),
    ...rest,
  };
}

/** The files as they can be read from the process's working directory, with what was supplied beside them. */
export function siteInputsFrom(
  { workingDirectory, files, site, slot, mainService }: SavedInputs,
  supplied: Readonly<Record<string, string>> = {},
): SiteInputs {
  return {
    files: files.map(({ file, ...kind }) => ({ file: fromHere(workingDirectory, file), ...kind })),
    supplied,
    ...(site === undefined ? {} : { site }),
    ...(slot === undefined ? {} : { slot }),
    ...(mainService === undefined ? {} : { mainService }),
  };
}

/** Relative where it can be: that is what the user wrote, and what messages name. */
function fromHere(workingDirectory: string, file: string): string {
  return workingDirectory === process.cwd() ? file : path.resolve(workingDirectory, file);
}
