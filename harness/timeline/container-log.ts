import { StringDecoder } from "node:string_decoder";

import { AppendFile } from "./append-file.ts";

export type LogStream = "stdout" | "stderr";

/**
 * One container's output on disk, a line each: `<ISO time> <stdout|stderr> <text>`. Pieces may end anywhere, also
 * inside a character; a line is written when it is complete, the rest when the log closes.
 */
export class ContainerLog {
  readonly #file: AppendFile;
  readonly #pending: Record<LogStream, { readonly decoder: StringDecoder; text: string }> = {
    stdout: { decoder: new StringDecoder("utf8"), text: "" },
    stderr: { decoder: new StringDecoder("utf8"), text: "" },
  };

  /** @param heldBytes see `AppendFile`. */
  constructor(path: string, heldBytes = 0) {
    this.#file = new AppendFile(path, heldBytes);
  }

  /** @param wallMs when it was printed, milliseconds since the epoch; default now. */
  write(stream: LogStream, piece: Uint8Array | string, wallMs: number = Date.now()): void {
    const pending = this.#pending[stream];
    const added = typeof piece === "string" ? piece : pending.decoder.write(Buffer.from(piece));
    const lines = (pending.text + added).split("\n");
    pending.text = lines.pop() ?? "";
    for (const line of lines) this.#line(stream, line, wallMs);
  }

  /** Resolves when every line that is complete can be read. @throws {SitecarError} RUN_DIRECTORY_FAILED, NO_SPACE. */
  async flush(): Promise<void> {
    await this.#file.flush();
  }

  /** @throws {SitecarError} RUN_DIRECTORY_FAILED, NO_SPACE. */
  async close(): Promise<void> {
    for (const stream of ["stdout", "stderr"] as const) {
      const pending = this.#pending[stream];
      const rest = pending.text + pending.decoder.end();
      pending.text = "";
      if (rest !== "") this.#line(stream, rest, Date.now());
    }
    await this.#file.close();
  }

  #line(stream: LogStream, line: string, wallMs: number): void {
    this.#file.append(`${new Date(wallMs).toISOString()} ${stream} ${line.replace(/\r$/, "")}\n`);
  }
}
