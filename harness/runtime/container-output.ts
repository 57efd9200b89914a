/** A container's output, cut into lines; the last ones are kept for error messages. */
export interface OutputLine {
  readonly stream: "stdout" | "stderr";
  readonly text: string;
  /** Milliseconds since the epoch when the harness read it. */
  readonly wallMs: number;
}

export type OutputListener = (line: OutputLine) => void;

const KEPT_LINES = 200;

export class ContainerOutput {
  readonly #kept: OutputLine[] = [];
  readonly #listeners = new Set<OutputListener>();
  readonly #endListeners = new Set<() => void>();
  readonly #partial = { stdout: "", stderr: "" };
  readonly #decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  #open = false;

  subscribe(listener: OutputListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The last lines, oldest first. */
  last(count: number): readonly OutputLine[] {
    return this.#kept.slice(-count);
  }

  /** From now on the output of one of its lives is read. */
  begin(): void {
    this.#open = true;
  }

  write(stream: OutputLine["stream"], chunk: Buffer): void {
    const text = this.#partial[stream] + this.#decoders[stream].decode(chunk, { stream: true });
    const lines = text.split("\n");
    this.#partial[stream] = lines.pop() ?? "";
    for (const line of lines) this.#emit(stream, line);
  }

  /** Calls `listener` when the output ends: the container did, or the engine is gone. Once for each of its lives. */
  onEnd(listener: () => void): void {
    this.#endListeners.add(listener);
  }

  /** Resolves when the present life's output has been read to its end, or when `signal` aborts; at once where none is read. */
  async ended(signal: AbortSignal): Promise<void> {
    if (!this.#open || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.#endListeners.delete(done);
        signal.removeEventListener("abort", done);
        resolve();
      };
      this.#endListeners.add(done);
      signal.addEventListener("abort", done, { once: true });
    });
  }

  /** The output ended: what has no line end yet is a line too, and whoever waits for more is told. */
  end(): void {
    this.#open = false;
    this.#flush();
    for (const listener of this.#endListeners) listener();
  }

  #flush(): void {
    for (const stream of ["stdout", "stderr"] as const) {
      const rest = this.#partial[stream];
      this.#partial[stream] = "";
      if (rest !== "") this.#emit(stream, rest);
    }
  }

  #emit(stream: OutputLine["stream"], raw: string): void {
    const line = {
      stream,
      text: raw.endsWith("\r") ? raw.slice(0, -1) : raw,
      wallMs: performance.timeOrigin + performance.now(),
    };
    this.#kept.push(line);
    if (this.#kept.length > KEPT_LINES) this.#kept.shift();
    for (const listener of this.#listeners) listener(line);
  }
}
