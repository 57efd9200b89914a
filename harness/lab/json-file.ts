import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";

import { SitecarError, type ErrorCode } from "../errors/index.ts";
import { runDirectoryFailure } from "../timeline/run-directory-failure.ts";

/**
 * An object from a JSON file that sitecar wrote.
 * @param form what its key `sitecar` has to say, for example `schedule/1`.
 * @param code for a file that says something else.
 * @throws {SitecarError} FILE_NOT_READABLE, or `code`.
 */
export async function readJsonFile(
  file: string,
  form: string,
  code: ErrorCode,
): Promise<Readonly<Record<string, unknown>>> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    const reason = cause instanceof Error && "code" in cause ? ` (${String(cause.code)})` : "";
    throw new SitecarError("FILE_NOT_READABLE", {
      message: `${file} can't be read${reason}.`,
      remedy: `name a file that an exploration wrote: ${WRITTEN[kindOf(form)] ?? form}.`,
      cause,
    });
  });
  const invalid = (why: string, cause?: unknown) =>
    new SitecarError(code, {
      message: `${file} is no ${kindOf(form)} of this version of sitecar: ${why}.`,
      remedy: `name a file that an exploration wrote: ${WRITTEN[kindOf(form)] ?? form}.`,
      cause,
    });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error), error);
  }
  if (!isObject(value)) throw invalid("it is no JSON object");
  if (value["sitecar"] !== form) {
    throw invalid(
      `its "sitecar" is ${JSON.stringify(value["sitecar"]) ?? "missing"}, not ${JSON.stringify(form)}`,
    );
  }
  return value;
}

/**
 * Writes beside and renames: a reader, or a process that dies, never sees half a file. Makes the folder.
 * @throws {SitecarError} RUN_DIRECTORY_FAILED, NO_SPACE.
 */
export async function writeJsonFile(file: string, value: unknown): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(`${file}.new`, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600 });
    await rename(`${file}.new`, file);
  } catch (error) {
    throw runDirectoryFailure(file, error);
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const WRITTEN: Readonly<Record<string, string>> = {
  schedule: ".sitecar/explorations/<id>/schedules/<n>-<name>.json",
  exploration: ".sitecar/explorations/<id>/exploration.json",
};

/** `schedule` of `schedule/1`. */
function kindOf(form: string): string {
  return form.split("/", 1)[0] ?? form;
}
