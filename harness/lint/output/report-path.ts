import path from "node:path";
import { pathToFileURL } from "node:url";

/**
 * A file's path for a report: relative to the working directory with slashes where it lies below it, so that a report is
 * the same on every machine; else absolute.
 */
export function reportPath(file: string, workingDirectory: string): string {
  const relative = path.relative(workingDirectory, file);
  const below = relative !== "" && !relative.startsWith("..") && !path.isAbsolute(relative);
  return (below ? relative : file).replaceAll(path.sep, "/");
}

/** The same as a URI: relative, or `file:` where it is absolute. */
export function reportUri(file: string, workingDirectory: string): string {
  const shown = reportPath(file, workingDirectory);
  return path.isAbsolute(shown)
    ? pathToFileURL(file).href
    : shown.split("/").map(encodeURIComponent).join("/");
}
