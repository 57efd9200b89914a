import { createWriteStream, type WriteStream } from "node:fs";
import { finished } from "node:stream/promises";

import { runDirectoryFailure } from "./run-directory-failure.ts";

/**
 * A file that grows while a run goes on. Each `append` is handed to the operating system at once and in order, so
 * that a run that dies leaves what it had said. A failure is kept and told by {@link AppendFile.close}: a full disk
 * must not bring down a run in the middle of a callback.
 */
export class AppendFile {
  readonly #path: string;
  readonly #stream: WriteStream;
  #failure: Error | undefined;
  #closed: Promise<void> | undefined;

  constructor(path: string) {
    this.#path = path;
    this.#stream = createWriteStream(path, { flags: "a", mode: 0o600 });
    this.#stream.on("error", (error) => {
      this.#failure ??= error;
    });
  }

  /** Appends a text. After a failure or `close` it is dropped. */
  append(text: string): void {
    if (this.#failure === undefined && this.#closed === undefined) this.#stream.write(text);
  }

  /**
   * Resolves when everything that was appended can be read.
   * @throws {SitecarError} RUN_DIRECTORY_FAILED or NO_SPACE when anything could not be written.
   */
  async flush(): Promise<void> {
    if (this.#closed !== undefined) {
      await this.#closed;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const failed = (error: Error): void => reject(runDirectoryFailure(this.#path, this.#failure ?? error));
      if (this.#failure !== undefined) failed(this.#failure);
      else this.#stream.write("", (error) => (error ? failed(error) : resolve()));
    });
  }

  /** @throws {SitecarError} RUN_DIRECTORY_FAILED or NO_SPACE when anything could not be written. */
  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  async #end(): Promise<void> {
    this.#stream.end();
    try {
      await finished(this.#stream);
    } catch (error) {
      throw runDirectoryFailure(this.#path, this.#failure ?? error);
    }
  }
}
