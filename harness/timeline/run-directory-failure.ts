import { SitecarError } from "../errors/index.ts";

/** What to throw when a path of the run's folder can't be made or written. */
export function runDirectoryFailure(path: string, cause: unknown): SitecarError {
  if (cause instanceof SitecarError) return cause;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : undefined;
  const observations = [
    { label: "path", value: path },
    { label: "answer", value: cause instanceof Error ? cause.message : String(cause) },
  ];
  return code === "ENOSPC" || code === "EDQUOT"
    ? new SitecarError("NO_SPACE", {
        message: "no space is left for the record of the run.",
        observations,
        remedy: "free space (`sitecar prune`, old runs), or set SITECAR_RUNS to a directory on another disk.",
        cause,
      })
    : new SitecarError("RUN_DIRECTORY_FAILED", {
        message: "the record of the run can't be written.",
        observations,
        remedy: "make the directory writable, or set SITECAR_RUNS to one that is.",
        cause,
      });
}
