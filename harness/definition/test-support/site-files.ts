import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { SitecarError } from "../../errors/index.ts";
import { readSite } from "../read-site.ts";

/** A throw-away directory of definition files. */
export class SiteFiles implements AsyncDisposable {
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  static async create(): Promise<SiteFiles> {
    return new SiteFiles(await mkdtemp(path.join(tmpdir(), "sitecar-definition-")));
  }

  /** Writes a text or bytes as they are, everything else as JSON. Gives the file's path. */
  async put(name: string, content: unknown): Promise<string> {
    const file = path.join(this.directory, name);
    const raw = typeof content === "string" || content instanceof Uint8Array;
    await writeFile(file, raw ? content : JSON.stringify(content, undefined, 2));
    return file;
  }

  /** The message that reading a site fails with, as it would be if this directory were the working directory. */
  async failureOf(location: string): Promise<string> {
    const failure: unknown = await readSite(location).then(
      () => "no failure",
      (error: unknown) => error,
    );
    if (!(failure instanceof SitecarError)) {
      throw new TypeError(`no SitecarError: ${String(failure)}`, { cause: failure });
    }
    return failure.message
      .replaceAll(`${this.directory}/`, "")
      .replaceAll(`\n${" ".repeat(this.directory.length + 1)}`, "\n");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }
}
