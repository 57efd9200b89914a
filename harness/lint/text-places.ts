import type { Place } from "../definition/problems.ts";

/** Turns offsets of a text into places. */
export class TextPlaces {
  readonly #file: string;
  readonly #text: string;
  readonly #lineStarts: readonly number[];

  /** @param file absolute. */
  constructor(file: string, text: string) {
    this.#file = file;
    this.#text = text;
    this.#lineStarts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  }

  /** @param offset counted from 0; one outside of the text is taken for its nearest end. */
  at(offset: number): Place {
    const within = Math.max(0, Math.min(offset, this.#text.length));
    const line = this.#lineOf(within);
    const start = this.#lineStarts[line] ?? 0;
    const end = this.#lineStarts[line + 1] ?? this.#text.length;
    return {
      file: this.#file,
      line: line + 1,
      column: within - start + 1,
      lineText: this.#text.slice(start, end).replace(/\r?\n$/, ""),
    };
  }

  #lineOf(offset: number): number {
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
