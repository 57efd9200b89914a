/** The last lines of something that talks a lot, kept for the error when it fails. */
export class OutputTail {
  readonly #limit: number;
  readonly #lines: string[] = [];

  /** @param limit lines kept, default 20 */
  constructor(limit = 20) {
    this.#limit = limit;
  }

  /** Adds text; empty lines are left out. Of a line that overwrites itself (`\r`), only its last state is kept. */
  add(text: string): void {
    for (const line of text.split("\n")) {
      const last = line.trimEnd().split("\r").at(-1)?.trimEnd();
      if (last) this.#lines.push(last);
    }
    this.#lines.splice(0, this.#lines.length - this.#limit);
  }

  get lines(): readonly string[] {
    return this.#lines;
  }

  toString(): string {
    return this.#lines.join("\n");
  }
}
