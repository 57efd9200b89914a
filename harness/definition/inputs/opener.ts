import { stat } from "node:fs/promises";
import path from "node:path";

import type { SitecarError } from "../../errors/index.ts";
import type { Place, Problems } from "../problems.ts";
import { fileNotReadable, SourceFile, type SourceFailure } from "../source-file.ts";
import { Value } from "../value.ts";
import { SITE_FILES } from "./recognise.ts";

/** Opens a site's files, remembers which, and takes down what can't be opened instead of throwing it. */
export class Opener {
  readonly problems: Problems;
  /** Absolute, in the order in which they are first read. */
  readonly files: string[] = [];
  /** What could not be opened, each as the error that a reader of this file alone would have. */
  readonly failures: SitecarError[] = [];

  constructor(problems: Problems) {
    this.problems = problems;
  }

  /** A file, or the site file of a folder. `undefined`: it can't be opened, which has been reported. */
  async open(location: string, namedAt?: Place): Promise<Value | undefined> {
    const file = await siteFileOf(location, namedAt);
    if (typeof file !== "string") return this.#fail(file);
    const source = await SourceFile.open(file, namedAt);
    if (!(source instanceof SourceFile)) return this.#fail(source);
    if (!this.files.includes(file)) this.files.push(file);
    return Value.root(source, this.problems, "");
  }

  /** The file that a value of another one names, called as the value is. */
  async follow(value: Value): Promise<Value | undefined> {
    const relative = value.text();
    if (relative === undefined) return undefined;
    const file = path.resolve(path.dirname(value.source.path), relative);
    return (await this.open(file, value.place))?.called(value.name);
  }

  #fail({ error, message, place }: SourceFailure): undefined {
    this.failures.push(error);
    this.problems.add({ place, message, remedy: error.remedy });
    return undefined;
  }
}

async function siteFileOf(location: string, namedAt: Place | undefined): Promise<string | SourceFailure> {
  try {
    if (!(await stat(location)).isDirectory()) return location;
  } catch (cause) {
    return fileNotReadable(location, cause, namedAt);
  }
  for (const name of SITE_FILES) {
    const file = path.join(location, name);
    const found = await stat(file).then(
      (stats) => stats.isFile(),
      () => false,
    );
    if (found) return file;
  }
  const cause = `it is a directory without ${SITE_FILES.join(", ")}`;
  return fileNotReadable(location, cause, namedAt);
}
