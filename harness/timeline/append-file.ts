import { createWriteStream, type WriteStream } from "node:fs";
import { finished } from "node:stream/promises";

import { runDirectoryFailure } from "./run-directory-failure.ts";

/**
 * A file that grows while a run goes on. What is appended is handed to the operating system in order, in the same turn of the
 * event loop, so that a run that dies leaves what it had said; unless it is held back. A failure is kept and told by {@link AppendFile.close}: a full disk
 * must not bring down a run in the middle of a callback.
 */
export class AppendFile {
  readonly #path: string;
  readonly #stream: WriteStream;
  readonly #heldBytes: number;
  #held = "";
  #isDue = false;
  #failure: Error | undefined;
  #closed: Promise<void> | undefined;

  /** @param heldBytes so much is held back until it is written at once, or the file closed. Default: nothing. */
  constructor(path: string, heldBytes = 0) {
    this.#path = path;
    this.#heldBytes = heldBytes;
    this.#stream = createWriteStream(path, { flags: "a", mode: 0o600 });
    this.#stream.on("error", (error) => {
      this.#failure ??= error;
    });
  }

  /** Appends a text. After a failure or `close` it is dropped. */
  append(text: string): void {
    if (this.#failure !== undefined || this.#closed !== undefined) return;
    this.#held += text;
    if (this.#held.length < this.#heldBytes) return;
    if (!this.#isDue) {
      this.#isDue = true;
      process.nextTick(() => this.#writeHeld());
    }
  }

  /** What was appended in one turn is one write. */
  #writeHeld(): void {
    this.#isDue = false;
    const text = this.#held;
    this.#held = "";
    if (text !== "") this.#stream.write(text);
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
      this.#writeHeld();
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
    this.#writeHeld();
    this.#stream.end();
    try {
      await finished(this.#stream);
    } catch (error) {
      throw runDirectoryFailure(this.#path, this.#failure ?? error);
    }
  }
}
