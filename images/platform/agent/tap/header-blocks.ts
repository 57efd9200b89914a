import { decompressor, type Decompressor } from "hpack.js";
import type { WireHeaders } from "../../../../harness/timeline/exchange.ts";

/** Larger than what either side of any connection here agrees on; a table that is too large reads the same. */
const TABLE_BYTES = 1 << 16;

export interface HeaderBlock {
  /** `:method`, `:path`, `:status` and the like, by name. */
  readonly pseudo: ReadonlyMap<string, string>;
  readonly headers: WireHeaders;
}

/** Decompresses the header blocks of one direction: each depends on those before. */
export class HeaderBlocks {
  readonly #decompressor: Decompressor = decompressor.create({ table: { maxSize: TABLE_BYTES } });
  #failure: Error | undefined;

  constructor() {
    this.#decompressor.on("error", (error) => (this.#failure = error));
  }

  /** @throws {Error} for a block that is none; nothing after it can be read. */
  read(block: Buffer): HeaderBlock {
    this.#decompressor.write(block);
    this.#decompressor.execute();
    if (this.#failure !== undefined) throw this.#failure;
    const pseudo = new Map<string, string>();
    const headers: (readonly [string, string])[] = [];
    for (let field = this.#decompressor.read(); field !== null; field = this.#decompressor.read()) {
      if (field.name.startsWith(":")) pseudo.set(field.name, field.value);
      else headers.push([field.name, field.value]);
    }
    return { pseudo, headers };
  }
}
